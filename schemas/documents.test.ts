import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ValidationResult } from './index.ts'
import { type Schema, arbitraryOf, readSchema } from './testing/arbitrary.ts'
import { validateConfig } from './validate-config.ts'
import { validatePlan } from './validate-plan.ts'
import { validateRelease } from './validate-release.ts'
import { validateRoutes } from './validate-routes.ts'
import { validateScenario } from './validate-scenario.ts'

const folder = import.meta.dirname
const kinds = readdirSync(folder)
  .filter((name) => name.endsWith('.schema.json'))
  .map((name) => name.slice(0, -'.schema.json'.length))

/** Documents that people write: their schema is what an editor shows them. */
const written: Readonly<Record<string, (value: unknown) => ValidationResult<unknown>>> = {
  routes: validateRoutes,
  config: validateConfig,
  scenario: validateScenario,
}

interface Described extends Schema {
  readonly description?: string
  readonly default?: unknown
}

function ajvWithAll(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    discriminator: true,
    strictTypes: false,
    strictRequired: false,
  })
  for (const kind of kinds) ajv.addSchema(readSchema(kind))
  return ajv
}

/** Every schema inside a schema, with where it stands. */
function* eachSchema(schema: Schema, pointer: string): Generator<readonly [pointer: string, schema: Schema]> {
  yield [pointer, schema]
  for (const group of ['properties', '$defs'] as const) {
    for (const [name, child] of Object.entries(schema[group] ?? {}))
      yield* eachSchema(child, `${pointer}/${group}/${name}`)
  }
}

describe.each(kinds)('%s.schema.json', (kind) => {
  it('is a valid schema in the strict sense, named like its file', () => {
    const ajv = ajvWithAll()
    expect(() => ajv.getSchema(`${kind}.schema.json`)).not.toThrow()
    expect(readSchema(kind)).toMatchObject({ $id: `${kind}.schema.json`, $schema: expect.stringContaining('2020-12') })
  })

  it('has examples that are valid where they stand', () => {
    const ajv = ajvWithAll()
    for (const [pointer, { examples = [] }] of eachSchema(readSchema(kind), '#')) {
      const validate = ajv.getSchema(`${kind}.schema.json${pointer}`)
      for (const example of examples)
        expect(validate?.(example), `${pointer} ${ajv.errorsText(validate?.errors)}`).toBe(true)
    }
  })
})

describe.each(Object.keys(written))('the document %s, which people write', (kind) => {
  it('describes every property, with an example, and is closed', () => {
    const silent: string[] = []
    for (const [pointer, schema] of eachSchema(readSchema(kind), '#')) {
      if (schema.properties !== undefined && schema.additionalProperties !== false) silent.push(`${pointer} is open`)
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        const referred =
          property.$ref === undefined ? {} : readSchema(kind).$defs?.[property.$ref.replace('#/$defs/', '')]
        const whole: Schema & { readonly description?: string } = { ...referred, ...property }
        if (whole.description === undefined) silent.push(`${pointer}/${name} has no description`)
        if (whole.examples === undefined && whole.const === undefined) silent.push(`${pointer}/${name} has no example`)
      }
    }
    expect(silent).toEqual([])
  })

  it.skipIf(kind === 'scenario')('says of every key what holds without it', () => {
    const silent: string[] = []
    for (const [pointer, { properties = {}, required = [] }] of eachSchema(readSchema(kind), '#')) {
      for (const [name, property] of Object.entries<Described>(properties)) {
        const referred: Described =
          property.$ref === undefined ? {} : (readSchema(kind).$defs?.[property.$ref.replace('#/$defs/', '')] ?? {})
        const whole: Described = { ...referred, ...property }
        const isSaid = whole.default !== undefined || whole.description?.includes('Default: ') === true
        if (!required.includes(name) && !isSaid) silent.push(`${pointer}/${name}`)
      }
    }
    expect(silent).toEqual([])
  })

  it('has defaults that are valid where they stand', () => {
    const ajv = ajvWithAll()
    for (const [pointer, schema] of eachSchema(readSchema(kind), '#')) {
      const { default: value } = schema as Described
      if (value === undefined) continue
      expect(ajv.getSchema(`${kind}.schema.json${pointer}`)?.(value), pointer).toBe(true)
    }
  })

  it('takes whatever its schema describes', () => {
    const validate = written[kind]!
    fc.assert(
      fc.property(arbitraryOf(readSchema(kind)), (value) => {
        expect(validate(value)).toMatchObject({ valid: true })
      }),
      { numRuns: 200 },
    )
  })

  it('judges as ajv itself does, whatever the value', () => {
    const validate = written[kind]!
    const ajv = ajvWithAll().getSchema(`${kind}.schema.json`)!
    const mixed = fc.oneof(fc.jsonValue(), arbitraryOf(readSchema(kind)).chain(mutate))
    fc.assert(
      fc.property(mixed, (value) => {
        const result = validate(value)
        expect(result.valid).toBe(ajv(value))
        if (!result.valid)
          for (const { message } of result.problems) expect(message).not.toMatch(/undefined|NaN|\[object/)
      }),
      { numRuns: 400 },
    )
  })
})

