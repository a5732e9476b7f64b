/**
 * What Git knows. Where a manifest comes from is nice to know: without Git, or outside a repository, nothing is known, and
 * that is fine. A file of another revision is asked for by name, so what Git has against it is told.
 */
import { execFile } from 'node:child_process'
import { basename, dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { GitState } from '../../schemas/index.ts'
import { CommandError, type Context } from '../context.ts'

const run = promisify(execFile)

/** The commit, and whether the file differs from it; null when Git cannot say. */
export async function readGitState(context: Context, file: string): Promise<GitState | null> {
  const path = resolve(context.cwd, file)
  const ask = async (...args: string[]): Promise<string | null> => await git(context, dirname(path), args)
  const [commit, branch, status] = await Promise.all([
    ask('rev-parse', '--verify', 'HEAD'),
    ask('symbolic-ref', '--short', '--quiet', 'HEAD'),
    ask('status', '--porcelain', '--ignored', '--', basename(path)),
  ])
  if (commit === null || status === null || !/^[0-9a-f]{40,64}$/.test(commit)) return null
  return { commit, branch: branch === null || branch === '' ? null : branch, dirty: status !== '' }
}

/** Who is publishing: Git's user, else the person a CI job runs for, else the login; null when nobody can be named. */
export async function readAuthor(context: Context): Promise<string | null> {
  const [name, email] = await Promise.all([
    git(context, context.cwd, ['config', 'user.name']),
    git(context, context.cwd, ['config', 'user.email']),
  ])
  if (name !== null && name !== '') return email === null || email === '' ? name : `${name} <${email}>`
  const { GITHUB_ACTOR, GITLAB_USER_LOGIN, USER, LOGNAME, USERNAME } = context.env
  return [GITHUB_ACTOR, GITLAB_USER_LOGIN, USER, LOGNAME, USERNAME].find((login) => (login ?? '') !== '') ?? null
}

async function git(context: Context, folder: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await run('git', [...args], {
      cwd: folder,
      env: context.env,
      timeout: 10_000,
      windowsHide: true,
    })
    return stdout.trim()
  } catch {
    return null
  }
}

/** `REV:file`, split: an empty revision is the index. */
export interface GitFile {
  readonly revision: string
  /** As from the working folder, else as from the root of the repository. */
  readonly file: string
}

/**
 * The text of a file as it is in a revision. Throws `CommandError` that says which of the three is not there: Git or a
 * repository, the revision, or the file in it.
 */
export async function readGitFile(context: Context, { revision, file }: GitFile): Promise<string> {
  const name = `${revision}:${file}`
  // To Git it would be a flag.
  if (revision.startsWith('-')) throw new CommandError(`cannot read ${name}: ${revision} is no revision`)
  const root = await gitOrFailure(context, ['rev-parse', '--show-toplevel'])
  if (!root.ok) throw new CommandError(`cannot read ${name}: ${tellNoRepository(root.failure)}`)
  if (revision !== '') {
    const found = await gitOrFailure(context, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision}^{commit}`,
    ])
    if (!found.ok)
      throw new CommandError(
        `cannot read ${name}: there is no revision ${revision} in this repository`,
        unknownRevision,
      )
  }
  const here = await gitOrFailure(context, ['show', '--end-of-options', `${revision}:./${file}`])
  if (here.ok) return here.text
  const fromRoot = await gitOrFailure(context, ['show', '--end-of-options', name])
  if (fromRoot.ok) return fromRoot.text
  const where = revision === '' ? 'the index' : revision
  throw new CommandError(`cannot read ${name}: there is no file ${file} in ${where}`, {
    details: ['A path is taken as from this folder, then as from the root of the repository.'],
  })
}

const unknownRevision = {
  details: ['A branch, a tag, a commit, or an expression such as HEAD~1; in CI it may not have been fetched.'],
}

type GitAnswer = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly failure: unknown }

async function gitOrFailure(context: Context, args: readonly string[]): Promise<GitAnswer> {
  try {
    const options = { cwd: context.cwd, env: context.env, timeout: 10_000, maxBuffer: longestFile, windowsHide: true }
    const { stdout } = await run('git', [...args], options)
    return { ok: true, text: stdout }
  } catch (failure) {
    return { ok: false, failure }
  }
}

/** Bytes; as for files on disk. */
const longestFile = 32 * 1024 * 1024

function tellNoRepository(failure: unknown): string {
  const isAbsent = failure instanceof Error && 'code' in failure && failure.code === 'ENOENT'
  return isAbsent ? 'git is not installed, or not on PATH' : 'this folder is in no Git repository'
}
