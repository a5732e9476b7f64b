/** Latency added at a fixed arrival rate, and how long the first chunk of a stream is held. */
import type { Bench, BenchCase } from '../harness/bench.ts'
import { skipped } from '../harness/bench.ts'
import { isDisturbed, watchMachine } from '../harness/machine.ts'
import { runAtRate, runFirstChunks, streamPrompt } from '../harness/load.ts'
import { median, quantile, spread } from '../harness/statistics.ts'
import { renderPlainReply, renderRequest, renderStream } from '../harness/wire.ts'

const perSecond = 300
const latencyBudget = 1.3
const latencyName = `added p50 at ${perSecond}/s`

/** Where the load goes: straight to the provider, or through something. */
interface Way {
  readonly port: number
  readonly headers: readonly string[]
}

export const latency: BenchCase = {
  name: latencyName,
  async run(bench) {
    const { gateway, quick, upstream } = bench
    if (gateway === null) return [skipped(latencyName, `≤ ${latencyBudget} ×`, 'there is no gateway yet')]
    const reply = renderPlainReply()
    const seconds = quick ? 2 : 6
    const { rounds, remark } = await measureWays(bench, quick ? 6 : 12, ({ port, headers }) => {
      const request = renderRequest({ model: 'gpt-4o-mini', prompt: 'Hello.', stream: false, headers })
      return runAtRate(upstream, { port, request, reply, perSecond, seconds })
    })
    const added = (way: 'floor' | 'gateway', share: number) =>
      rounds.map((round) => quantile(round[way], share) - quantile(round.direct, share))
    const p50 = { floor: added('floor', 0.5), gateway: added('gateway', 0.5) }
    const ratio = spread(p50.gateway.map((value, round) => value / (p50.floor[round] ?? Number.NaN)))
    const p99 = { floor: median(added('floor', 0.99)), gateway: median(added('gateway', 0.99)) }
    return [
      {
        case: latencyName,
        unit: 'ms',
        floor: median(p50.floor),
        gateway: median(p50.gateway),
        ratio,
        budget: `≤ ${latencyBudget} ×`,
        holds: ratio.median <= latencyBudget,
        ...(remark === null ? {} : { note: remark }),
      },
      { case: `added p99 at ${perSecond}/s`, unit: 'ms', ...p99, ratio: null, budget: '', holds: null },
    ]
  },
}

const heldBudgetMs = 0.3
const heldName = 'first chunk held'

export const firstChunk: BenchCase = {
  name: heldName,
  async run(bench) {
    const { gateway, quick, upstream } = bench
    if (gateway === null) return [skipped(heldName, `≤ ${heldBudgetMs} ms`, 'there is no gateway yet')]
    const stream = renderStream(5)
    const seconds = quick ? 2 : 6
    const { rounds, remark } = await measureWays(bench, quick ? 6 : 12, ({ port, headers }) => {
      const request = renderRequest({ model: 'gpt-4o-mini', prompt: streamPrompt(0), stream: true, headers })
      return runFirstChunks(upstream, { port, request, stream, perSecond: 100, seconds })
    })
    const held = (way: 'direct' | 'floor' | 'gateway') => rounds.map((round) => median(round[way]))
    const floor = held('floor')
    const measured = median(held('gateway'))
    return [
      {
        case: heldName,
        unit: 'ms',
        floor: median(floor),
        gateway: measured,
        ratio: spread(held('gateway').map((value, round) => value / (floor[round] ?? Number.NaN))),
        budget: `≤ ${heldBudgetMs} ms`,
        holds: measured <= heldBudgetMs,
        note: [`direct ${median(held('direct')).toFixed(3)} ms`, remark ?? ''].filter(Boolean).join('; '),
      },
    ]
  },
}

interface Round {
  readonly direct: readonly number[]
  readonly floor: readonly number[]
  readonly gateway: readonly number[]
}

/** The load polls, so on a core of its own it gets nearly all of it; with less, its own lateness is measured. */
const loadShare = 0.9

interface Rounds {
  readonly rounds: readonly Round[]
  /** What a row has to say about them. */
  readonly remark: string | null
}

/**
 * Direct, floor and gateway in every round, in an order that turns, after one round that only warms up. Rounds in
 * which something else had a core are measured again, up to as many as asked for, and left out.
 */
async function measureWays(bench: Bench, count: number, measure: (way: Way) => Promise<number[]>): Promise<Rounds> {
  const { floor, gateway, upstream } = bench
  if (gateway === null) throw new Error('there is no gateway to measure')
  const ways = {
    direct: { port: upstream.port, headers: [], process: null },
    floor,
    gateway,
  }
  const all: Round[] = []
  const clean: Round[] = []
  for (let number = 0; number <= 2 * count && clean.length < count; number += 1) {
    const round: { direct: number[]; floor: number[]; gateway: number[] } = { direct: [], floor: [], gateway: [] }
    let disturbed = false
    const order = ['direct', 'floor', 'gateway'] as const
    for (const name of number % 2 === 0 ? order : order.toReversed()) {
      const used = watchMachine(ways[name].process)
      round[name] = await measure(ways[name])
      const use = used()
      disturbed ||= isDisturbed(use) || use.load < loadShare
    }
    if (number === 0) continue
    all.push(round)
    if (!disturbed) clean.push(round)
  }
  const remark = clean.length < count ? `only ${clean.length} of ${all.length} rounds undisturbed` : null
  return { rounds: clean.length * 3 >= count ? clean : all, remark }
}