/** The same value with one of its parts replaced by something else. */
function mutate(value: unknown): fc.Arbitrary<unknown> {
  const paths = [...eachPath(value)]
  return fc.tuple(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 1 })).map(([path, replacement]) => {
    const copy: unknown = structuredClone(value)
    const last = path.at(-1)
    if (last === undefined) return replacement
    const parent = path.slice(0, -1).reduce((at, segment) => (at as Record<string, unknown>)[segment], copy)
    Object.assign(parent as object, { [last]: replacement })
    return copy
  })
}

function* eachPath(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, child] of Object.entries(value)) yield* eachPath(child, [...path, key])
}

describe('releases and plans', () => {
  const hash = `sha256:${'a'.repeat(64)}`
  const draft = {
    schema: 'aigw.release/1',
    hash,
    source: {
      manifest: { ai_routes: [] },
      variables: { A: 'b' },
      git: { commit: 'c'.repeat(40), branch: 'main', dirty: false },
      author: 'someone@example',
    },
    resolved: { ai_routes: [] },
    created_at: '2026-11-23T10:00:00.000Z',
  }
  const release = { ...draft, revision: 7, parent: 6 }
  const plan = {
    schema: 'aigw.plan/1',
    environment: 'prod',
    base: { revision: 7, hash },
    candidate: draft,
    changes: [
      {
        kind: 'changed',
        subject: 'target',
        path: 'ai_routes.chat.targets.openai/gpt-4o.weight',
        message: 'weight 60 → 50',
        origin: 'author_changed',
        risks: [],
        before: 60,
        after: 50,
      },
    ],
    findings: [{ code: 'x', severity: 'warning', message: 'm', path: 'a', file: null, line: 1, column: 1, help: null }],
    capture: null,
    created_at: '2026-11-23T10:00:00.000Z',
    tool: '0.1.0',
  }

  it('are taken whole', () => {
    expect(validateRelease(release).valid).toBe(true)
    expect(
      validateRelease({ ...release, parent: null, source: { ...draft.source, git: null, author: null } }).valid,
    ).toBe(true)
    expect(validatePlan(plan)).toMatchObject({ valid: true })
    expect(validatePlan({ ...plan, base: null, capture: hash }).valid).toBe(true)
  })

  it.each([
    ['revision', { ...release, revision: 0 }],
    ['schema', { ...release, schema: 'aigw.release/2' }],
    ['hash', { ...release, hash: 'abc' }],
    ['signature', { ...release, signature: 'x' }],
    ['source.git.dirty', { ...release, source: { ...draft.source, git: { commit: 'c'.repeat(40), branch: null } } }],
  ])('are refused for a wrong %s', (path, value) => {
    const result = validateRelease(value)
    expect(result.valid ? [] : result.problems.map((problem) => problem.path)).toEqual([path])
  })

  it('name what is wrong inside a plan', () => {
    const result = validatePlan({ ...plan, candidate: { ...draft, hash: '' } })
    expect(result.valid ? [] : result.problems.map(({ path }) => path)).toEqual(['candidate.hash'])
  })
})

describe('scenarios', () => {
  it.each([
    [{ target: 'openai', status: 503 }, []],
    [{ target: 'openai', from: '10m', for: '1h30m', latency_multiplier: 5 }, []],
    [{ target: 'cloud', from: '2026-11-23T10:00:00Z', outage: true }, []],
    [
      { target: 'openai' },
      [
        'needs exactly one of `status`, `class`, `latency_multiplier`, `latency_ms`, `rate_limited`, `outage` and `cut_after_chunks`',
      ],
    ],
    [
      { target: 'openai', status: 503, outage: true },
      [
        'needs exactly one of `status`, `class`, `latency_multiplier`, `latency_ms`, `rate_limited`, `outage` and `cut_after_chunks`',
      ],
    ],
    [{ target: 'openai', status: 200 }, ['must be 400 or more']],
    [{ target: 'openai', for: 'ever', outage: true }, [expect.stringContaining('must match')]],
  ])('a fault %j', (fault, messages) => {
    const result = validateScenario({ name: 'drill', faults: [fault] })
    expect(result.valid ? [] : result.problems.map(({ message }) => message)).toEqual(messages)
  })
})

it('every definition of the routes schema is used', () => {
  const text = readFileSync(join(folder, 'routes.schema.json'), 'utf8')
  const unused = Object.keys(readSchema('routes').$defs ?? {}).filter((name) => !text.includes(`"#/$defs/${name}"`))
  expect(unused).toEqual([])
})
