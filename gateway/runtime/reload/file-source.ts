/** Serves one manifest file and follows it: edits, renames over it, and a swapped symbolic link above it. */
import { readFile, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { watchFolders } from '../../release/file-watch.ts'
import type { Loader } from './loader.ts'
import type { ParseJob } from './parse-worker.ts'
import type { FileReading } from './read-manifest-file.ts'
import type { SourceState } from './source-state.ts'

const pollMs = 500

export interface FileSourceOptions {
  readonly file: string
  readonly variables: Readonly<Record<string, string>>
  readonly loader: Pick<Loader, 'load' | 'refuse'>
  readonly state: Pick<SourceState, 'bad' | 'good'>
}

/** Loads the file now; throws with one sentence when it cannot be served. Then follows it until stopped. */
export async function followFile(options: FileSourceOptions): Promise<() => void> {
  const { file, variables, loader, state } = options
  const path = resolve(file)
  let lastText = await readFile(path, 'utf8')
  // In a worker even now, when nobody waits: the tree of a large file would stay in this heap's memory.
  const first = await parseInWorker({ file: path, text: lastText, variables })
  const problem = 'problem' in first ? first.problem : loader.load(first.candidate)
  if (problem !== null) throw new Error(problem)
  let chain = Promise.resolve()
  const take = async (text: string | null): Promise<void> => {
    if (text === null) {
      state.bad('lost', `${file}: the file is gone or cannot be read`)
      return
    }
    state.good(null)
    if (text === lastText) return
    lastText = text
    const reading = await parseInWorker({ file: path, text, variables })
    if ('problem' in reading) loader.refuse(reading.problem)
    else loader.load(reading.candidate)
  }
  let seen: string | null = lastText
  return watchFolders({
    folders: [dirname(path)],
    pollMs,
    signature: async () => {
      const real = await realpath(path).catch(() => 'gone')
      seen = await readFile(path, 'utf8').catch(() => null)
      return `${real} ${seen ?? 'gone'}`
    },
    onChange: () => {
      // What was seen and not what stands there now: a text that came and went between two looks would else be loaded
      // though the watch never saw it, and its going would be no change to the watch.
      const text = seen
      // One after the other: an older text must never be loaded over a newer one.
      chain = chain.then(() => take(text)).catch((error: unknown) => void loader.refuse(`${file}: ${String(error)}`))
    },
  })
}

function parseInWorker(job: ParseJob): Promise<FileReading> {
  const name = import.meta.url.endsWith('.ts') ? './parse-worker.ts' : './parse-worker.js'
  return new Promise((settle) => {
    const worker = new Worker(new URL(name, import.meta.url), { workerData: job })
    worker.once('message', settle)
    worker.once('error', (error) => settle({ problem: `${job.file}: ${String(error)}` }))
    worker.once('exit', () => settle({ problem: `${job.file}: reading it ended without a result` }))
  })
}
