/** What of a request does not reach a provider as it was asked for: who is told, and who is asked instead. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { replayRecorded, replayWhatIf } from '../../cli/replay/index.ts'
import { compileManifest } from '../../gateway/core/manifest/compile.ts'
import { readManifest } from '../../gateway/core/manifest/read.ts'
import type { RoutingTable } from '../../gateway/core/routing/table.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import { validateErrorResponse } from '../../schemas/validate-error-response.ts'
import { validateSpoolLine } from '../../schemas/validate-spool.ts'
import type { TestGateway } from '../support/gateway.ts'
import { spoolLines, startTestGateway } from '../support/gateway.ts'

let takesAll: Simulator
let strict: Simulator
let local: Simulator
beforeAll(async () => {
  takesAll = await startSimulator({ name: 'takes-all', seed: 1 })
  strict = await startSimulator({ name: 'strict', style: 'mistral', seed: 2 })
  local = await startSimulator({ name: 'local', wire: 'ollama-chat', seed: 3 })
})
afterAll(async () => {
  await Promise.all([takesAll.close(), strict.close(), local.close()])
})

let running: TestGateway | null = null
afterEach(async () => {
  for (const simulator of [takesAll, strict, local]) {
    await simulator.behave({ faults: [] })
    simulator.clearRequests()
  }
  await running?.close()
  running = null
})

interface Setting {
  /** In the order of priority. */
  readonly targets: readonly ('all' | 'strict' | 'local')[]
  readonly refuseLoss?: boolean
  readonly content?: 'text' | 'features'
}

/** One route to these targets, one after the other. */
function manifestFor({ targets, refuseLoss = false, content = 'text' }: Setting): string {
  return `providers:
  all: {type: openrouter, base_url: "${takesAll.baseUrl}", api_key: {env: TEST_KEY}}
  strict: {type: mistral, base_url: "${strict.baseUrl}", api_key: {env: TEST_KEY}}
  local: {type: ollama, base_url: "${local.baseUrl}"}
ai_routes:
  - name: chat
    match: {model: m}
    strategy: priority
    on_loss: ${refuseLoss ? 'refuse' : 'declare'}
    audit: {content: ${content}}
    targets: [${targets.map((name) => `{provider: ${name}, model: x}`).join(', ')}]
`
}

async function start(setting: Setting): Promise<TestGateway> {
  running = await startTestGateway({ manifest: manifestFor(setting) })
  return running
}

function tableFor(setting: Setting): RoutingTable {
  const { manifest } = readManifest(manifestFor(setting), { file: null, variables: {} })
  if (manifest === null) throw new Error('the manifest is not valid')
  return compileManifest(manifest)
}

const hello = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }

