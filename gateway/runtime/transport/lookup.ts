/**
 * Names of providers, one question at a time. The system answers such questions on two threads of Node's; with a name
 * server that is silent about one provider, a hundred connections to it would ask a hundred times, and the other
 * providers' names would wait behind them.
 */
import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

type Answer = Parameters<LookupFunction>[2]

/** A lookup that asks once for all who want to know the same at the same time. Nothing is remembered after that. */
export function shareLookups(ask: LookupFunction = systemLookup): LookupFunction {
  const waiting = new Map<string, Answer[]>()
  return (hostname, options, answer) => {
    const key = JSON.stringify([hostname, options.family, options.hints, options.all, options.order])
    const others = waiting.get(key)
    if (others !== undefined) {
      others.push(answer)
      return
    }
    const all = [answer]
    waiting.set(key, all)
    ask(hostname, options, (...told) => {
      waiting.delete(key)
      for (const one of all) one(...told)
    })
  }
}
