/**
 * Pages that are made from the program: written where they are stale, or compared with what lies there.
 *
 *     node tools/SCRIPT.ts [FOLDER]            write what changed
 *     node tools/SCRIPT.ts --check [FOLDER]    write nothing; exit 1 and name the stale files
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export interface GeneratedPages {
  /** Where they lie unless the command line says otherwise. */
  readonly folder: string
  /** Text by file name. */
  readonly pages: ReadonlyMap<string, string>
  /** Was a page that is not among them made by this script once? Then it is taken away; nothing else ever is. */
  readonly isLeftOver: (name: string, text: string) => boolean
}

/** `args`: those of the command line. Gives the exit code. */
export function writeOrCheck(args: readonly string[], { folder: usual, pages, isLeftOver }: GeneratedPages): 0 | 1 {
  const folder = args.find((arg) => arg !== '--check') ?? usual
  mkdirSync(folder, { recursive: true })
  const stale = [...pages].filter(([name, text]) => readPage(folder, name) !== text)
  const extra = readdirSync(folder).filter((name) => {
    const text = pages.has(name) ? null : readPage(folder, name)
    return text !== null && isLeftOver(name, text)
  })
  if (!args.includes('--check')) {
    for (const [name, text] of stale) writeFileSync(path.join(folder, name), text)
    for (const name of extra) rmSync(path.join(folder, name))
    return 0
  }
  for (const name of [...stale.map(([page]) => page), ...extra]) {
    console.error(`stale: ${path.relative('.', path.join(folder, name))} (run: npm run generate)`)
  }
  return stale.length + extra.length > 0 ? 1 : 0
}

/** null where there is no such file. */
function readPage(folder: string, name: string): string | null {
  try {
    return readFileSync(path.join(folder, name), 'utf8')
  } catch {
    return null
  }
}
