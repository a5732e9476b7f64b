/** Copies of the engine with one rule changed each, and what the recorded traffic makes of them. */
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Mutation } from './mutations.ts'

const repository = new URL('../..', import.meta.url).pathname

const script = 'test/fidelity/replay-mutant.ts'

export interface MutantReport {
  readonly requests: number
  readonly equal: number
  readonly different: number
}

/** One copy of what replay needs; mutations are tried in it one after the other. */
export class MutantCopy {
  private readonly root = mkdtempSync(join(tmpdir(), 'aigw-mutant-'))

  constructor() {
    for (const part of ['gateway/core', 'gateway/spool', 'cli/replay', 'schemas', script, 'package.json']) {
      cpSync(join(repository, part), join(this.root, part), { recursive: true })
    }
    symlinkSync(join(repository, 'node_modules'), join(this.root, 'node_modules'))
  }

  /** Replays the spool with the rule changed; null: unchanged. A mutant that crashes differs in everything. */
  async replay(mutation: Mutation | null, spool: string): Promise<MutantReport> {
    const file = mutation === null ? null : join(this.root, 'gateway/core', mutation.file)
    const original = file === null ? '' : readFileSync(file, 'utf8')
    if (file !== null && mutation !== null) writeFileSync(file, mutated(original, mutation))
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [join(this.root, script), spool])
      return JSON.parse(stdout) as MutantReport
    } finally {
      if (file !== null) writeFileSync(file, original)
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** The file with one rule changed. A rule that has moved must be found again, or it would be tested no more. */
function mutated(original: string, { rule, file, from, to }: Mutation): string {
  const found = original.split(from).length - 1
  if (found !== 1) throw new Error(`"${rule}": ${file} has ${found} places like ${JSON.stringify(from)}, not one`)
  return original.replace(from, () => to)
}