async function ask(gateway: TestGateway, more: Readonly<Record<string, unknown>>) {
  const reply = await fetch(`${gateway.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...hello, ...more }),
  })
  const { headers } = reply
  return {
    status: reply.status,
    target: headers.get('x-aigw-target'),
    lost: headers.get('x-aigw-lost'),
    retry: headers.get('x-should-retry'),
    text: await reply.text(),
  }
}

/** Closes the gateway and reads its one record; every decision must come out the same when it is made again. */
async function recordOf(gateway: TestGateway) {
  const [record, ...more] = await gateway.records()
  expect(more).toEqual([])
  for (const line of await spoolLines(gateway.spool)) expect(validateSpoolLine(line)).toMatchObject({ valid: true })
  expect(await replayRecorded(gateway.spool)).toMatchObject({ requests: 1, equal: 1, undecidable: 0, differences: [] })
  return record
}

describe('what a provider says of a prompt', () => {
  it.each([
    ['text', { message: 'cannot read: Hello' }],
    ['features', {}],
  ] as const)('is in the record with audit.content %s: %j', async (content, kept) => {
    const gateway = await start({ targets: ['strict'], content })
    await strict.behave({ next: [{ faults: [{ kind: 'status', status: 400, message: 'cannot read: Hello' }] }] })
    // The caller wrote it, and is told.
    expect(await ask(gateway, {})).toMatchObject({ status: 400, text: expect.stringContaining('cannot read: Hello') })
    const { message } = (await recordOf(gateway))?.attempts[0] ?? {}
    expect(message === undefined ? {} : { message }).toEqual(kept)
    expect(JSON.stringify(await spoolLines(gateway.spool)).includes('cannot read: Hello')).toBe(content === 'text')
  })
})

describe.each([{ stream: false }, { stream: true }])('a request with $stream for stream', ({ stream }) => {
  it('that is carried whole says nothing', async () => {
    const gateway = await start({ targets: ['all', 'strict'] })
    const reply = await ask(gateway, { stream, seed: 7, logprobs: true, n: 1 })
    expect(reply).toMatchObject({ status: 200, target: 'all/x', lost: null })
    expect(takesAll.requests().at(-1)?.body).toMatchObject({ seed: 7, logprobs: true })
    expect(await recordOf(gateway)).not.toHaveProperty('lost')
    expect(gateway.logs.find(({ event }) => event === 'request')?.fields?.['lost'] ?? null).toBeNull()
  })

  it('loses what is dropped, and the caller, the record and the log are told', async () => {
    const gateway = await start({ targets: ['strict', 'all'] })
    const reply = await ask(gateway, { stream, logit_bias: { 5: 1 }, seed: 7, user: 'u', store: false })
    expect(reply).toMatchObject({ status: 200, target: 'strict/x', lost: 'logit_bias, user' })
    const sent = strict.requests().at(-1)?.body
    expect(sent).toMatchObject({ random_seed: 7 })
    // `store: false` asks for nothing: it is left out without being a loss.
    for (const field of ['logit_bias', 'user', 'store']) expect(sent).not.toHaveProperty(field)
    const record = await recordOf(gateway)
    expect(record).toMatchObject({ lost: ['logit_bias', 'user'], candidates: [{ tried: true }, { tried: false }] })
    expect(gateway.logs.find(({ event }) => event === 'request')?.fields).toMatchObject({
      lost: ['logit_bias', 'user'],
    })
  })

  it('says of what was only approximated that it was', async () => {
    const gateway = await start({ targets: ['local'] })
    const reply = await ask(gateway, { stream, reasoning_effort: 'low', verbosity: 'low', seed: 7 })
    expect(reply).toMatchObject({ status: 200, target: 'local/x', lost: 'reasoning_effort;approximated, verbosity' })
    expect(local.requests().at(-1)?.body).toMatchObject({ think: 'low', options: { seed: 7 } })
    expect(await recordOf(gateway)).toMatchObject({ lost: ['reasoning_effort;approximated', 'verbosity'] })
  })

  it('goes past a target that could only answer another question', async () => {
    const gateway = await start({ targets: ['local', 'all'] })
    const reply = await ask(gateway, { stream, n: 2 })
    expect(reply).toMatchObject({ status: 200, target: 'all/x', lost: null })
    expect(local.requests()).toEqual([])
    expect(takesAll.requests().at(-1)?.body).toMatchObject({ n: 2 })
    expect(await recordOf(gateway)).toMatchObject({
      candidates: [
        { target: 'local/x', tried: false, verdict: 'cannot_express', fields: ['n'] },
        { target: 'all/x', tried: true },
      ],
    })
  })

  it('that no target can express is 400, and names the part and why', async () => {
    const gateway = await start({ targets: ['strict', 'local'] })
    const reply = await ask(gateway, { stream, seed: 7, modalities: ['text', 'audio'], audio: { voice: 'a' } })
    expect(reply).toMatchObject({ status: 400, target: null, lost: null })
    const body: unknown = JSON.parse(reply.text)
    expect(validateErrorResponse(body)).toMatchObject({ valid: true })
    expect(body).toMatchObject({
      error: { type: 'invalid_request_error', code: 'unsupported_by_target', param: 'modalities' },
    })
    expect(reply.text).toContain('strict/x: cannot_express (modalities: ')
    expect(reply.text).toContain('local/x: cannot_express (modalities: answers are text; audio: answers are text)')
    expect(strict.requests()).toEqual([])
    expect(await recordOf(gateway)).toMatchObject({
      attempts: [],
      finish: { outcome: 'failed', status: 400, code: 'unsupported_by_target' },
    })
  })

  it('under `on_loss: refuse` goes past what would drop a part, and not past what approximates one', async () => {
    const gateway = await start({ targets: ['strict', 'local', 'all'], refuseLoss: true })
    const reply = await ask(gateway, { stream, logprobs: true, reasoning_effort: 'low' })
    expect(reply).toMatchObject({ status: 200, target: 'local/x', lost: 'reasoning_effort;approximated' })
    expect(strict.requests()).toEqual([])
    expect(await recordOf(gateway)).toMatchObject({
      candidates: [
        { target: 'strict/x', verdict: 'cannot_express', fields: ['logprobs'] },
        { target: 'local/x', tried: true },
        { target: 'all/x', tried: false },
      ],
    })
  })

  it('under `on_loss: refuse` is 400 when every target would drop something', async () => {
    const gateway = await start({ targets: ['strict', 'local'], refuseLoss: true })
    const reply = await ask(gateway, { stream, logit_bias: { 5: 1 } })
    expect(reply.status).toBe(400)
    expect(JSON.parse(reply.text)).toMatchObject({ error: { code: 'unsupported_by_target', param: 'logit_bias' } })
    await recordOf(gateway)
  })

  it('tells the losses of the target that answered, and of no other', async () => {
    const gateway = await start({ targets: ['strict', 'all'] })
    await strict.behave({ faults: [{ kind: 'status', status: 503 }] })
    const reply = await ask(gateway, { stream, logprobs: true })
    expect(strict.requests()).toHaveLength(1)
    expect(reply).toMatchObject({ status: 200, target: 'all/x', lost: null })
    expect(await recordOf(gateway)).not.toHaveProperty('lost')
  })
})

describe('what another manifest would lose of recorded requests', () => {
  it('is told by replay, and is what the gateway then loses', async () => {
    const asked = { logit_bias: { 5: 1 }, user: 'u', seed: 7 }
    const before = await start({ targets: ['all'] })
    await ask(before, asked)
    await ask(before, {})
    const manifest = { name: 'new', table: tableFor({ targets: ['strict'] }) }
    await before.records()
    const told = await replayWhatIf({
      capture: before.spool,
      manifest,
      against: null,
      scenario: null,
      assume: { '*': { total_ms: 10 } },
      seed: 1,
      instances: 1,
      model: null,
      stream: false,
      progress: () => {},
      tellCutOff: () => {},
    })
    const { losses } = told.sides[0]?.tally ?? {}
    expect(losses).toMatchObject({ requests: 1, unknown: 0 })
    const predicted = losses?.parts().map(({ target, part, fate }) => [target, part, fate])
    expect(predicted).toEqual([
      ['strict/x', 'logit_bias', 'dropped'],
      ['strict/x', 'user', 'dropped'],
    ])
    await before.close()
    const after = await start({ targets: ['strict'] })
    expect(await ask(after, asked)).toMatchObject({ target: 'strict/x', lost: 'logit_bias, user' })
    expect(await ask(after, {})).toMatchObject({ target: 'strict/x', lost: null })
  })
})

describe('names of fields that a caller makes up', () => {
  it.each([
    ['a line break', 'x\r\nx-evil: 1'],
    ['10 kB', 'x'.repeat(10_000)],
    ['another alphabet', 'поле'],
    ['half a character', '\ud800'],
    ['a list in itself', 'seed, n;approximated'],
  ])('never reach header, record or log, such as one with %s', async (_what, name) => {
    const gateway = await start({ targets: ['local'], content: 'features' })
    const reply = await ask(gateway, { [name]: 'on', keep_alive: '5m', safe_prompt: true })
    expect(reply).toMatchObject({ status: 200, lost: 'other, safe_prompt' })
    expect(local.requests().at(-1)?.body).toMatchObject({ keep_alive: '5m' })
    expect(Object.keys(Object(local.requests().at(-1)?.body))).not.toContain(name)
    await recordOf(gateway)
    const written = JSON.stringify([await spoolLines(gateway.spool), gateway.logs])
    expect(written).toContain('safe_prompt')
    expect(written).not.toContain(JSON.stringify(name).slice(1, 30))
  })

  it('pass to a provider that takes any field, whatever they are', async () => {
    const gateway = await start({ targets: ['all'] })
    const reply = await ask(gateway, { 'x\r\ny': 1, safe_prompt: true })
    expect(reply).toMatchObject({ status: 200, lost: null })
    expect(takesAll.requests().at(-1)?.body).toMatchObject({ 'x\r\ny': 1, safe_prompt: true })
  })

  it('are counted where they would not fit into a header, and are all in the record', async () => {
    const gateway = await start({ targets: ['local'] })
    const names = Array.from({ length: 200 }, (_, index) => `field_${String(index).padStart(50, '0')}`)
    const reply = await ask(gateway, Object.fromEntries(names.map((name) => [name, true])))
    expect(reply.status).toBe(200)
    const listed = (reply.lost ?? '').split(', ')
    const [, missing] = /^\.\.\.;more=(\d+)$/.exec(listed.at(-1) ?? '') ?? []
    expect((reply.lost ?? '').length).toBeLessThan(1100)
    expect(listed.slice(0, -1)).toEqual(names.slice(0, listed.length - 1))
    const record = await recordOf(gateway)
    expect(record?.lost).toEqual([...names.slice(0, 32), 'other'])
    expect(listed.length - 1 + Number(missing)).toBe(33)
  })
})
