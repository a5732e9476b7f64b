/** What `npm publish` would ship: all it takes to run, and nothing else. */
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readText, repositoryRoot } from './sources.ts'

interface Packed {
  readonly filename: string
  readonly size: number
  readonly bundled: readonly string[]
  readonly files: readonly { readonly path: string }[]
}

describe('the published package', () => {
  let folder: string
  let packed: Packed
  let files: readonly string[]

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'aigw-package-'))
    const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
    const { stdout } = await execa('npm', options, { cwd: repositoryRoot })
    const answer = JSON.parse(stdout) as readonly Packed[] | Readonly<Record<string, Packed>>
    const [first] = Object.values(answer)
    if (first === undefined) throw new Error(`npm pack said nothing: ${stdout}`)
    packed = first
    files = packed.files.map((file) => file.path)
  }, 60_000)

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('holds the launcher, the compiled program, the schemas, the manual and the licence', () => {
    for (const file of ['bin/aigw.cjs', 'dist/cli/main.js', 'schemas/routes.schema.json', 'README.md', 'LICENSE']) {
      expect(files).toContain(file)
    }
  })

  it('holds nothing else', () => {
    const expected =
      /^(package\.json|README\.md|LICENSE|bin\/aigw\.cjs|docs\/(README|diagnostics)\.md|schemas\/(README\.md|[a-z-]+\.schema\.json)|dist\/.+\.(js|json|md))$/
    expect(files.filter((file) => !expected.test(file))).toEqual([])
  })

  it('holds no test, no simulator of a test and no build leftovers', () => {
    expect(files.filter((file) => /\.test\.|(^|\/)(testing|__fixtures__)\/|tsbuildinfo|\.map$/.test(file))).toEqual([])
  })

  it('brings no Node and nothing bundled; it says what it needs instead', () => {
    const manifest = JSON.parse(readText('package.json')) as {
      engines: { node: string }
      dependencies: Record<string, string>
      optionalDependencies?: unknown
      bundleDependencies?: unknown
      scripts: Record<string, string>
    }
    expect(packed.bundled).toEqual([])
    expect(manifest.optionalDependencies).toBeUndefined()
    expect(manifest.bundleDependencies).toBeUndefined()
    expect(Object.keys(manifest.dependencies).filter((name) => /^node-|development-node/.test(name))).toEqual([])
    expect(manifest.engines.node).toMatch(/^>=\d+\.\d+\.\d+$/)
    // Nothing runs on the machine that installs it.
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([])
    expect(packed.size).toBeLessThan(2_000_000)
  })

  it('runs from the files it ships, with only its dependencies beside it', async () => {
    await execa('tar', ['-xzf', path.basename(packed.filename)], { cwd: folder })
    const root = path.join(folder, 'package')
    await linkDependencies(root)
    const { stdout } = await execa(process.execPath, ['bin/aigw.cjs', '--version'], { cwd: root })
    expect(stdout).toContain((JSON.parse(readText('package.json')) as { version: string }).version)
    expect(await readdir(root)).not.toContain('cli')
  })
})

/** Links what `npm install` of the published package would bring: everything that is not there for development only. */
async function linkDependencies(root: string): Promise<void> {
  const lockfile = JSON.parse(readText('package-lock.json')) as {
    packages: Record<string, { dev?: true; optional?: true; devOptional?: true; link?: true }>
  }
  for (const [at, one] of Object.entries(lockfile.packages)) {
    const isTopLevel = at.startsWith('node_modules/') && at.lastIndexOf('node_modules/') === 0
    if (!isTopLevel || one.dev || one.optional || one.devOptional || one.link) continue
    await mkdir(path.dirname(path.join(root, at)), { recursive: true })
    await symlink(path.join(repositoryRoot, at), path.join(root, at), 'dir')
  }
}
