/** What `/metrics` says, against traffic that is known to the last request. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { metrics } from '../../gateway/runtime/metrics/exposition.ts'
import type { Simulator } from '../../gateway/simulators/simulator.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts'
import { startTestGateway, until } from '../support/gateway.ts'
import { Exposed } from '../support/prometheus.ts'
import { callRaw, chatText } from '../support/raw.ts'

let a: Simulator
let b: Simulator
let folder = ''
const open: TestGateway[] = []
beforeAll(async () => {
  a = await startSimulator({ name: 'a', seed: 1 })
  b = await startSimulator({ name: 'b', seed: 2 })
})
afterAll(async () => {
  await a.close()
  await b.close()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aigw-metrics-'))
})
afterEach(async () => {
  for (const simulator of [a, b]) {
    await simulator.behave({
      faults: [],
      firstContentMs: 0,
      tokensPerSecond: null,
      chunks: null,
      reply: null,
      next: [],
    })
  }
  for (const gateway of open.splice(0)) await gateway.close()
  rmSync(folder, { recursive: true, force: true })
})

const manifestOf = (more: object = {}, modelOfA = 'model-a') => ({
  providers: {
    a: { type: 'mistral', base_url: a.baseUrl, api_key: { env: 'TEST_KEY' } },
    b: { type: 'openai-compatible', base_url: b.baseUrl, api_key: { env: 'TEST_KEY' } },
  },
  ai_routes: [
    {
      name: 'chat',
      match: { model: 'm' },
      strategy: 'priority',
      targets: [
        { provider: 'a', model: modelOfA },
        { provider: 'b', model: 'model-b' },
      ],
    },
  ],
  ...more,
})

async function start(options: Partial<TestGatewayOptions> = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({ manifest: JSON.stringify(manifestOf()), ...options })
  open.push(gateway)
  return gateway
}

const ask = (gateway: TestGateway, more: object = {}) =>
  fetch(`${gateway.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], ...more }),
  })

async function answer(gateway: TestGateway, more: object = {}): Promise<number> {
  const reply = await ask(gateway, more)
  await reply.text()
  return reply.status
}

async function scrape({ gateway }: TestGateway): Promise<Exposed> {
  const reply = await fetch(`${gateway.adminUrl}/metrics`)
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  return new Exposed(await reply.text())
}

describe('requests and attempts', () => {
  it('are counted by what came of them, as callers saw it and as targets did', async () => {
    const gateway = await start()
    for (let request = 0; request < 3; request += 1) expect(await answer(gateway)).toBe(200)
    const reset = { faults: [{ kind: 'reset' as const }] }
    // One reset on a connection that has been used is no failed attempt yet: it is sent once more on a fresh one.
    await a.behave({ next: [{ faults: [{ kind: 'status', status: 503 }] }, reset, reset] })
    expect(await answer(gateway)).toBe(200)
    expect(await answer(gateway, { stream: true })).toBe(200)
    await a.behave({ next: [{ faults: [{ kind: 'status', status: 400, message: 'too hot' }] }] })
    expect(await answer(gateway)).toBe(400)
    expect(await answer(gateway, { model: 'nobody has this' })).toBe(404)
    expect((await fetch(`${gateway.gateway.url}/v1/nothing`)).status).toBe(404)
    const exposed = await scrape(gateway)

    const requests = 'aigw_requests_total'
    const route = { aigw_route: 'chat' }
    expect(exposed.sum(requests, { ...route, aigw_outcome: 'served', http_response_status_code: '200' })).toBe(5)
    expect(exposed.sum(requests, { ...route, aigw_outcome: 'failed', error_type: 'invalid_request' })).toBe(1)
    expect(exposed.sum(requests, { aigw_outcome: 'failed', error_type: 'route_not_found' })).toBe(1)
    expect(exposed.sum(requests, { aigw_outcome: 'refused', error_type: 'unknown_path' })).toBe(1)
    expect(exposed.sum(requests)).toBe(8)

    const attempts = 'aigw_attempts_total'
    const byClass = (target: string) =>
      Object.fromEntries(
        exposed.series(attempts, { aigw_target: target }).map(({ labels, value }) => [labels['aigw_class'], value]),
      )
    expect(byClass('a/model-a')).toEqual({ ok: 3, server_error: 1, connection: 1, invalid_request: 1 })
    expect(byClass('b/model-b')).toEqual({ ok: 2 })

    const client = 'gen_ai_client_operation_duration_seconds_count'
    const named = { gen_ai_operation_name: 'chat', gen_ai_provider_name: 'mistral_ai', gen_ai_request_model: 'model-a' }
    expect(exposed.sum(client, { ...named, aigw_target: 'a/model-a' })).toBe(6)
    expect(exposed.sum(client, { ...named, error_type: 'connection' })).toBe(1)
    expect(exposed.series(client, named).filter(({ labels }) => !('error_type' in labels))).toMatchObject([
      { value: 3 },
    ])

    const server = 'gen_ai_server_request_duration_seconds_count'
    expect(exposed.sum(server, { ...route, aigw_target: 'a/model-a' })).toBe(4)
    expect(exposed.sum(server, { ...route, aigw_target: 'b/model-b' })).toBe(2)
    expect(exposed.sum('gen_ai_server_time_to_first_token_seconds_count', { aigw_target: 'b/model-b' })).toBe(1)
    expect(exposed.sum('gen_ai_client_operation_time_to_first_chunk_seconds_count')).toBe(1)
    // Every answer had a head of ours but the one for an unknown path, which no execution made.
    expect(exposed.sum('aigw_overhead_seconds_count')).toBe(7)
  })

  it('have their times and tokens in the right buckets', async () => {
    const gateway = await start()
    const usage = { promptTokens: 100, completionTokens: 5 }
    await a.behave({ firstContentMs: 350, reply: { text: 'Hi', usage } })
    expect(await answer(gateway, { stream: true })).toBe(200)
    const exposed = await scrape(gateway)
    const upTo = (name: string, le: string, labels: object = {}) => exposed.sum(`${name}_bucket`, { le, ...labels })
    for (const name of [
      'gen_ai_server_time_to_first_token_seconds',
      'gen_ai_client_operation_time_to_first_chunk_seconds',
      'gen_ai_client_operation_duration_seconds',
      'gen_ai_server_request_duration_seconds',
    ]) {
      expect([name, upTo(name, '0.32'), upTo(name, '+Inf')]).toEqual([name, 0, 1])
      expect(exposed.sum(`${name}_sum`)).toBeGreaterThan(0.34)
    }
    expect(await answer(gateway)).toBe(200)
    const plain = await scrape(gateway)
    const tokens = (type: string, part: string, le?: string) =>
      plain.sum(`gen_ai_client_token_usage_${part}`, { gen_ai_token_type: type, ...(le !== undefined && { le }) })
    expect([tokens('input', 'bucket', '64'), tokens('input', 'bucket', '256')]).toEqual([0, 1])
    expect([tokens('output', 'bucket', '4'), tokens('output', 'bucket', '16')]).toEqual([0, 1])
    expect([tokens('input', 'sum'), tokens('output', 'sum')]).toEqual([100, 5])
    // Waiting for the provider is not our share of it.
    expect(exposed.sum('aigw_overhead_seconds_sum')).toBeLessThan(0.32)
  })

  it('tell a caller who hung up from one whom we cut off', async () => {
    const gateway = await start({ drainTimeoutMs: 400 })
    await a.behave({ tokensPerSecond: 20, chunks: 600 })
    const gone = await callRaw(
      gateway.gateway.url,
      chatText({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: true }),
    )
    await gone.receives(/data: /)
    gone.socket.destroy()
    await until('it is noticed', () => gateway.logs.some(({ event }) => event === 'request'))
    const kept = await callRaw(
      gateway.gateway.url,
      chatText({ model: 'm', messages: [{ role: 'user', content: 'Hello' }], stream: true }),
    )
    await kept.receives(/data: /)
    const exposed = await scrape(gateway)
    expect(exposed.sum('aigw_requests_total', { aigw_outcome: 'abandoned', error_type: 'caller_gone' })).toBe(1)
    expect(exposed.sum('aigw_attempts_total', { aigw_class: 'caller_gone' })).toBe(1)
    expect(exposed.sum('aigw_requests_in_flight')).toBe(1)
    expect(exposed.sum('aigw_generation_requests', { aigw_generation: '1' })).toBe(1)
    expect(exposed.sum('aigw_generation_finished_total')).toBe(1)
    await gateway.gateway.close()
    const requests = gateway.logs.filter(({ event }) => event === 'request')
    expect(requests.map(({ level, message }) => [level, message])).toEqual([
      ['info', 'abandoned'],
      ['warn', 'cut'],
    ])
    expect(gateway.logs.at(-1)).toMatchObject({ event: 'stopped', level: 'warn', fields: { cut: 1 } })
  })
})

describe('series', () => {
  it('are named by the manifest alone, however oddly, and never by a caller', async () => {
    const odd = 'a"quoted"\\name\\nof{two=lines}'
    const gateway = await start({ manifest: JSON.stringify(manifestOf({}, odd)) })
    expect(await answer(gateway)).toBe(200)
    for (let caller = 0; caller < 20; caller += 1) {
      await answer(gateway, { model: `sk-caller-text-${caller}` })
      await answer(gateway, { messages: `caller-text-${caller}` })
      await (await fetch(`${gateway.gateway.url}/v1/caller-text-${caller}`)).text()
    }
    const exposed = await scrape(gateway)
    expect(exposed.sum('aigw_attempts_total', { aigw_target: `a/${odd}` })).toBe(1)
    expect(exposed.series('aigw_requests_total')).toHaveLength(4)
    expect(exposed.sum('aigw_requests_total')).toBe(61)
    expect(JSON.stringify([exposed.families, gateway.logs])).not.toContain('caller-text')
  })

  it('are the ones that are defined, each with its labels and no other', async () => {
    const gateway = await start()
    await answer(gateway, { stream: true, stream_options: { include_usage: true } })
    const exposed = await scrape(gateway)
    expect(exposed.families.map(({ name, type, help }) => ({ name, type, help }))).toEqual(
      metrics.map(({ name, type, help }) => ({ name, type, help })),
    )
    for (const { name, labels } of metrics) {
      const used = exposed.family(name).series.flatMap((one) => Object.keys(one.labels))
      expect(labels, name).toEqual(expect.arrayContaining([...new Set(used)].filter((one) => one !== 'le')))
    }
  })

  it('stay the same over scrapes that overlap', async () => {
    const gateway = await start()
    for (let request = 0; request < 5; request += 1) await answer(gateway)
    const all = await Promise.all(Array.from({ length: 8 }, async () => await scrape(gateway)))
    expect(all.map((exposed) => exposed.sum('aigw_requests_total'))).toEqual(Array.from({ length: 8 }, () => 5))
  })
})

describe('the state of things', () => {
  it('shows breakers, what serves, and the audit trail', async () => {
    const health = { consecutive_failures: 2 }
    const gateway = await start({ manifest: JSON.stringify(manifestOf({ health })) })
    await a.behave({ faults: [{ kind: 'status', status: 503 }] })
    for (let request = 0; request < 3; request += 1) expect(await answer(gateway)).toBe(200)
    const exposed = await scrape(gateway)
    const state = (target: string, of: string) =>
      exposed.sum('aigw_breaker_state', { aigw_target: target, aigw_state: of })
    expect(['closed', 'open', 'half_open'].map((of) => state('a/model-a', of))).toEqual([0, 1, 0])
    expect(['closed', 'open', 'half_open'].map((of) => state('b/model-b', of))).toEqual([1, 0, 0])
    expect(exposed.sum('aigw_target_held_back', { aigw_target: 'a/model-a' })).toBe(1)
    expect(exposed.sum('aigw_health_changes_total', { aigw_target: 'a/model-a', aigw_change: 'breaker_opened' })).toBe(
      1,
    )
    expect(exposed.sum('aigw_ready')).toBe(1)
    expect(exposed.series('aigw_revision_info')).toMatchObject([
      { labels: { aigw_revision: gateway.gateway.revision() }, value: 1 },
    ])
    expect(exposed.sum('aigw_reloads_total', { aigw_result: 'accepted' })).toBe(1)
    expect(exposed.sum('aigw_source_state', { aigw_state: 'ok' })).toBe(1)
    expect(exposed.series('aigw_store_head')).toEqual([])
    // Started, one generation, one breaker, three records.
    expect(exposed.sum('aigw_spool_last_seq')).toBe(5)
    expect(exposed.sum('aigw_spool_failing')).toBe(0)
    expect(exposed.sum('aigw_spool_written_bytes_total')).toBeGreaterThan(1000)
    expect(exposed.sum('aigw_spool_segments')).toBe(2)
    expect(exposed.sum('aigw_open_connections', { aigw_listener: 'admin' })).toBeGreaterThan(0)
    expect(exposed.sum('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
    expect(exposed.sum('nodejs_eventloop_time_seconds_total', { nodejs_eventloop_state: 'active' })).toBeGreaterThan(0)
    expect(exposed.series('aigw_build_info')).toMatchObject([{ labels: { aigw_version: '0.0.0-test' } }])
  })

  it('says nothing of an audit trail that is not kept', async () => {
    const exposed = await scrape(await start({ spoolDirectory: null }))
    expect(
      exposed.families.flatMap(({ series }) => series).filter(({ name }) => name.startsWith('aigw_spool')),
    ).toEqual([])
  })

  it('counts a reload that is refused, and requests on the table they started on', async () => {
    const gateway = await start()
    // Long enough for a reload on a machine that has other things to do.
    await a.behave({ tokensPerSecond: 100, chunks: 400 })
    const stream = await ask(gateway, { stream: true })
    gateway.writeManifest(JSON.stringify(manifestOf({}, 'model-a2')))
    await until('the new table serves', () => gateway.gateway.report().generation === 2)
    const during = await scrape(gateway)
    expect(during.sum('aigw_generations')).toBe(2)
    expect(during.sum('aigw_generation_requests', { aigw_generation: '1' })).toBe(1)
    await stream.text()
    await until('the old one is gone', () => gateway.gateway.report().draining.length === 0)
    gateway.writeManifest('{"ai_routes": 7}')
    await until('it is refused', () => gateway.gateway.report().problem !== null)
    const after = await scrape(gateway)
    expect(after.sum('aigw_generations')).toBe(1)
    expect(after.sum('aigw_generation_finished_total', { aigw_generation: '1' })).toBe(1)
    expect(after.sum('aigw_generation_cut_total')).toBe(0)
    expect(after.sum('aigw_reloads_total', { aigw_result: 'accepted' })).toBe(2)
    expect(after.sum('aigw_reloads_total', { aigw_result: 'refused' })).toBe(1)
    expect(after.sum('aigw_last_reload_accepted')).toBe(0)
    expect(after.sum('aigw_last_reload_timestamp_seconds')).toBeGreaterThan(
      after.sum('aigw_last_accepted_reload_timestamp_seconds'),
    )
  })

  it('names connections whose key is missing, until it is there', async () => {
    const file = join(folder, 'key')
    const manifest = JSON.stringify(manifestOf()).replace('{"env":"TEST_KEY"}', JSON.stringify({ file }))
    const gateway = await start({ manifest })
    expect((await scrape(gateway)).series('aigw_secret_missing')).toMatchObject([{ labels: { aigw_connection: 'a' } }])
    writeFileSync(file, 'sk-now-it-is-there')
    await until('it is found', () => gateway.logs.some(({ event }) => event === 'secret_found'))
    const exposed = await scrape(gateway)
    expect(exposed.series('aigw_secret_missing')).toEqual([])
    expect(exposed.sum('aigw_missing_secrets')).toBe(0)
  })
})
