/**
 * Every failure class, for plain and streamed requests, on the first and on a later attempt, before and after the commit
 * point: what the official client sees, and what the record says. The table in `docs/failures.md` is made of what is
 * observed here; set AIGW_WRITE_DOCS=1 to write it anew.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI, { APIError } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FailureClass } from '../../gateway/core/chat/failure.ts'
import { failureClasses, failureTraits } from '../../gateway/core/chat/failure.ts'
import type { RequestRecord } from '../../schemas/index.ts'
import type { TestGateway } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'
import type { RawProvider, RawRequest } from '../support/raw.ts'
import { startRawProvider } from '../support/raw.ts'
import { renderPage } from './page.ts'
import { answerWell, beginStream, shortMs, ways } from './ways.ts'

const modes = ['plain', 'stream'] as const
type Mode = (typeof modes)[number]
const attempts = ['first', 'later', 'every'] as const

/** What the caller saw and the record holds. */
interface Observed {
  readonly text: string
  /** HTTP status; null when an error came inside the stream. */
  readonly status: number | null
  readonly code: string | null
  readonly target: string | null
  readonly shouldRetry: string | null
  readonly record: RequestRecord
  /** Whom the provider was asked for, each once. */
  readonly calls: readonly string[]
}

let provider: RawProvider
let running: TestGateway
/** What the provider does with a request for each model; answering well when nothing is said. */
let behaviour = new Map<string, (request: RawRequest) => void>()
const cells = new Map<string, string>()

beforeAll(async () => {
  provider = await startRawProvider((request) => {
    const { model } = JSON.parse(request.body) as { model: string }
    const act = behaviour.get(model) ?? answerWell
    act(request)
  })
  running = await startTestGateway({ manifest: manifest(provider.baseUrl) })
})

afterAll(async () => {
  await running.close()
  await provider.close()
})

/** One route a class and position, so that nobody's health is another test's matter. */
function manifest(baseUrl: string): string {
  const lines = ['providers:']
  const routes = ['ai_routes:']
  for (const failure of failureClasses) {
    for (const mode of modes) {
      for (const position of [...attempts, 'after-first', 'after-later']) {
        const name = `${failure}-${mode}-${position}`
        const settings = `type: openai-compatible, base_url: "${baseUrl}", api_key: {env: TEST_KEY}`
        lines.push(`  "${name}": {${settings}, idle_timeout_ms: ${2 * shortMs}}`)
        const { target = '' } = ways[failure]
        // The last one of all is only asked when two have failed; where every target fails it fails as well.
        const own = failure === 'latency' && position !== 'every' ? ', max_latency_ms: 5000' : ''
        routes.push(`  - name: "${name}"`, `    match: {model: "${name}"}`, '    strategy: priority', '    targets:')
        for (const model of ['one', 'two', 'three']) {
          const isHit = position === 'every' || (position.endsWith('first') ? model === 'one' : model === 'two')
          routes.push(`      - {provider: "${name}", model: ${model}${isHit ? target : own}}`)
        }
      }
    }
  }
  return `${[...lines, ...routes].join('\n')}\n`
}

async function observe(model: string, mode: Mode): Promise<Observed> {
  const before = provider.requests.length
  let headers = new Headers()
  let text = ''
  let status: number | null = 200
  let code: string | null = null
  const client = new OpenAI({
    apiKey: 'sk-caller',
    baseURL: `${running.gateway.url}/v1`,
    maxRetries: 0,
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      headers = response.headers
      return response
    },
  })
  const body = { model, messages: [{ role: 'user' as const, content: 'Hello.' }] }
  try {
    if (mode === 'plain') {
      const answer = await client.chat.completions.create(body)
      text = answer.choices[0]?.message.content ?? ''
    } else {
      const stream = await client.chat.completions.create({ ...body, stream: true })
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    }
  } catch (error) {
    if (!(error instanceof APIError)) throw error
    status = error.status ?? null
    code = error.code ?? null
  }
  const models = provider.requests.slice(before).map((one) => (JSON.parse(one.body) as { model: string }).model)
  // A kept-alive connection that is reset before any byte came is resent once, within the attempt.
  const calls = models.filter((one, index) => one !== models[index - 1])
  const id = headers.get('x-request-id')
  expect(id).not.toBeNull()
  const record = await recordOf(id ?? '')
  return {
    text,
    status,
    code,
    target: headers.get('x-aigw-target'),
    shouldRetry: headers.get('x-should-retry'),
    record,
    calls,
  }
}

/** The one record of a request. */
async function recordOf(id: string): Promise<RequestRecord> {
  let found: RequestRecord[] = []
  await until(`request ${id} has its record`, async () => {
    const lines = await spoolLines(running.spool)
    found = lines.flatMap((line) => (line.kind === 'record' && line.record.id === id ? [line.record] : []))
    return found.length > 0
  })
  const [record] = found
  if (record === undefined || found.length > 1) throw new Error(`${found.length} records of ${id}`)
  return record
}

function classesOf({ attempts: made }: RequestRecord): string[] {
  return made.map((attempt) => attempt.class ?? 'none')
}

