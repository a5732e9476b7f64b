/**
 * What a gateway process says about itself: through the store while it has one, and on its admin listener always.
 * `apply` and `status` read nothing else, so every sentence they print about the fleet stands on these fields.
 */

/** An integer from a store; `file-` and 12 hex digits of the hash when a gateway serves a bare file. */
export type Revision = number | string

export interface InstanceReport {
  /** Unique per process life: a restarted gateway is another instance. Letters, digits, `.`, `_` and `-` only. */
  readonly process: string
  readonly pid: number
  readonly host: string
  /** Where applications reach it. */
  readonly url: string
  /** What new requests are served with; null before the first release. */
  readonly revision: Revision | null
  readonly hash: string | null
  /** Counts the tables this process has had, from 1; 0 before the first. */
  readonly generation: number
  readonly ready: boolean
  /** Why it is not ready, or why it stayed on an older release; one sentence. */
  readonly problem: string | null
  /** Its answer to the candidate it saw last. */
  readonly candidate: CandidateAnswer | null
  /** Requests under way, on all revisions together. */
  readonly inFlight: number
  /** Requests still running on revisions it no longer gives to new ones. */
  readonly draining: readonly DrainingRevision[]
  /** When, in Unix milliseconds: by the gateway's own clock as it reports, by the reader's as a store gives it back. */
  readonly at: number
}

export interface CandidateAnswer {
  readonly id: string
  readonly accepted: boolean
  /** Why not, one sentence each; empty when accepted. */
  readonly problems: readonly string[]
}

export interface DrainingRevision {
  readonly revision: Revision
  readonly requests: number
}

/** Requests that run on after the revision they started on was replaced. */
export function drainingRequests({ draining }: Pick<InstanceReport, 'draining'>): number {
  return draining.reduce((sum, { requests }) => sum + requests, 0)
}

/** How long a report stands without being renewed; a process that is gone longer counts as gone. */
export const instanceLeaseMs = 10_000

const processName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** Becomes a file name and a key, so it may not hold a path. */
export function isProcessName(name: string): boolean {
  return processName.test(name)
}

/** Reads what another process (perhaps of another version) wrote; null when it is no report we understand. */
export function parseInstanceReport(text: string): InstanceReport | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return isInstanceReport(value) ? value : null
}

/** Has the value every field of a report? It may have more. */
export function isInstanceReport(value: unknown): value is InstanceReport {
  return (
    isObject(value) &&
    typeof value['process'] === 'string' &&
    isProcessName(value['process']) &&
    typeof value['pid'] === 'number' &&
    typeof value['host'] === 'string' &&
    typeof value['url'] === 'string' &&
    (value['revision'] === null || isRevision(value['revision'])) &&
    (value['hash'] === null || typeof value['hash'] === 'string') &&
    typeof value['generation'] === 'number' &&
    typeof value['ready'] === 'boolean' &&
    (value['problem'] === null || typeof value['problem'] === 'string') &&
    (value['candidate'] === null || isCandidateAnswer(value['candidate'])) &&
    typeof value['inFlight'] === 'number' &&
    Array.isArray(value['draining']) &&
    value['draining'].every(isDrainingRevision) &&
    typeof value['at'] === 'number'
  )
}

function isCandidateAnswer(value: unknown): value is CandidateAnswer {
  return (
    isObject(value) &&
    typeof value['id'] === 'string' &&
    typeof value['accepted'] === 'boolean' &&
    Array.isArray(value['problems']) &&
    value['problems'].every((problem) => typeof problem === 'string')
  )
}

function isDrainingRevision(value: unknown): value is DrainingRevision {
  return isObject(value) && isRevision(value['revision']) && typeof value['requests'] === 'number'
}

function isRevision(value: unknown): value is Revision {
  return typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
