/** `GET /v1/models`: who may ask for what, through the real client. */
import { createHash } from 'node:crypto'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../../gateway/simulators/simulator.ts'
import { validateModelList } from '../../schemas/validate-model-list.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'

let sim: Simulator
const open: TestGateway[] = []
beforeAll(async () => {
  sim = await startSimulator({ name: 'a', seed: 1 })
})
afterAll(async () => await sim.close())
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close()
})

async function start(more: object): Promise<TestGateway> {
  const first = { type: 'openai', base_url: sim.baseUrl, api_key: { env: 'TEST_KEY' } }
  const gateway = await startTestGateway({
    manifest: JSON.stringify({ providers: { first }, ai_routes: routes, ...more }),
  })
  open.push(gateway)
  return gateway
}

const errorOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string; message: string } }).error

const routes = [
  { name: 'open', match: { model: ['a', 'org/b', 'glob-*'] }, targets: [{ provider: 'first', model: 'x' }] },
  { name: 'theirs', match: { model: ['c', 'a'], credential: 'one' }, targets: [{ provider: 'first', model: 'x' }] },
  { name: 'retail', match: { model: 'd', organization: 'retail' }, targets: [{ provider: 'first', model: 'x' }] },
]

describe('GET /v1/models', () => {
  const credentials = () => [
    { name: 'all', key_hash: hashOf('sk-all') },
    { name: 'one', key_hash: hashOf('sk-one'), organization: 'retail' },
  ]
  const clientOf = ({ gateway }: TestGateway, apiKey: string) =>
    new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries: 0 })

  it('lists the names that the caller may use', async () => {
    const gateway = await start({ credentials: credentials() })
    const names = async (apiKey: string) => {
      const found: string[] = []
      for await (const { id } of clientOf(gateway, apiKey).models.list()) found.push(id)
      return found
    }
    expect(await names('sk-all')).toEqual(['a', 'org/b'])
    const raw = await fetch(`${gateway.gateway.url}/v1/models`, { headers: { authorization: 'Bearer sk-all' } })
    expect(validateModelList(await raw.json())).toMatchObject({ valid: true })
    expect(await names('sk-one')).toEqual(['a', 'org/b', 'c', 'd'])
    await expect(names('sk-nobody')).rejects.toMatchObject({ status: 401 })
  })

  it('gives one, also one that only a pattern takes', async () => {
    const gateway = await start({ credentials: credentials() })
    const client = clientOf(gateway, 'sk-all')
    for (const id of ['a', 'org/b', 'glob-17']) {
      expect(await client.models.retrieve(id)).toEqual({ id, object: 'model', created: 0, owned_by: 'aigw' })
    }
    const raw = await fetch(`${gateway.gateway.url}/v1/models/org/b`, { headers: { authorization: 'Bearer sk-all' } })
    expect(((await raw.json()) as { id: string }).id).toBe('org/b')
  })

  it('says 404 for what nobody, or not this caller, may ask for', async () => {
    const gateway = await start({ credentials: credentials() })
    for (const id of ['nothing', 'c', 'd']) {
      await expect(clientOf(gateway, 'sk-all').models.retrieve(id)).rejects.toMatchObject({
        status: 404,
        code: 'route_not_found',
        param: 'model',
      })
    }
    expect((await clientOf(gateway, 'sk-one').models.retrieve('c')).id).toBe('c')
  })

  it('says which method is possible', async () => {
    const { gateway } = await start({ ai_routes: routes.slice(0, 1) })
    const wrong = [
      ['POST', '/v1/models', 'GET'],
      ['DELETE', '/v1/models/a', 'GET'],
      ['GET', '/v1/embeddings', 'POST'],
      ['PUT', '/v1/embeddings', 'POST'],
    ] as const
    for (const [method, path, possible] of wrong) {
      const response = await fetch(`${gateway.url}${path}`, { method })
      expect([response.status, path]).toEqual([405, path])
      expect((await errorOf(response)).message).toBe(`${method} is not possible here; send ${possible}.`)
    }
  })
})

function hashOf(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex')}`
}
