/** How the gateway tells cloud providers who it is, through real gateways, with everyone else on loopback. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { simulatedKeys } from '../../gateway/simulators/bedrock-converse/signing.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../gateway/simulators/simulator.ts'
import { makeAuthority, makeCertificate } from '../support/certificates.ts'
import { type TestGateway, type TestGatewayOptions, startTestGateway, until } from '../support/gateway.ts'
import { startTestProxy } from '../support/proxy.ts'
import { startTlsProvider } from '../support/tls-provider.ts'
import { keyFile, keyLine, startTokenEndpoint, type TokenEndpoint, tokenFor } from '../support/token-endpoint.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

async function simulate(wire: NonNullable<SimulatorOptions['wire']>): Promise<Simulator> {
  const simulator = await startSimulator({ name: wire, wire })
  closers.push(() => simulator.close())
  return simulator
}

async function tokens(): Promise<TokenEndpoint> {
  const endpoint = await startTokenEndpoint()
  closers.push(() => endpoint.close())
  return endpoint
}

interface Wanted extends Partial<TestGatewayOptions> {
  /** What stands behind `cloud:` in the manifest. */
  readonly connection: string
  readonly model: string
  readonly route?: string
}

async function start({ connection, model, route = '', ...rest }: Wanted): Promise<TestGateway> {
  const manifest = [
    'providers:',
    `  cloud: ${connection}`,
    'ai_routes:',
    `  - {name: r, match: {model: m}, targets: [{provider: cloud, model: "${model}"}]${route}}`,
    '',
  ].join('\n')
  const gateway = await startTestGateway({ ...rest, manifest })
  closers.push(() => gateway.close())
  return gateway
}

const messages = [{ role: 'user' as const, content: 'Say hello.' }]

async function ask({ client }: TestGateway): Promise<string> {
  const { choices } = await client.chat.completions.create({ model: 'm', messages })
  return choices[0]?.message.content ?? ''
}

async function askStreamed({ client }: TestGateway): Promise<string> {
  const stream = await client.chat.completions.create({ model: 'm', messages, stream: true })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  return text
}

async function failure(asked: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await asked
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error
    throw error
  }
  throw new Error('it was answered')
}

/** Everything the gateway has said and kept: its log, its spool and its status. */
async function everythingSaid(gateway: TestGateway, ...more: readonly unknown[]): Promise<string> {
  const status = await (await fetch(`${gateway.gateway.adminUrl}/status`)).text()
  await gateway.records()
  const files = readdirSync(gateway.spool, { recursive: true, withFileTypes: true })
  const kept = files.flatMap((file) => (file.isFile() ? [readFileSync(join(file.parentPath, file.name), 'utf8')] : []))
  return JSON.stringify([gateway.logs, status, kept, more])
}

