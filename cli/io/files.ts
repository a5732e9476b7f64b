/** Files of the user, with errors in words. */
import { randomBytes } from 'node:crypto'
import { open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CommandError, type Context } from '../context.ts'

export const defaultManifest = 'routes.yaml'

/** What diagnostics call the text that came from standard input. */
export const stdinName = '<stdin>'

/** Bytes. The largest manifest anybody has is a few megabytes; reading a log by mistake should not take minutes. */
const longestText = 32 * 1024 * 1024
const noText = 'it is not text in UTF-8'
const tooLong = `it is longer than ${longestText / (1024 * 1024)} MB`

/** The text of a file; `-` is standard input. Throws `CommandError` (exit 1) when it cannot be read. */
export async function readText(context: Context, file: string): Promise<string> {
  if (file === '-') return await readStdin(context)
  try {
    const path = resolve(context.cwd, file)
    if ((await stat(path)).size > longestText) throw new Error(tooLong)
    return decodeText(await readFile(path))
  } catch (error) {
    throw new CommandError(`cannot read ${file}: ${tellFileError(error)}`, { cause: error })
  }
}

async function readStdin(context: Context): Promise<string> {
  const bytes = await context.readStdin(longestText)
  if (bytes === null) throw new CommandError(`cannot read standard input: ${tooLong}`)
  try {
    return decodeText(bytes)
  } catch (error) {
    throw new CommandError(`cannot read standard input: ${tellFileError(error)}`, { cause: error })
  }
}

/** Bytes that are no text would otherwise be read as a document full of replacement characters, and shown as one. */
function decodeText(bytes: Uint8Array): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    // What Windows' own tools write when nobody tells them otherwise.
    const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    throw new Error(isWide ? 'it is UTF-16: save it as UTF-8' : noText, { cause: error })
  }
  if (text.includes('\0')) throw new Error(noText)
  return text
}

/** null when there is no such file; throws `CommandError` for any other reason. */
export async function readTextIfThere(context: Context, file: string): Promise<string | null> {
  try {
    return await readText(context, file)
  } catch (error) {
    if (error instanceof CommandError && codeOf(error.cause) === 'ENOENT') return null
    throw error
  }
}

/** Whole or not at all, readable by its owner only: a plan holds the manifest. */
export async function writePrivate(context: Context, file: string, text: string): Promise<void> {
  const path = resolve(context.cwd, file)
  const temporary = join(dirname(path), `.tmp-${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    const why = codeOf(error) === 'ENOENT' ? `there is no folder ${dirname(file)}` : tellFileError(error)
    throw new CommandError(`cannot write ${file}: ${why}`, { cause: error })
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

const fileErrors: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
}

export function tellFileError(error: unknown): string {
  const code = codeOf(error)
  return (code === null ? undefined : fileErrors[code]) ?? (error instanceof Error ? error.message : String(error))
}
