import { expect } from 'vitest'
import { waitFor } from '../cli/support.ts'
import { type ExampleCopy, describeExample, readExample } from './example.ts'

interface Simulated {
  readonly name: string
  readonly base_url: string
}

/** Leads the copy's `simulated.yaml` to where the simulated providers really listen, and tells who is where. */
async function simulate(copy: ExampleCopy, command: string): Promise<readonly Simulated[]> {
  const child = copy.start(...command.split(' ').slice(1), '--port', '0', '--format', 'json')
  const stdout = await waitFor(() => (child.stdout().endsWith(']\n') ? child.stdout() : null))
  return JSON.parse(stdout) as readonly Simulated[]
}

describeExample('two-clouds-and-a-last-resort', (example) => {
  const drill = 'aigw replay capture.ndjson --manifest routes.yaml --scenario outage.yaml'
  const question =
    `curl http://127.0.0.1:8080/v1/chat/completions -H 'content-type: application/json' ` +
    `-d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}'`

  example.command(drill, async (copy, command) => {
    const { exitCode, sides, failed_expectations: failed } = await copy.replays(command)
    expect({ exitCode, failed }).toEqual({ exitCode: 0, failed: [] })
    expect(sides[0]).toMatchObject({
      requests: 60,
      fates: { served: 60, lost: 0, broken: 0 },
      targets: {
        'openai/gpt-4o-mini': { served: 25 },
        'mistral/mistral-small-latest': { served: 12 },
        'local/llama-3.1': { served: 23 },
      },
      evidence: { assumed: 23 },
    })
    example.says('a good third is answered by the last resort')
  })

  example.change('without the last resort requests are lost', async (copy) => {
    copy.change('routes.yaml', '    fallback: local/llama-3.1\n', '')
    const { exitCode, failed_expectations: failed } = await copy.replays(drill)
    expect({ exitCode, failed: failed[0] }).toEqual({ exitCode: 4, failed: 'lost is 21, allowed is 0' })
  })

  example.change('its simulated manifest is the same but for addresses', async (copy) => {
    const routes = (file: string) => copy.read(file).slice(copy.read(file).indexOf('ai_routes:'))
    expect(routes('simulated.yaml')).toBe(routes('routes.yaml'))
    const { stdout } = await copy.aigw('validate', 'simulated.yaml')
    expect(stdout).toContain('✓ simulated.yaml is valid')
  })

  const simulation = 'aigw simulate --scenario outage.yaml'
  const serving = 'aigw serve --manifest simulated.yaml'
  example.named.add(simulation).add(question)
  example.command(
    serving,
    async (copy, command) => {
      const ports = new Map([
        ['openai', '9100'],
        ['mistral', '9102'],
        ['vllm', '9109'],
      ])
      for (const { name, base_url: url } of await simulate(copy, simulation)) {
        const port = ports.get(name)
        if (port !== undefined) copy.change('simulated.yaml', `http://127.0.0.1:${port}/v1`, url)
      }
      // Tests give a command this one key.
      copy.change('simulated.yaml', 'ANY_KEY', 'OPENAI_API_KEY')
      const { url } = await copy.serve(...command.split(' ').slice(2))
      const [, body = ''] = /-d '(.+)'$/.exec(question) ?? []
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('x-aigw-target')).toMatch(/^(openai\/gpt-4o-mini|mistral\/mistral-small-latest)$/)
      expect(await answer.json()).toMatchObject({ object: 'chat.completion' })
      expect(readExample('two-clouds-and-a-last-resort', 'simulated.yaml')).toContain(':9109/v1')
    },
    60_000,
  )
})