/** Microsoft's authority, played: the metadata of a tenant, and its tokens. */
async function startAuthority(answer: (response: ServerResponse, count: number) => void) {
  const authority = await makeAuthority()
  const certificate = await makeCertificate({ by: authority })
  const forms: URLSearchParams[] = []
  const server = createServer({ ...certificate }, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      response.setHeader('content-type', 'application/json')
      const tenant = `https://${request.headers.host}/tenant-1`
      if (request.url?.includes('openid-configuration') === true) {
        const [authorization_endpoint, token_endpoint] = [
          `${tenant}/oauth2/v2.0/authorize`,
          `${tenant}/oauth2/v2.0/token`,
        ]
        const issuer = `${tenant}/v2.0`
        response.end(JSON.stringify({ issuer, authorization_endpoint, token_endpoint, jwks_uri: `${tenant}/keys` }))
        return
      }
      forms.push(new URLSearchParams(Buffer.concat(parts).toString()))
      answer(response, forms.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo
  const own = { AZURE_TENANT_ID: 'tenant-1', AZURE_CLIENT_ID: 'client-1', AZURE_CLIENT_SECRET: 'client-secret-1' }
  const env = { ...own, AZURE_AUTHORITY_HOST: `https://127.0.0.1:${port}`, CA: authority.cert }
  return { env, forms, certificate }
}

const nova = 'eu.amazon.nova-lite-v1:0'
const { accessKeyId, secretAccessKey } = simulatedKeys

describe('AWS', () => {
  const profile = `[profile team]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
  const file = (): string => {
    const folder = mkdtempSync(join(tmpdir(), 'aigw-aws-'))
    closers.push(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'config'), profile)
    return join(folder, 'config')
  }
  const json = JSON.stringify({ Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey })
  it.each<[string, string, () => Readonly<Record<string, string>>]>([
    ['a pair of keys', ', api_key: {env: KEYS}', () => ({ KEYS: `${accessKeyId}:${secretAccessKey}` })],
    ['what `credential_process` prints', ', api_key: {env: KEYS}', () => ({ KEYS: json })],
    [
      'what `aws sts` prints',
      ', api_key: {env: KEYS}',
      () => ({ KEYS: JSON.stringify({ Credentials: { ...(JSON.parse(json) as object), SessionToken: 'a+b/c==' } }) }),
    ],
    ['the environment', '', () => ({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey })],
    ['a profile', '', () => ({ AWS_PROFILE: 'team', AWS_CONFIG_FILE: file(), AWS_SHARED_CREDENTIALS_FILE: '/none' })],
    ['a Bedrock key', ', auth: bearer', () => ({ AWS_BEARER_TOKEN_BEDROCK: 'bedrock-api-key-1' })],
  ])('is told by %s', async (_title, more, env) => {
    const simulator = await simulate('bedrock-converse')
    for (const model of [
      nova,
      'arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0',
    ]) {
      const connection = `{type: bedrock, base_url: "${simulator.baseUrl}", region: eu-central-1${more}}`
      const gateway = await start({ connection, model, env: env() })
      expect(await ask(gateway)).not.toBe('')
      expect(await askStreamed(gateway)).not.toBe('')
      expect(simulator.requests().at(-1)?.path).toBe(`/model/${encodeURIComponent(model)}/converse-stream`)
    }
  })

  it('is told the token of temporary keys', async () => {
    const simulator = await simulate('bedrock-converse')
    const connection = `{type: bedrock, base_url: "${simulator.baseUrl}", region: eu-central-1, api_key: {env: KEYS}}`
    const gateway = await start({ connection, model: nova, env: { KEYS: `${accessKeyId}:${secretAccessKey}:a+b/c==` } })
    await ask(gateway)
    expect(simulator.requests()[0]?.headers['x-amz-security-token']).toBe('a+b/c==')
  })

  it('refuses a wrong key, which nobody hears of but the operator, and nobody sees', async () => {
    const simulator = await simulate('bedrock-converse')
    const connection = `{type: bedrock, base_url: "${simulator.baseUrl}", region: eu-central-1, api_key: {env: KEYS}}`
    const wrong = 'wrong/wrong/wrong/wrong/wrong/wrong/wrong'
    const gateway = await start({ connection, model: nova, env: { KEYS: `${accessKeyId}:${wrong}` } })
    const error = await failure(ask(gateway))
    expect(error.status).toBe(502)
    expect(gateway.logs.find(({ event }) => event === 'target_misconfigured')?.message).toContain('signature')
    const said = await everythingSaid(gateway, error)
    expect(said).not.toContain(wrong)
    expect(said).not.toContain(
      /Signature=([0-9a-f]+)/.exec(String(simulator.requests()[0]?.headers.authorization))?.[1],
    )
  })

  it('says what to do where there are no credentials', async () => {
    const simulator = await simulate('bedrock-converse')
    const connection = `{type: bedrock, base_url: "${simulator.baseUrl}", region: eu-central-1}`
    const env = { AWS_PROFILE: 'nobody', AWS_CONFIG_FILE: '/none', AWS_BEARER_TOKEN_BEDROCK: 'bedrock-api-key-1' }
    const gateway = await start({ connection, model: nova, env })
    const error = await failure(ask(gateway))
    expect(error.status).toBe(502)
    const told = gateway.logs.find(({ event }) => event === 'target_misconfigured')?.message
    expect(told).toContain('no AWS credentials (')
    expect(told).toContain('set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role')
    expect(told).toContain('say `auth: bearer`')
    expect(simulator.requests()).toEqual([])
    expect(JSON.stringify(error)).not.toContain('AWS_')
    expect(await everythingSaid(gateway, error)).not.toContain(env.AWS_BEARER_TOKEN_BEDROCK)
  })

  it.each([
    'AKIDNOTWRITTENRIGHT and-its-secret',
    '{"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"s","SessionToken":"and-its-secret\\r\\nx: y"}',
    '{"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"and-its-secret","SessionToken":7}',
  ])('tells keys that are written otherwise when they are loaded, without repeating them: %#', async (written) => {
    const connection = '{type: bedrock, region: eu-central-1, api_key: {env: KEYS}}'
    const gateway = await start({ connection, model: nova, env: { KEYS: written } })
    expect(gateway.logs.find(({ event }) => event === 'credentials_unusable')?.message).toContain('`ID:SECRET`')
    expect(gateway.logs.find(({ event }) => event === 'secret_missing')?.message).toContain('cloud')
    expect(await everythingSaid(gateway)).not.toContain('and-its-secret')
  })
})

describe('Google', () => {
  const gemini = 'gemini-2.5-flash'

  async function startGoogle(more: Partial<Wanted> = {}, file?: string) {
    const [simulator, endpoint] = [await simulate('gemini-generate-content'), await tokens()]
    const connection =
      `{type: vertex, base_url: "${simulator.baseUrl}", project: p, region: us-central1, ` +
      `auth: service_account, api_key: ${file === undefined ? '{env: KEY}' : `{file: "${file}"}`}}`
    if (file !== undefined) writeFileSync(file, keyFile(endpoint.url))
    const gateway = await start({ connection, model: gemini, env: { KEY: keyFile(endpoint.url) }, ...more })
    return { simulator, endpoint, gateway }
  }

  const sentTokens = (simulator: Simulator) => simulator.requests().map(({ headers }) => headers.authorization)

  it('gets one token for all who ask at once, and for those after them', async () => {
    const { simulator, endpoint, gateway } = await startGoogle()
    await Promise.all(Array.from({ length: 10 }, () => ask(gateway)))
    expect(await askStreamed(gateway)).not.toBe('')
    expect(endpoint.asked()).toBe(1)
    expect(new Set(sentTokens(simulator))).toEqual(new Set(['Bearer ya29.token-1']))
    expect(simulator.requests()).toHaveLength(11)
    expect(simulator.requests()[0]?.path).toMatch(/^\/v1\/projects\/p\/locations\/us-central1\/publishers\/google\//)
    expect(endpoint.claims).toEqual([
      expect.objectContaining({
        iss: 'gateway@project.iam.gserviceaccount.com',
        scope: 'https://www.googleapis.com/auth/cloud-platform',
      }),
    ])
  })

  it('gets another one when the first is over, one for all again', async () => {
    const { simulator, endpoint, gateway } = await startGoogle()
    endpoint.answer = (response, count) => tokenFor(count === 1 ? 0 : 3600)(response, count)
    await ask(gateway)
    await Promise.all(Array.from({ length: 10 }, () => ask(gateway)))
    expect(endpoint.asked()).toBe(2)
    expect(sentTokens(simulator)).toEqual([
      'Bearer ya29.token-1',
      ...Array.from({ length: 10 }, () => 'Bearer ya29.token-2'),
    ])
  })

  it('keeps its token through a reload', async () => {
    const { endpoint, gateway } = await startGoogle()
    await ask(gateway)
    const manifest = readFileSync(join(gateway.folder, 'routes.yaml'), 'utf8')
    const before = gateway.gateway.revision()
    gateway.writeManifest(manifest.replace('name: r', 'name: other'))
    await until('the new manifest serves', () => gateway.gateway.revision() !== before)
    await ask(gateway)
    expect(endpoint.asked()).toBe(1)
  })

  it('asks with the new key once the file has one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aigw-google-'))
    closers.push(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'key.json')
    const { endpoint, gateway, simulator } = await startGoogle({}, file)
    await ask(gateway)
    // Half written: the key before goes on being used.
    writeFileSync(file, keyFile(endpoint.url).slice(0, 300))
    await until('the file is found of no use', () => gateway.logs.some(({ event }) => event === 'credentials_unusable'))
    await ask(gateway)
    expect(endpoint.asked()).toBe(1)
    writeFileSync(file, keyFile(endpoint.url, 'other@project.iam.gserviceaccount.com'))
    await until('the new key is used', async () => {
      await ask(gateway)
      return endpoint.asked() === 2
    })
    expect(endpoint.claims.at(-1)?.['iss']).toBe('other@project.iam.gserviceaccount.com')
    expect(sentTokens(simulator).at(-1)).toBe('Bearer ya29.token-2')
  })

  it.each<[string, TokenEndpoint['answer'], RegExp]>([
    [
      'refuses',
      (response) => {
        response.statusCode = 400
        response.setHeader('content-type', 'application/json')
        response.end('{"error":"invalid_grant","error_description":"Invalid JWT Signature."}')
      },
      /no access token from Google \(400: invalid_grant, Invalid JWT Signature\.\): see the key file under `api_key`/,
    ],
    [
      'answers garbage',
      (response) => void response.end('<html>log in</html>'),
      /no access token from Google \(Could not refresh access token\.\)/,
    ],
    ['hangs up', (response) => void response.destroy(), /no access token from Google \(no connection \(/],
    [
      'gives what no header can carry',
      (response) => {
        response.setHeader('content-type', 'application/json')
        response.end('{"access_token":"ya29.one\\r\\nx-other: two","expires_in":3600}')
      },
      /no access token from Google \(the token that came holds characters that no header can carry\)/,
    ],
    [
      'sends us elsewhere',
      (response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /no access token from Google \(the answer was 302\)/,
    ],
    [
      'goes on and on',
      (response) => {
        response.setHeader('content-type', 'application/json')
        response.end(`{"access_token":"ya29.${'a'.repeat(2 * 1024 * 1024)}","expires_in":3600}`)
      },
      /no access token from Google \(the answer goes on and on\)/,
    ],
  ])('says what is wrong where the end point %s, and nothing secret', async (_title, answer, told) => {
    const { endpoint, gateway, simulator } = await startGoogle()
    endpoint.answer = answer
    const error = await failure(ask(gateway))
    expect(error.status).toBe(502)
    expect(gateway.logs.find(({ event }) => event === 'target_misconfigured')?.message).toMatch(told)
    expect(simulator.requests()).toEqual([])
    const said = await everythingSaid(gateway, error, [...(error.headers ?? [])])
    expect(said).not.toContain(keyLine)
    expect(said).not.toMatch(/eyJ[\w-]+\.eyJ/)
  })

  it('tells nobody a token that the provider repeats', async () => {
    const { gateway, simulator } = await startGoogle()
    await simulator.behave({ faults: [{ kind: 'status', status: 403, message: 'no rights: Bearer ya29.token-1' }] })
    const error = await failure(ask(gateway))
    expect(await everythingSaid(gateway, error)).not.toContain('ya29')
  })

  it('asks for another token when one is refused', async () => {
    const { endpoint, gateway, simulator } = await startGoogle()
    await simulator.behave({ next: [{ faults: [{ kind: 'status', status: 401 }] }] })
    await failure(ask(gateway))
    await ask(gateway)
    expect(endpoint.asked()).toBe(2)
    expect(sentTokens(simulator)).toEqual(['Bearer ya29.token-1', 'Bearer ya29.token-2'])
  })

  it('fails over while it waits for a token that does not come', async () => {
    const spare = await startSimulator({ name: 'spare' })
    closers.push(() => spare.close())
    const { endpoint, gateway, simulator } = await startGoogle()
    endpoint.answer = () => {}
    const manifest = readFileSync(join(gateway.folder, 'routes.yaml'), 'utf8')
      .replace('providers:\n', `providers:\n  spare: {type: openai-compatible, base_url: "${spare.baseUrl}"}\n`)
      .replace(/model: "gemini[^}]+\}\]/, '$&, fallback: spare/x')
      .replace(`model: "${gemini}"}`, `model: "${gemini}", attempt_timeout_ms: 100}`)
    const before = gateway.gateway.revision()
    gateway.writeManifest(manifest)
    await until('the new manifest serves', () => gateway.gateway.revision() !== before)
    expect(await ask(gateway)).not.toBe('')
    expect(simulator.requests()).toEqual([])
    const [record] = (await gateway.records()).slice(-1)
    expect(record?.attempts.map(({ class: end }) => end)).toEqual(['timeout', 'ok'])
  })

  it('sends nothing for a caller who hung up meanwhile', async () => {
    const { endpoint, gateway, simulator } = await startGoogle()
    const waiting = Promise.withResolvers<() => void>()
    endpoint.answer = (response, count) => waiting.resolve(() => tokenFor(3600)(response, count))
    const abort = new AbortController()
    const asked = gateway.client.chat.completions.create({ model: 'm', messages }, { signal: abort.signal })
    const give = await waiting.promise
    abort.abort()
    await expect(asked).rejects.toThrow()
    await until('the gateway has seen it', () => gateway.logs.some(({ event }) => event === 'request'))
    give()
    // The token is good for the next one, who finds it there.
    await ask(gateway)
    expect(endpoint.asked()).toBe(1)
    expect(simulator.requests()).toHaveLength(1)
  })

  it('waits for no token once it is over', async () => {
    const { endpoint, gateway } = await startGoogle({ drainTimeoutMs: 10 })
    const asked = Promise.withResolvers<ServerResponse>()
    endpoint.answer = (response) => asked.resolve(response)
    const waiting = ask(gateway).catch(() => 'cut off')
    const response = await asked.promise
    const gone = new Promise((resolve) => response.once('close', resolve))
    await gateway.gateway.close()
    // Left alone it would be open for ten seconds more, and the process with it.
    await gone
    expect(await waiting).toBe('cut off')
    expect(gateway.logs.at(-1)?.event).toBe('stopped')
  }, 8000)

  it('asks through the proxy of the connection', async () => {
    const proxy = await startTestProxy()
    closers.push(() => proxy.close())
    const [simulator, endpoint] = [await simulate('gemini-generate-content'), await tokens()]
    const connection =
      `{type: vertex, base_url: "${simulator.baseUrl}", project: p, region: us-central1, ` +
      `auth: service_account, api_key: {env: KEY}, proxy: "${proxy.url}"}`
    const gateway = await start({ connection, model: gemini, env: { KEY: keyFile(endpoint.url) } })
    await ask(gateway)
    expect(proxy.asked).toEqual([new URL(endpoint.url).host, new URL(simulator.url).host])
  })

  it('finds the key file that its environment names, by default', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aigw-google-'))
    closers.push(() => rmSync(folder, { recursive: true }))
    const [simulator, endpoint] = [await simulate('gemini-generate-content'), await tokens()]
    writeFileSync(join(folder, 'adc.json'), keyFile(endpoint.url))
    const connection = `{type: vertex, base_url: "${simulator.baseUrl}", project: p, region: us-central1}`
    const env = { GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'adc.json') }
    expect(await ask(await start({ connection, model: gemini, env }))).not.toBe('')
    const without = await start({
      connection,
      model: gemini,
      env: { GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'no') },
    })
    await failure(ask(without))
    expect(without.logs.find(({ event }) => event === 'target_misconfigured')?.message).toMatch(
      /no access token from Google \(.+\): see GOOGLE_APPLICATION_CREDENTIALS/,
    )
  })

  it('takes a token that somebody else keeps fresh', async () => {
    const simulator = await simulate('gemini-generate-content')
    const connection =
      `{type: vertex, base_url: "${simulator.baseUrl}", project: p, region: us-central1, ` +
      'auth: access_token, api_key: {env: TOKEN}}'
    await ask(await start({ connection, model: gemini, env: { TOKEN: 'ya29.fresh' } }))
    expect(sentTokens(simulator)).toEqual(['Bearer ya29.fresh'])
  })

  it('serves Claude in its own language, under paths of its own', async () => {
    const simulator = await simulate('gemini-generate-content')
    const connection =
      `{type: vertex, base_url: "${simulator.baseUrl}", project: p, region: global, ` +
      'auth: access_token, api_key: {env: TOKEN}}'
    const gateway = await start({ connection, model: 'claude-sonnet-4-5@20250929', env: { TOKEN: 'ya29.fresh' } })
    expect(await ask(gateway)).not.toBe('')
    expect(await askStreamed(gateway)).not.toBe('')
    const at = '/v1/projects/p/locations/global/publishers/anthropic/models/claude-sonnet-4-5@20250929'
    expect(simulator.requests().map(({ path }) => path)).toEqual([`${at}:rawPredict`, `${at}:streamRawPredict`])
    expect(simulator.requests()[0]?.body).toMatchObject({ anthropic_version: 'vertex-2023-10-16', messages: [{}] })
    expect(simulator.requests()[0]?.body).not.toHaveProperty('model')
    expect(simulator.requests()[0]?.headers).not.toHaveProperty('anthropic-version')
    // What Google says of it, it says its own way.
    await simulator.behave({
      faults: [{ kind: 'status', status: 429, message: 'Quota exceeded for online prediction' }],
    })
    const error = await failure(ask(gateway))
    expect([error.status, error.message]).toEqual([
      429,
      expect.stringContaining('Quota exceeded for online prediction'),
    ])
  })
})

describe('Azure', () => {
  const give = (response: ServerResponse, count: number) =>
    response.end(JSON.stringify({ token_type: 'Bearer', expires_in: 3600, access_token: `entra-token-${count}` }))

  it('is told by a token of Entra, asked for once, at both kinds of address', async () => {
    const { env, forms, certificate } = await startAuthority(give)
    const provider = await startTlsProvider({ certificate })
    closers.push(() => provider.close())
    const origin = new URL(provider.baseUrl).origin
    const tls = 'tls: {ca: {env: CA}}'
    const older = await start({
      connection: `{type: azure-openai, base_url: "${origin}", api_version: "2024-10-21", auth: entra, deployment_name: {gpt-x: ours}, ${tls}}`,
      model: 'gpt-x',
      env,
    })
    await Promise.all(Array.from({ length: 5 }, () => ask(older)))
    expect(forms).toHaveLength(1)
    expect(forms[0]?.get('scope')).toContain('https://cognitiveservices.azure.com/.default')
    const newer = await start({
      connection: `{type: azure-openai, base_url: "${origin}/openai/v1", auth: entra, deployment_name: {gpt-x: ours}, ${tls}}`,
      model: 'gpt-x',
      env,
    })
    await ask(newer)
    const seen = provider.requests.map(({ path, headers, body }) => {
      return [path, headers['authorization'], headers['api-key'], (JSON.parse(body) as { model?: string }).model]
    })
    const before = '/openai/deployments/ours/chat/completions?api-version=2024-10-21'
    expect(seen[0]).toEqual([before, 'Bearer entra-token-1', undefined, undefined])
    expect(seen[5]).toEqual(['/openai/v1/chat/completions', 'Bearer entra-token-2', undefined, 'ours'])
  })

  it('says what is wrong where Entra refuses, and nothing secret', async () => {
    const { env, certificate } = await startAuthority((response) => {
      response.statusCode = 401
      const error_description = 'AADSTS7000215: Invalid client secret provided.'
      response.end(JSON.stringify({ error: 'invalid_client', error_description, error_codes: [7000215] }))
    })
    const provider = await startTlsProvider({ certificate })
    closers.push(() => provider.close())
    const connection = `{type: azure-openai, base_url: "${provider.baseUrl}", api_version: v, auth: entra, tls: {ca: {env: CA}}}`
    const gateway = await start({ connection, model: 'x', env })
    const error = await failure(ask(gateway))
    expect(error.status).toBe(502)
    const told = gateway.logs.find(({ event }) => event === 'target_misconfigured')?.message
    expect(told).toMatch(/no access token from Entra \(.*AADSTS7000215.*\): see AZURE_TENANT_ID/)
    expect(provider.requests).toEqual([])
    expect(await everythingSaid(gateway, error)).not.toContain(env.AZURE_CLIENT_SECRET)
  })

  it('takes a key, or a token that somebody else keeps fresh', async () => {
    const simulator = await startSimulator({ name: 'azure', style: 'azure-openai' })
    closers.push(() => simulator.close())
    const connection = (more: string) =>
      `{type: azure-openai, base_url: "${simulator.url}", api_version: v, api_key: {env: KEY}${more}}`
    await ask(await start({ connection: connection(''), model: 'x', env: { KEY: 'key-1' } }))
    await ask(await start({ connection: connection(', auth: entra'), model: 'x', env: { KEY: 'token-1' } }))
    const sent = simulator.requests().map(({ headers }) => [headers['api-key'], headers.authorization])
    expect(sent).toEqual([
      ['key-1', undefined],
      [undefined, 'Bearer token-1'],
    ])
  })
})

describe('libraries for signatures and tokens', () => {
  const libraries = ['@smithy/signature-v4', '@aws-sdk/', 'google-auth-library', '@azure/identity']

  it('are not loaded by a gateway, before a connection needs them', () => {
    const main = new URL('../../gateway/main.ts', import.meta.url).href
    const script = `
      import { registerHooks } from 'node:module'
      const seen = []
      registerHooks({ resolve: (name, context, next) => { seen.push(name); return next(name, context) } })
      const { startGateway } = await import(${JSON.stringify(main)})
      const { writeFileSync } = await import('node:fs')
      const file = process.argv[2] + '/routes.yaml'
      const cloud = '{type: bedrock, region: eu-central-1}'
      writeFileSync(file, 'providers: {cloud: ' + cloud + '}\\nai_routes: [{name: r, match: {model: m}, targets: [{provider: cloud, model: m}]}]')
      const gateway = await startGateway({
        manifestFile: file, folder: process.argv[2], variables: {}, host: '127.0.0.1', port: 0, adminPort: 0, spoolDirectory: null,
        allowOpen: false, requireSecrets: false, drainTimeoutMs: 1000, version: '0', env: {}, log: () => {},
      })
      await gateway.close()
      console.log(JSON.stringify(seen))
    `
    const folder = mkdtempSync(join(tmpdir(), 'aigw-lazy-'))
    closers.push(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'start.mjs')
    writeFileSync(file, script)
    const { stdout, stderr } = spawnSync(process.execPath, [file, folder], { encoding: 'utf8' })
    expect(stderr).toBe('')
    const seen = JSON.parse(stdout) as string[]
    expect(seen).toContain('undici')
    expect(seen.filter((name) => libraries.some((library) => name.startsWith(library)))).toEqual([])
  })
})
