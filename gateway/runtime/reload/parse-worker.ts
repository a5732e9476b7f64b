/** Parses a manifest off the event loop: a second of parsing would stall every stream. Used in file mode only. */
import { parentPort, workerData } from 'node:worker_threads'
import { readManifestFile } from './read-manifest-file.ts'

export interface ParseJob {
  readonly file: string
  /** What the file held when it was looked at; read again here, it might be another text already. */
  readonly text: string
  readonly variables: Readonly<Record<string, string>>
}

/** What `file-source.ts` sets when it starts this worker. */
function isParseJob(value: unknown): value is ParseJob {
  return typeof value === 'object' && value !== null && 'file' in value && 'text' in value && 'variables' in value
}

const job: unknown = workerData
if (!isParseJob(job)) throw new Error('this file is a worker of the gateway and does nothing on its own')
parentPort?.postMessage(readManifestFile(job.file, job.text, job.variables))
