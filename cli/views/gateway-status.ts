/** One gateway's own answer, for people. It may be of another version, so every field is looked for, none assumed. */
import { isInstanceReport } from '../../gateway/release/instance.ts'
import type { Output } from '../context.ts'
import { renderInstances } from './fleet.ts'
import { table } from './layout.ts'
import { makePaint } from './paint.ts'

export function renderGatewayStatus(answer: Readonly<Record<string, unknown>>, output: Output): string {
  if (!isInstanceReport(answer)) return `${JSON.stringify(answer, null, 2)}\n`
  const paint = makePaint(output)
  const lines = [...renderInstances([answer], { head: null }, output)]
  const missing = listOf(answer['missing_secrets']).map(String)
  if (missing.length > 0)
    lines.push('', paint.yellow(`  Keys missing: ${missing.join(', ')}. Their targets are skipped.`))
  const targets = listOf(answer['targets']).filter(isRecord)
  if (targets.length > 0) {
    const rows = targets.map(({ target, breaker, held_back_by, latency_ms }) => [
      String(target),
      `breaker ${String(breaker)}`,
      typeof latency_ms === 'number' ? `${latency_ms} ms` : '',
      typeof held_back_by === 'string' ? held_back_by.replaceAll('_', ' ') : '',
    ])
    lines.push('', ...table(rows).map((row) => `  ${row.join('  ').trimEnd()}`))
  }
  return `${lines.join('\n')}\n`
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
