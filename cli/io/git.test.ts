import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeContext } from '../testing/context.ts'
import { readAuthor, readGitState } from './git.ts'

const quiet = { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }

describe('where a manifest comes from', () => {
  let folder: string
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8', env: quiet }).trim()

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aigw-git-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('commit, branch, and whether this file differs from it', async () => {
    const { context } = fakeContext({ cwd: folder, env: quiet })
    git('init', '-b', 'main')
    git('config', 'user.name', 'Ada')
    git('config', 'user.email', 'ada@example.com')
    writeFileSync(join(folder, 'routes.yaml'), 'a')
    expect(await readGitState(context, 'routes.yaml')).toBeNull()
    git('add', '.')
    git('commit', '-m', 'first')
    const commit = git('rev-parse', 'HEAD')
    writeFileSync(join(folder, 'other.txt'), 'not our business')
    expect(await readGitState(context, 'routes.yaml')).toEqual({ commit, branch: 'main', dirty: false })
    writeFileSync(join(folder, 'routes.yaml'), 'b')
    expect(await readGitState(context, 'routes.yaml')).toEqual({ commit, branch: 'main', dirty: true })
    git('checkout', '--detach')
    expect(await readGitState(context, 'routes.yaml')).toEqual({ commit, branch: null, dirty: true })
    expect(await readGitState(context, 'other.txt')).toMatchObject({ dirty: true })
    expect(await readAuthor(context)).toBe('Ada <ada@example.com>')
  })

  test('outside a repository nothing is known', async () => {
    const env = { ...quiet, GIT_CEILING_DIRECTORIES: tmpdir() }
    expect(await readGitState(fakeContext({ cwd: folder, env }).context, 'routes.yaml')).toBeNull()
  })

  test.each([
    [{ GITHUB_ACTOR: 'octocat', USER: 'runner' }, 'octocat'],
    [{ USER: 'ada' }, 'ada'],
    [{}, null],
  ])('without a user in Git: %j', async (more, author) => {
    expect(await readAuthor(fakeContext({ cwd: folder, env: { ...quiet, ...more } }).context)).toBe(author)
  })
})
