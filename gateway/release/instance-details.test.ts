import { expect, it } from 'vitest'
import { type InstanceDetails, detailsOf } from './instance-details.ts'

const details: InstanceDetails = {
  version: '1.2.3',
  started_at: '2026-11-23T09:00:00.000Z',
  missing_secrets: [{ connection: 'a', reads: null }],
  generations: [
    {
      generation: 2,
      revision: 'file-012345678901',
      state: 'serving',
      requests: 1,
      finished: 2,
      finished_after: 0,
      cut: 0,
      superseded_by: null,
    },
  ],
  last_reload: { at: '2026-11-23T09:00:00.000Z', accepted: false, problem: 'no' },
  source: { kind: 'store', name: 'file:.aigw', state: 'lost', since: '', problem: 'gone', head: 3 },
  targets: [{ target: 'a/x', breaker: 'open', held_back_by: 'breaker_open', until: null, latency_ms: 3 }],
  targets_known: 1,
  requests: { served: 1, failed: 0, broken: 0, abandoned: 0, cut: 0, refused: 0 },
  spool: null,
}

it('are read back as they were written', () => {
  const written: unknown = JSON.parse(JSON.stringify({ process: 'p', ...details, another: 1 }))
  expect(detailsOf(written)).toEqual(details)
})

it('of another version are read as far as they can be, and nothing that is not understood is passed on', () => {
  const other = {
    ...details,
    version: 7,
    source: { ...details.source, state: 'on_fire' },
    generations: [{ generation: 1 }, ...details.generations, null],
    requests: { served: 'many' },
    targets: 'none',
  }
  const { version: _version, source: _source, requests: _requests, targets: _targets, ...rest } = details
  expect(detailsOf(other)).toEqual(rest)
})

it.each([[null], [undefined], ['text'], [7], [[]]])('of %j are none', (value) => {
  expect(detailsOf(value)).toEqual({})
})
