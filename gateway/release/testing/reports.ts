/** Reports of gateways that are nowhere. */
import type { InstanceReport } from '../instance.ts'
import { draftNamed } from './drafts.ts'

export function reportOf(process: string, revision: number): InstanceReport {
  return {
    process,
    pid: 1,
    host: 'here',
    url: 'http://127.0.0.1:8080',
    revision,
    hash: draftNamed('a').hash,
    generation: revision,
    ready: true,
    problem: null,
    candidate: { id: 'one', accepted: false, problems: ['the key is missing'] },
    inFlight: 3,
    draining: [{ revision: revision - 1, requests: 2 }],
    at: 1_700_000_000_000,
  }
}
