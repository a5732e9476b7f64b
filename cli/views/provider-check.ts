/** What `aigw providers check` found, for people and as JSON. */
import type { CheckOutcome, ConnectionCheck } from '../../gateway/core/providers/check-outcome.ts'
import { severityOf } from '../../gateway/core/providers/check-outcome.ts'
import type { Output } from '../context.ts'
import { count } from '../wording.ts'
import { table, wrap } from './layout.ts'
import { makePaint } from './paint.ts'
import { visible } from './visible.ts'

/** tsc names an outcome that has no words. */
const words: Readonly<Record<CheckOutcome, string>> = {
  ok: 'ok',
  model_unknown: 'model unknown',
  model_unlisted: 'model not listed',
  key_missing: 'key missing',
  no_credentials: 'no credentials',
  key_refused: 'key refused',
  not_found: 'wrong address',
  rate_limited: 'rate limited',
  quota: 'no quota left',
  dns: 'no such host',
  tcp: 'no connection',
  tls: 'TLS failed',
  proxy: 'proxy failed',
  timeout: 'too slow',
  refused: 'call refused',
  failing: 'failing',
  unreadable: 'unreadable',
  unchecked: 'not checked',
}

const indent = '    '

export function renderChecks(checks: readonly ConnectionCheck[], output: Output): string {
  if (checks.length === 0) return 'The manifest has no connection, and its routes name none.\n'
  const paint = makePaint(output)
  const width = (output.columns ?? Number.POSITIVE_INFINITY) - indent.length
  const heads = table(
    checks.map(({ outcome, connection, ms }) => [words[outcome], connection, ms === null ? '' : `${ms} ms`]),
  )
  const lines = checks.flatMap((check, index) => {
    const [word = '', ...rest] = heads[index] ?? []
    const severity = severityOf(check.outcome)
    const color = severity === null ? paint.green : severity === 'warning' ? paint.yellow : paint.red
    const below = tellBelow(check).flatMap((text) => wrap(visible(text), width).map((line) => `${indent}${line}`))
    return [`${color(word)}  ${rest.join('  ')}`.trimEnd(), ...below.map((line) => paint.dim(line))]
  })
  return `${[...lines, '', tellSum(checks)].join('\n')}\n`
}

/** What was called, what was said, and what to do about it. */
function tellBelow({ outcome, call, status, costs, message, help, models }: ConnectionCheck): string[] {
  const answered = status === null || outcome === 'ok' ? '' : `, answered ${status}`
  const price = call === null || costs === 'nothing' ? '' : `; it costs ${costs}`
  const there = models.filter(({ found }) => found === true).map(({ model }) => model)
  return [
    ...(call === null ? [] : [`${call}${answered}${price}`]),
    ...(outcome === 'ok' ? [] : [message]),
    ...(help === null || outcome === 'ok' ? [] : [help]),
    ...(there.length === 0 ? [] : [`${count(there.length, 'model')} there: ${there.join(', ')}`]),
  ]
}

function tellSum(checks: readonly ConnectionCheck[]): string {
  const counts = new Map<CheckOutcome, number>()
  for (const { outcome } of checks) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  const parts = [...counts].map(([outcome, amount]) => `${amount} ${words[outcome]}`)
  return `${count(checks.length, 'connection')}: ${parts.join(', ')}`
}

export function renderChecksJson(checks: readonly ConnectionCheck[]): string {
  const connections = checks.map(({ connection, type, outcome, ...rest }) => {
    return { connection, type, outcome, severity: severityOf(outcome), ...rest }
  })
  return `${JSON.stringify({ connections }, null, 2)}\n`
}
