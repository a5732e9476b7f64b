/** The Node this project is developed on, and the lockfile that brings it, hold what decision 0003 says. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { readText, repositoryRoot } from './sources.ts'

interface Package {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: true
  readonly dev?: true
  readonly optional?: true
  readonly hasInstallScript?: true
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly os?: string | readonly string[]
  readonly bin?: Readonly<Record<string, string>>
}

const lockfile = JSON.parse(readText('package-lock.json')) as { packages: Record<string, Package> }
const installed = Object.entries(lockfile.packages).filter(([at, one]) => at.includes('node_modules/') && !one.link)
const manifest = JSON.parse(readText('package.json')) as {
  engines: { node: string }
  scripts: Record<string, string>
}
const developmentNode = JSON.parse(readText('tools/node/package.json')) as {
  private: boolean
  scripts?: object
  optionalDependencies: Record<string, string>
}

/** The one of them that npm installed here. */
const [, broughtVersion] =
  Object.entries(developmentNode.optionalDependencies).find(([name]) =>
    existsSync(path.join(repositoryRoot, 'node_modules', name)),
  ) ?? []

describe('the lockfile', () => {
  it('has a hash for every package', () => {
    expect(installed.length).toBeGreaterThan(100)
    expect(installed.filter(([, one]) => one.integrity === undefined).map(([at]) => at)).toEqual([])
  })

  it('names no registry, so that every machine uses its own', () => {
    const withAddress = installed.filter(([, one]) => /^https?:/.test(one.resolved ?? ''))
    expect(withAddress.map(([at]) => at)).toEqual([])
  })

  it('holds the programs of every platform, not only of the one it was written on', () => {
    const names = new Set(installed.map(([at]) => at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length)))
    const missing = Object.entries(lockfile.packages).flatMap(([at, one]) =>
      Object.keys(one.optionalDependencies ?? {})
        .filter((name) => !names.has(name))
        .map((name) => `${at}: ${name}`),
    )
    expect(missing).toEqual([])
  })
})

describe('the Node for development', () => {
  it('runs what is started through run.cjs, whatever Node is first on the path', async () => {
    // A path without node_modules/.bin, as npm 10 leaves it: the Node in front is the one that runs this suite.
    const env = { PATH: [path.dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(path.delimiter) }
    const options = { cwd: repositoryRoot, env, extendEnv: false } as const
    const { stdout } = await execa(process.execPath, ['tools/node/run.cjs', 'node', '--version'], options)
    expect(stdout).toBe(`v${broughtVersion}`)
  })

  it('runs every script that runs a tool', () => {
    const commands = Object.values(manifest.scripts).flatMap((script) => script.split(' && '))
    const expected = /^(node tools\/node\/run\.cjs |npm run --silent |node bin\/aigw\.cjs )/
    expect(commands.length).toBeGreaterThan(10)
    expect(commands.filter((command) => !expected.test(command))).toEqual([])
  })

  it.each([
    { command: ['node', '-e', 'process.exit(7)'], exitCode: 7 },
    { command: ['no-such-command'], exitCode: 1 },
    { command: [], exitCode: 1 },
  ])('passes on how $command ended', async ({ command, exitCode }) => {
    const options = { cwd: repositoryRoot, reject: false } as const
    expect((await execa(process.execPath, ['tools/node/run.cjs', ...command], options)).exitCode).toBe(exitCode)
  })

  it('is a 24, fixed to one version on every platform, with a program and a hash', () => {
    const names = Object.keys(developmentNode.optionalDependencies)
    expect(names).toHaveLength(5)
    for (const name of names) {
      const one = lockfile.packages[`node_modules/${name}`]
      expect(one).toMatchObject({ optional: true, version: developmentNode.optionalDependencies[name] })
      expect(one?.version).toMatch(/^24\.\d+\.\d+$/)
      expect(one?.integrity).toMatch(/^sha512-/)
      expect(one?.bin?.['node']).toMatch(/^bin\/node(\.exe)?$/)
      expect(one?.hasInstallScript).toBeUndefined()
    }
  })

  it('is never published', () => {
    expect(developmentNode.private).toBe(true)
    expect(developmentNode.scripts).toBeUndefined()
  })

  it('is found by the launcher under the names it is installed by', () => {
    const launcher = readText('bin/aigw.cjs')
    for (const name of Object.keys(developmentNode.optionalDependencies))
      expect(launcher).toContain(`'${name}/bin/node`)
  })

  it('is not the oldest one that works: launcher and package.json agree on that', () => {
    const [, major, minor, patch] = /oldestNode = \[(\d+), (\d+), (\d+)\]/.exec(readText('bin/aigw.cjs')) ?? []
    expect(manifest.engines.node).toBe(`>=${major}.${minor}.${patch}`)
  })
})
