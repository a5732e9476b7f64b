/**
 * AWS credentials by web identity, as a pod of a cluster has them: a token in a file that the cluster renews, exchanged
 * for keys at AWS's token service, which is played here. The library finds the service in the process's environment.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { simulatedKeys } from '../../gateway/simulators/bedrock-converse/signing.ts'
import { startSimulator } from '../../gateway/simulators/simulator.ts'
import { startTestGateway } from '../support/gateway.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const close of closers.splice(0).toReversed()) await close()
})

/** As long and as shaped as a cluster's. */
const webToken = (subject: string) =>
  `eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.${Buffer.from(`{"sub":"${subject}"}`).toString('base64url')}.c2lnbmF0dXJlLW9mLXRoZS1jbHVzdGVy`

const role = 'arn:aws:iam::123456789012:role/gateway'

function assumed(expiresAtMs: number): string {
  const { accessKeyId, secretAccessKey } = simulatedKeys
  return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
<Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>
<SessionToken>session-1</SessionToken><Expiration>${new Date(expiresAtMs).toISOString()}</Expiration></Credentials>
<AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>${role}</Arn></AssumedRoleUser>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`
}

async function startTokenService(answer: () => { readonly status: number; readonly body: string }) {
  const forms: URLSearchParams[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      forms.push(new URLSearchParams(Buffer.concat(parts).toString()))
      const { status, body } = answer()
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  // A TCP server has an address and a port once it listens.
  const { port } = server.address() as AddressInfo
  return { forms, url: `http://127.0.0.1:${port}` }
}

async function startPod(url: string) {
  const folder = mkdtempSync(join(tmpdir(), 'aigw-web-identity-'))
  closers.push(() => rmSync(folder, { recursive: true }))
  const tokenFile = join(folder, 'token')
  writeFileSync(tokenFile, webToken('one'))
  vi.stubEnv('AWS_ENDPOINT_URL_STS', url)
  const simulator = await startSimulator({ name: 'bedrock', wire: 'bedrock-converse' })
  closers.push(() => simulator.close())
  const manifest = `providers:
  cloud: {type: bedrock, base_url: "${simulator.baseUrl}", region: eu-central-1}
ai_routes:
  - {name: r, match: {model: m}, targets: [{provider: cloud, model: "eu.amazon.nova-lite-v1:0"}]}
`
  const none = join(folder, 'none')
  const env = {
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ROLE_ARN: role,
    AWS_CONFIG_FILE: none,
    AWS_SHARED_CREDENTIALS_FILE: none,
  }
  const gateway = await startTestGateway({ manifest, env })
  closers.push(() => gateway.close())
  const ask = async () =>
    await gateway.client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'Hello.' }] })
  return { gateway, simulator, ask, tokenFile }
}

it('is exchanged once for all who ask, and again with the new token when what it gave has ended', async () => {
  let livesMs = 3_600_000
  const { forms, url } = await startTokenService(() => ({ status: 200, body: assumed(Date.now() + livesMs) }))
  // The first keys are soon over.
  livesMs = 4_000
  const { ask, simulator, tokenFile } = await startPod(url)
  await Promise.all([ask(), ask(), ask()])
  expect(forms.map((form) => [form.get('Action'), form.get('RoleArn'), form.get('WebIdentityToken')])).toEqual([
    ['AssumeRoleWithWebIdentity', role, webToken('one')],
  ])
  expect(simulator.requests().map(({ headers }) => headers['x-amz-security-token'])).toEqual(
    Array.from({ length: 3 }, () => 'session-1'),
  )
  livesMs = 3_600_000
  writeFileSync(tokenFile, webToken('two'))
  await new Promise((resolve) => setTimeout(resolve, 4_100))
  await ask()
  await ask()
  expect(forms.slice(1).map((form) => form.get('WebIdentityToken'))).toEqual([webToken('two')])
})

it('that is refused fails the target, and is told to the operator without the token', async () => {
  const body = `<ErrorResponse><Error><Code>AccessDenied</Code><Message>not for ${webToken('one')}</Message></Error></ErrorResponse>`
  const { url } = await startTokenService(() => ({ status: 403, body }))
  const { ask, gateway, simulator } = await startPod(url)
  await expect(ask()).rejects.toMatchObject({ status: 502 })
  expect(simulator.requests()).toEqual([])
  const said = JSON.stringify(gateway.logs)
  expect(said).toContain('no AWS credentials')
  expect(said).not.toContain(webToken('one').slice(0, 30))
})

it('is exchanged again once the provider has refused the keys it gave', async () => {
  const { forms, url } = await startTokenService(() => ({ status: 200, body: assumed(Date.now() + 3_600_000) }))
  const { ask, simulator } = await startPod(url)
  await ask()
  await simulator.behave({ next: [{ faults: [{ kind: 'status', status: 403, message: 'the session was revoked' }] }] })
  await expect(ask()).rejects.toMatchObject({ status: 502 })
  expect(forms).toHaveLength(1)
  await ask()
  expect(forms).toHaveLength(2)
})
