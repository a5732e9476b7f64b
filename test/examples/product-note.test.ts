import { join } from 'node:path'
import { execa } from 'execa'
import { expect } from 'vitest'
import { productNote } from '../cli/support.ts'
import { describeExample, examples } from './example.ts'

describeExample('product-note', (example) => {
  example.change('is what the product note shows', async (copy) => {
    expect(copy.read('routes.yaml')).toBe(productNote)
  })

  example.command('aigw validate routes.yaml', async (copy, command) => {
    expect(await copy.runs(command)).toMatchObject({ exitCode: 0, stderr: '' })
  })

  example.command('aigw serve --manifest routes.yaml', async (copy, command) => {
    const { url } = await copy.serve(...command.split(' ').slice(2))
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  const toolLoop = 'node tool-loop.mjs'
  example.named.add(toolLoop)
  example.command(
    'aigw serve --manifest routes.yaml --simulate --scenario outage.yaml',
    async (copy, command) => {
      const gateway = await copy.serve(...command.split(' ').slice(2))
      const [, script = ''] = toolLoop.split(' ')
      // Beside the repository's packages, for it uses OpenAI's client.
      const cwd = join(examples, example.name)
      const env = { OPENAI_BASE_URL: `${gateway.url}/v1` }
      // So slowly that OpenAI cannot fail five times before Anthropic goes: its breaker would be open when it is needed.
      const application = execa(process.execPath, [script, '40', '1300'], { cwd, env, reject: false })
      const turns: string[] = []
      const targets: string[] = []
      const first = (target: string) => targets.indexOf(target)
      // Until all are well again and the first is back.
      for await (const line of application) {
        turns.push(line)
        targets.push(/(\w+)\/[\w.-]+/.exec(line)?.[1] ?? line)
        if (first('ollama') !== -1 && targets.slice(first('ollama')).includes('anthropic')) break
      }
      application.kill()
      await application
      // The order in which they are away; who is asked first when both are well is drawn.
      expect(targets[0]).toBe('anthropic')
      expect(first('openai')).toBeGreaterThan(0)
      expect(first('ollama')).toBeGreaterThan(first('openai'))
      expect(targets.at(-1)).toBe('anthropic')
      expect(turns.map((line) => line.includes('tool call'))).toEqual(turns.map((_, index) => index % 2 === 0))
      await gateway.stop()
      const replay = await copy.aigw('replay', '.aigw/spool')
      expect(replay).toMatchObject({ exitCode: 0 })
      // The last turn is broken off by us, so it may be recorded or not.
      expect(replay.stdout).toMatch(/^✓ (\d+) of \1 requests decided again as recorded$/m)
      example.says('`aigw replay .aigw/spool` reads it')
    },
    60_000,
  )
})
