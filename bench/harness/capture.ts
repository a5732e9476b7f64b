/** A made-up capture of any length for `aigw replay`, the same for the same count. */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import type { CaptureLine } from '../../schemas/index.ts'
import { modelOfRoute } from './subject.ts'

const startedAtMs = Date.parse('2026-09-01T09:00:00Z')

const models = ['gpt-4o-mini', 'gpt-4.1-mini', 'gpt-4.1-nano']

/** Ten a second over `routes` models; one in fifty failed over. Each target has answered some of them. */
export function captureLine(index: number, routes: number): CaptureLine {
  const input = 200 + ((index * 7_919) % 3_000)
  const output = 20 + ((index * 104_729) % 400)
  const failed = index % 50 === 0
  const served = {
    target: `sim/${models[failed ? 1 + ((index / 50) % 2) : 0] ?? ''}`,
    started_us: failed ? 40_000 : 0,
    class: 'ok',
    status: 200,
    first_content_us: 200_000 + (index % 97) * 3_000,
    total_us: 900_000 + output * 9_000,
    aborted_by: null,
    usage: { input, output, cached: 0, reasoning: 0 },
  }
  const broken = { target: 'sim/gpt-4o-mini', started_us: 0, class: 'server_error', status: 503, total_us: 39_000 }
  return {
    v: 1,
    at: new Date(startedAtMs + index * 100).toISOString(),
    process: 'bench',
    seed: ((index * 2_654_435_761) % 0x1_0000_0000).toString(16).padStart(16, '0'),
    credential: 'bench',
    model: modelOfRoute(index % routes),
    stream: index % 2 === 0,
    features: { has: [], fields: ['model', 'messages'], messages: 2, prompt_characters: input * 4, images: 0 },
    usage: { input, output },
    attempts: failed ? [broken, served] : [served],
    finish: { outcome: 'served', status: 200, code: null },
  }
}

export async function writeCapture(file: string, lines: number, routes: number): Promise<void> {
  const stream = createWriteStream(file)
  for (let index = 0; index < lines; index += 1) {
    if (!stream.write(`${JSON.stringify(captureLine(index, routes))}\n`)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
}