function note(failure: FailureClass, column: string, cell: string): void {
  cells.set(`${failure} ${column}`, cell)
}

function answeredBy(observed: Observed): string {
  return `answered by the ${observed.target?.endsWith('/two') === true ? 'second' : 'third'} target`
}

function refusal({ status, code }: Observed): string {
  return `${status} \`${code}\``
}

describe.each(failureClasses)('%s', (failure) => {
  const { fail, breakOff } = ways[failure]
  const { failsOver } = failureTraits[failure]

  describe.each(modes)('%s, before the commit point', (mode) => {
    it('on the first attempt', async () => {
      behaviour = new Map([['one', fail]])
      const seen = await observe(`${failure}-${mode}-first`, mode)
      expect(classesOf(seen.record)).toEqual(failsOver ? [failure, 'ok'] : [failure])
      if (failsOver) {
        expect(seen).toMatchObject({ text: 'fine', status: 200, calls: ['one', 'two'] })
        expect(seen.target).toMatch(/\/two$/)
      } else expect(seen).toMatchObject({ text: '', status: 400, calls: ['one'] })
      note(failure, `${mode} first`, failsOver ? answeredBy(seen) : refusal(seen))
    })

    it('on a later attempt', async () => {
      behaviour = new Map([
        ['one', ways.server_error.fail],
        ['two', fail],
      ])
      const seen = await observe(`${failure}-${mode}-later`, mode)
      expect(classesOf(seen.record)).toEqual(failsOver ? ['server_error', failure, 'ok'] : ['server_error', failure])
      if (failsOver) expect(seen).toMatchObject({ text: 'fine', status: 200, calls: ['one', 'two', 'three'] })
      else expect(seen).toMatchObject({ text: '', status: 400, calls: ['one', 'two'] })
      note(failure, `${mode} later`, failsOver ? answeredBy(seen) : refusal(seen))
    })

    it('on every attempt', async () => {
      behaviour = new Map(['one', 'two', 'three'].map((model) => [model, fail]))
      const seen = await observe(`${failure}-${mode}-every`, mode)
      if (failure === 'latency') {
        // A wish, not a limit: the last one has none, so a slow answer still is one.
        expect(seen).toMatchObject({ text: 'fine', status: 200, calls: ['one', 'two', 'three'] })
        note(failure, `${mode} every`, 'answered late by the last target')
        return
      }
      expect(seen.calls).toEqual(failsOver ? ['one', 'two', 'three'] : ['one'])
      expect(seen.status).toBeGreaterThanOrEqual(400)
      expect(seen.code).not.toBeNull()
      // Which of the others OpenAI's clients would ask again for.
      if (Number(seen.status) >= 429) expect(seen.shouldRetry).toBe('false')
      note(failure, `${mode} every`, refusal(seen))
    })
  })

  describe('stream, after the commit point', () => {
    it.each(['first', 'later'] as const)('on the %s attempt', async (position) => {
      const hit = position === 'first' ? 'one' : 'two'
      behaviour = new Map([
        ['one', ways.server_error.fail],
        [
          hit,
          (request) => {
            beginStream(request)
            breakOff(request)
          },
        ],
      ])
      const seen = await observe(`${failure}-stream-after-${position}`, 'stream')
      const calls = position === 'first' ? ['one'] : ['one', 'two']
      expect(seen.calls).toEqual(calls)
      expect(seen.target).toMatch(new RegExp(`/${hit}$`))
      if (failure === 'latency') {
        expect(seen).toMatchObject({ text: 'so far, and on', status: 200, code: null })
        note(failure, `stream after ${position}`, 'goes on: the target was about the first content')
        return
      }
      // Whatever it was, the caller is told inside the stream, and nothing else runs.
      expect(seen).toMatchObject({ text: 'so far', status: null })
      expect(seen.code).not.toBeNull()
      note(failure, `stream after ${position}`, `its text so far, then an error event \`${seen.code}\``)
    })
  })
})

describe('a plain answer, after the commit point', () => {
  it('is whole, whatever the provider does next', async () => {
    behaviour = new Map([
      [
        'one',
        (request) => {
          answerWell(request)
          setTimeout(() => request.socket.resetAndDestroy(), 5)
        },
      ],
    ])
    for (const failure of failureClasses) {
      const seen = await observe(`${failure}-plain-after-first`, 'plain')
      expect(seen).toMatchObject({ text: 'fine', status: 200, calls: ['one'] })
      note(failure, 'plain after', 'whole: it is sent in one piece')
    }
  })
})

it('docs/failures.md holds this table, without an empty cell', () => {
  const page = renderPage((failure, column) => {
    const cell = cells.get(`${failure} ${column}`)
    if (cell === undefined) throw new Error(`nothing was observed for ${failure}, ${column}`)
    return cell
  })
  const file = join(import.meta.dirname, '../../docs/failures.md')
  if (process.env['AIGW_WRITE_DOCS'] === '1') writeFileSync(file, page)
  expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(page)
})
