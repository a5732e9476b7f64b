/** Which documents a command is about: names, patterns that no shell has filled in, and folders. */
import { glob, readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Context } from '../context.ts'
import { configFile } from './config.ts'
import { readText } from './files.ts'

export interface FoundFiles {
  /** Each once, in the order of the arguments; within a folder or a pattern by name. */
  readonly files: readonly string[]
  /** Arguments behind which there is nothing. */
  readonly missing: readonly { readonly file: string; readonly message: string }[]
}

/** What stands behind the arguments. A plain name that is no file is given back as it is: reading it says why. */
export async function findDocuments(context: Context, given: readonly string[]): Promise<FoundFiles> {
  const files = new Map<string, string>()
  const missing: { file: string; message: string }[] = []
  for (const argument of given) {
    const found = argument === '-' ? [argument] : await findBehind(context, argument)
    if (found.length === 0) missing.push({ file: argument, message: tellNothing(argument) })
    for (const file of found) files.set(file === '-' ? file : resolve(context.cwd, file), file)
  }
  return { files: [...files.values()], missing }
}

function tellNothing(argument: string): string {
  if (isPattern(argument)) return `no file matches ${argument}`
  return `there is no manifest in ${argument}: no routes.yaml, no *.routes.yaml, and no YAML file with \`ai_routes\``
}

async function findBehind(context: Context, argument: string): Promise<readonly string[]> {
  const kind = await kindOf(resolve(context.cwd, argument))
  if (kind === 'folder') return await searchFolder(context, argument)
  if (kind === null && isPattern(argument)) return await expandPattern(context, argument)
  return [argument]
}

function isPattern(argument: string): boolean {
  return /[*?[{]/.test(argument)
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch {
    return null
  }
}

async function expandPattern({ cwd }: Context, pattern: string): Promise<string[]> {
  const found: string[] = []
  for await (const file of glob(pattern, { cwd, exclude: isLeftOut })) {
    if ((await kindOf(resolve(cwd, file))) === 'file') found.push(file)
  }
  return found.toSorted()
}

/** Folders that hold other people's files, or a store's. */
function isLeftOut(name: string): boolean {
  const own = basename(name)
  return own === 'node_modules' || (own.startsWith('.') && own !== '.' && own !== '..')
}

/** At any depth: what is named like a document of ours, and every other YAML file with routes in it. */
async function searchFolder(context: Context, folder: string): Promise<string[]> {
  const found: string[] = []
  const names = await readdir(resolve(context.cwd, folder), { withFileTypes: true })
  for (const entry of names.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = folder === '.' ? entry.name : join(folder, entry.name)
    if (isLeftOut(entry.name)) continue
    // A link to a folder is not followed: it may lead back. A link to a file is how a ConfigMap is mounted.
    if (entry.isDirectory()) found.push(...(await searchFolder(context, path)))
    else if ((await kindOf(resolve(context.cwd, path))) === 'file' && (await isOurs(context, path))) found.push(path)
  }
  return found
}

async function isOurs(context: Context, path: string): Promise<boolean> {
  const name = basename(path)
  if (name === configFile || /^(?:.+[.])?routes[.](?:ya?ml|json)$/.test(name)) return true
  if (!/[.]ya?ml$/.test(name)) return false
  try {
    return /^["']?ai_routes["']?\s*:/m.test(await readText(context, path))
  } catch {
    // Not named like one of ours and not readable as text: somebody else's.
    return false
  }
}
