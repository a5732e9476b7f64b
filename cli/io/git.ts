/** Where a manifest comes from, asked of Git. Without Git, or outside a repository, nothing is known, and that is fine. */
import { execFile } from 'node:child_process'
import { basename, dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { GitState } from '../../schemas/index.ts'
import type { Context } from '../context.ts'

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
