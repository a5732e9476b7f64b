/** The way to a provider as a bank has it: its own authority, its own certificates, a proxy; and reloads that change none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Certificate, makeAuthority, makeCertificate } from '../support/certificates.ts'
import type { TestGateway, TestGatewayOptions } from '../support/gateway.ts'
import { spoolLines, startTestGateway, until } from '../support/gateway.ts'
import { startTestProxy, type TestProxy } from '../support/proxy.ts'
import { startTlsProvider, type TlsProvider } from '../support/tls-provider.ts'

let authority: Certificate
let good: Certificate
let ours: Certificate
let renewed: Certificate
beforeAll(async () => {
  authority = await makeAuthority()
  good = await makeCertificate({ by: authority })
  ours = await makeCertificate({ names: ['gateway-1'], by: authority })
  renewed = await makeCertificate({ names: ['gateway-2'], by: authority })
})

let provider: TlsProvider
let proxy: TestProxy
let folder = ''
const open: TestGateway[] = []
beforeEach(async () => {
  provider = await startTlsProvider({ certificate: good, clientsFrom: authority, http2: true })
  proxy = await startTestProxy()
  folder = mkdtempSync(join(tmpdir(), 'aigw-network-'))
  write({ ca: authority.cert, cert: ours.cert, key: ours.key })
})
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close()
  await provider.close()
  await proxy.close()
  rmSync(folder, { recursive: true, force: true })
})

const fileOf = (name: string) => join(folder, `${name}.pem`)

function write(texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) writeFileSync(fileOf(name), text)
}

function manifest(weight = 1, more = ''): string {
  const tls = `{ca: {file: "${fileOf('ca')}"}, cert: {file: "${fileOf('cert')}"}, key: {file: "${fileOf('key')}"}}`
  return `providers:
  a: {type: openai-compatible, base_url: "${provider.baseUrl}", api_key: {env: TEST_KEY}, tls: ${tls}${more}}
ai_routes:
  - {name: chat, match: {model: m}, targets: [{provider: a, model: x, weight: ${weight}}]}
`
}

async function start(options: Partial<TestGatewayOptions> = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({ manifest: manifest(), ...options })
  open.push(gateway)
  return gateway
}

const hello = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello' }] }
const ask = async ({ client }: TestGateway) => await client.chat.completions.create(hello)

describe('a reload', () => {
  it.each([
    ['HTTP/1.1', ''],
    ['HTTP/2', ', http2: true'],
  ])('that changes nothing of a connection makes no handshake (%s)', async (_what, more) => {
    const gateway = await start({ manifest: manifest(1, more) })
    await ask(gateway)
    expect(provider.handshakes()).toBe(1)
    for (let round = 2; round <= 6; round += 1) {
      gateway.writeManifest(manifest(round, more))
      await until('it serves', () => gateway.gateway.report().generation === round)
      await ask(gateway)
    }
    expect(provider.handshakes()).toBe(1)
    expect(provider.requests).toHaveLength(6)
  })

  it('that sends a connection through a proxy takes it there, and back', async () => {
    const gateway = await start()
    await ask(gateway)
    gateway.writeManifest(manifest(1, `, proxy: "${proxy.url}"`))
    await until('it serves', () => gateway.gateway.report().generation === 2)
    await ask(gateway)
    expect(proxy.asked).toEqual([`127.0.0.1:${provider.port}`])
    gateway.writeManifest(manifest())
    await until('it serves', () => gateway.gateway.report().generation === 3)
    await ask(gateway)
    expect(proxy.asked).toHaveLength(1)
    await until('what nobody uses is closed', () => provider.open() === 1)
  })
})

describe('a certificate of ours', () => {
  it('is taken from its files again when they change, and calls under way go on', async () => {
    const gateway = await start()
    provider.hold(true)
    const first = ask(gateway)
    await until('it has come', () => provider.requests.length === 1)
    write({ cert: renewed.cert, key: renewed.key })
    await until('it is noticed', () => gateway.gateway.report().generation === 2)
    provider.hold(false)
    expect((await first).choices[0]?.message.content).toBe('fine')
    await ask(gateway)
    expect(provider.requests.map(({ caller }) => caller)).toEqual(['gateway-1', 'gateway-2'])
    await until('the old connection is closed', () => provider.open() === 1)
  })

  it('whose key does not fit yet is not taken; the one before goes on, and this is said once', async () => {
    const gateway = await start()
    write({ cert: renewed.cert })
    const said = () => gateway.logs.filter(({ event }) => event === 'tls_unusable')
    await until('it is said', () => said().length > 0)
    expect(said()[0]?.message).toMatch(/do not belong together; what was there before goes on being used/)
    await ask(gateway)
    expect(provider.requests).toMatchObject([{ caller: 'gateway-1' }])
    write({ key: renewed.key })
    await until('it is whole', () => gateway.gateway.report().generation === 2)
    await ask(gateway)
    expect(provider.requests[1]).toMatchObject({ caller: 'gateway-2' })
    expect(said()).toHaveLength(1)
  })

  it('that cannot be used from the beginning keeps its targets from being asked, until it can', async () => {
    write({ key: renewed.key })
    const gateway = await start()
    await expect(ask(gateway)).rejects.toMatchObject({ status: 503 })
    expect(gateway.logs.find(({ event }) => event === 'tls_unusable')?.message).toMatch(/its targets are skipped until/)
    expect(provider.handshakes()).toBe(0)
    write({ key: ours.key })
    await until('it is noticed', () => gateway.gateway.report().generation === 2)
    await ask(gateway)
  })

  it('that cannot be used is refused where all secrets are required', async () => {
    write({ ca: 'nothing' })
    await expect(start({ requireSecrets: true })).rejects.toThrow(/secret of provider "a" is missing/)
  })

  it('is nowhere to be read but in its files', async () => {
    const gateway = await start()
    await ask(gateway)
    const status = JSON.stringify(await (await fetch(`${gateway.gateway.adminUrl}/status`)).json())
    await gateway.gateway.close()
    const kept = JSON.stringify([gateway.logs, await spoolLines(gateway.spool), status])
    expect(kept).toContain(fileOf('key'))
    expect(kept).not.toMatch(/BEGIN/)
    expect(kept).not.toContain(ours.key.split('\n')[1])
  })
})

describe('a provider that cannot be trusted', () => {
  it('is not talked to: the caller is told the class, the operator why', async () => {
    provider.present(await makeCertificate())
    const gateway = await start()
    await expect(ask(gateway)).rejects.toMatchObject({ status: 502, code: 'all_targets_failed' })
    expect(provider.requests).toEqual([])
    const words = /signed by nobody but itself: if it is the right one, name it in `tls.ca`/
    expect(gateway.logs.find(({ event }) => event === 'connection_failed')?.message).toMatch(words)
    const [record] = await gateway.records()
    expect(record?.attempts).toMatchObject([{ class: 'connection', message: expect.stringMatching(words) }])
  })
})
