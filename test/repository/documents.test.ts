/** Documents that name files, links and decisions are wrong as soon as those move; here they are asked. */
import { existsSync, globSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readText, repositoryRoot } from './sources.ts'

const documents = globSync(['*.md', '.github/**/*.md', '{bench,cli,docs,examples,gateway,schemas,test}/**/*.md'], {
  cwd: repositoryRoot,
}).map((file) => file.split(path.sep).join('/'))

const exists = (file: string): boolean => existsSync(path.join(repositoryRoot, file))

/** Relative links of a document, as paths from the root. */
function linkedFiles(document: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)/g)].map(([, target = '']) =>
    path.posix.join(path.posix.dirname(document), target),
  )
}

/** Paths from the root in `code`, unless they have a placeholder such as <id>. A wildcard is left to its folder. */
function namedFiles(text: string): string[] {
  return [
    ...text.matchAll(/`((?:bench|bin|cli|docs|examples|gateway|schemas|test|tools|\.ci|\.github)\/[\w./-]*)`/g),
  ].map(([, file = '']) => file)
}

describe('documents', () => {
  it('finds links and paths in a sample', () => {
    expect(linkedFiles('cli/README.md', '[a](../x.md#y) [b](https://x.y/z) [c](#d)')).toEqual(['x.md'])
    expect(namedFiles('see `cli/main.ts` and `gateway/core/<id>.ts` and `npm run cli/x`')).toEqual(['cli/main.ts'])
    expect(documents.length).toBeGreaterThan(10)
  })

  it('link to files that exist', () => {
    const broken = documents.flatMap((document) =>
      linkedFiles(document, readText(document))
        .filter((file) => !exists(file))
        .map((file) => ({ document, file })),
    )
    expect(broken).toEqual([])
  })

  it('name files that exist', () => {
    const broken = documents.flatMap((document) =>
      namedFiles(readText(document))
        .filter((file) => !exists(file))
        .map((file) => ({ document, file })),
    )
    expect(broken).toEqual([])
  })
})

describe('decisions', () => {
  const records = globSync('.github/decisions/[0-9]*.md', { cwd: repositoryRoot })
    .map((file) => path.basename(file))
    .filter((name) => !name.startsWith('0000-'))
    .toSorted()

  it('are numbered without gaps and listed', () => {
    const index = readText('.github/decisions/README.md')
    records.forEach((name, position) => {
      expect(name).toMatch(/^\d{4}-[a-z0-9-]+\.md$/)
      expect(Number(name.slice(0, 4))).toBe(position + 1)
      expect(index).toContain(`(${name})`)
    })
    expect(records.length).toBeGreaterThanOrEqual(7)
  })

  it.each(records)('%s has a title, a status, every section, and fits on a page', (name) => {
    const text = readText(`.github/decisions/${name}`)
    expect(text).toMatch(
      new RegExp(
        `^# ${name.slice(0, 4)}\\. .+\n\nStatus: (proposed|accepted|replaced by \\d{4}) · Date: \\d{4}-\\d\\d-\\d\\d\n`,
      ),
    )
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)
    expect(sections).toEqual(['Context', 'Decision', 'Consequences', 'What would change our mind'])
    expect(text.split('\n').length).toBeLessThanOrEqual(80)
  })
})

describe('the workflow', () => {
  const text = readText('.github/workflows/ci.yml')
  const workflow = parse(text) as {
    permissions: unknown
    jobs: Record<string, { steps: { uses?: string; run?: string }[]; 'timeout-minutes'?: number }>
  }
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  it('runs what can be run anywhere, with a time limit and no rights', () => {
    expect(steps.map((step) => step.run)).toContain('bash .ci/run')
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(Object.values(workflow.jobs).every((job) => (job['timeout-minutes'] ?? 0) > 0)).toBe(true)
  })

  it('pins every action to a commit and says which version that is', () => {
    const uses = text.split('\n').filter((line) => /\buses:/.test(line))
    expect(uses.length).toBeGreaterThanOrEqual(4)
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  it('tests on the oldest Node that package.json promises', () => {
    const { engines } = JSON.parse(readText('package.json')) as { engines: { node: string } }
    expect(text).toContain(`node-version: '${engines.node.replace('>=', '')}'`)
  })
})
