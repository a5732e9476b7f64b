/** Opens the audit trail, and says what it has to say for itself: what was mended, and when it cannot be written. */
import { type SpoolGap, describeDropped } from '../../spool/gap.ts'
import { type SpoolFailurePolicy, SpoolWriter, type SpoolSync } from '../../spool/writer.ts'
import type { SpoolRepair } from '../../spool/repair.ts'
import type { Log } from '../log.ts'

export interface SpoolOpening {
  /** null: no audit trail. */
  readonly spoolDirectory: string | null
  readonly spoolSync?: SpoolSync
  readonly spoolFailure?: SpoolFailurePolicy
  readonly log: Log
}

const segmentBytes = 64 * 1024 * 1024

/** `now`: ISO 8601. Throws `SpoolLockedError`, or what the file system throws. */
export function openSpool(
  { spoolDirectory, spoolSync = 'batched', spoolFailure = 'refuse', log }: SpoolOpening,
  now: () => string,
): SpoolWriter | null {
  if (spoolDirectory === null) return null
  const spool = new SpoolWriter({
    directory: spoolDirectory,
    sync: spoolSync,
    segmentBytes,
    onFailure: spoolFailure,
    onProblem: (problem, gap) => {
      if (problem === null) tellBack(log, gap)
      else tellFailing(log, problem, spoolFailure)
    },
  })
  spool.append('event', { event: 'started', at: now() })
  for (const repair of spool.repairs) {
    const message = describe(repair)
    log({ level: 'warn', event: 'spool_repaired', message, fields: { file: repair.file, bytes: repair.bytesCut } })
    spool.append('event', { event: 'spool_repaired', at: now(), message })
  }
  return spool
}

function tellFailing(log: Log, { message }: Error, policy: SpoolFailurePolicy): void {
  const consequence =
    policy === 'refuse'
      ? 'requests are refused until it can be'
      : 'requests are served, and those that memory has no room for get no record'
  log({ level: 'error', event: 'spool', message: `the spool cannot be written, ${consequence}: ${message}` })
}

function tellBack(log: Log, gap: SpoolGap | null): void {
  const message = 'the spool can be written again'
  if (gap === null) {
    log({ level: 'info', event: 'spool', message })
    return
  }
  const told = `${message}; ${describeDropped(gap)} are missing there since ${gap.since}`
  log({ level: gap.records > 0 ? 'error' : 'warn', event: 'spool', message: told, fields: { ...gap } })
}

function describe({ file, bytesCut }: SpoolRepair): string {
  const what = bytesCut === 0 ? 'its last line was ended' : `half a line (${bytesCut} bytes) was cut off its end`
  return `${file}: ${what}, because the process that wrote it died at it`
}
