/** One gateway's own answer, for people. It may be of another version, so every field is looked for, none assumed. */
import { detailsOf } from '../../gateway/release/instance-details.ts'
import { type InstanceReport, isInstanceReport } from '../../gateway/release/instance.ts'
import type { Output } from '../context.ts'
import { renderInstances } from './fleet.ts'
import { table } from './layout.ts'
import { type Pace, conditionOfInstance } from './status.ts'

export type Answer = Readonly<Record<string, unknown>>

export function renderGatewayStatus(answer: Answer, output: Output, pace: Pace = () => null): string {
  if (!isInstanceReport(answer)) return `${JSON.stringify(answer, null, 2)}\n`
  const lines = [...renderInstances([answer], { head: null, details: pace }, output)]
  const targets = detailsOf(answer).targets ?? []
  if (targets.length > 0) {
    const rows = targets.map(({ target, breaker, held_back_by, latency_ms }) => [
      target,
      `breaker ${breaker}`,
      latency_ms === null ? '' : `${latency_ms} ms`,
      held_back_by === null ? '' : held_back_by.replaceAll('_', ' '),
    ])
    lines.push('', ...table(rows).map((row) => `  ${row.join('  ').trimEnd()}`))
  }
  return `${lines.join('\n')}\n`
}

/** What of it is news when it changes; of an answer that cannot be read, everything. */
export function conditionOfAnswer(answer: Answer): string {
  return JSON.stringify(isInstanceReport(answer) ? conditionOfInstance(answer) : answer)
}

/** The gateways in an answer: one, or none where it cannot be read. */
export function instancesOf(answer: Answer): readonly InstanceReport[] {
  return isInstanceReport(answer) ? [answer] : []
}
