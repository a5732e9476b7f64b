/** Changing a file of the user's in place: whole or not at all, and otherwise the same file as before. */
import { randomBytes } from 'node:crypto'
import { chown, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { CommandError, type Context } from '../context.ts'
import { tellFileError } from './files.ts'

/**
 * Replaces the text of a file if it is still `before`. Its mode stays, its owner where that is allowed, and a symbolic
 * link stays one. Throws `CommandError`, with the file as it was.
 */
export async function replaceText(
  context: Context,
  file: string,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<void> {
  let temporary: string | null = null
  try {
    const path = await realpath(resolve(context.cwd, file))
    const { mode, uid, gid } = await stat(path)
    temporary = join(dirname(path), `.tmp-${process.pid}-${randomBytes(4).toString('hex')}`)
    const handle = await open(temporary, 'wx', mode & 0o777)
    try {
      await handle.chmod(mode & 0o777)
      await handle.writeFile(after)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await chown(temporary, uid, gid).catch(() => {})
    if ((await readFile(path, 'utf8')) !== before) throw new Error('somebody else is changing it at this moment')
    await rename(temporary, path)
  } catch (error) {
    if (temporary !== null) await unlink(temporary).catch(() => {})
    throw new CommandError(`cannot write ${file}: ${tellFileError(error)}`, {
      details: ['Nothing was changed.'],
      cause: error,
    })
  }
}
