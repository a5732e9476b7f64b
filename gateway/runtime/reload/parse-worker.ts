/** Parses a manifest off the event loop: a second of parsing would stall every stream. Used in file mode only. */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { readManifestFile } from './read-manifest-file.ts'

export interface ParseJob {
  readonly file: string
  readonly variables: Readonly<Record<string, string>>
}

const job = workerData as ParseJob
parentPort?.postMessage(readManifestFile(job.file, readFileSync(job.file, 'utf8'), job.variables))
