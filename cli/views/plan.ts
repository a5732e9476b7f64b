/** A plan for people: what changes, by thing, each with its path; then what could go wrong. */
import type { Plan } from '../../schemas/index.ts'
import { shortHash } from '../../gateway/release/release.ts'
import type { Output } from '../context.ts'
import { renderChanges, tellCounts } from './changes.ts'
import { makePaint } from './paint.ts'

export function renderPlan(plan: Plan, output: Output): string {
  const paint = makePaint(output)
  const { base, changes, candidate } = plan
  const from = base === null ? 'nothing published yet' : `revision ${base.revision} (${shortHash(base.hash)})`
  const lines = [`${paint.bold(`Plan for ${plan.environment}`)}: ${from} → ${shortHash(candidate.hash)}`, '']
  if (changes.length === 0) lines.push(tellNoChange(plan))
  else lines.push(...renderChanges(changes, output), '', tellCounts(changes, 'to do'))
  const findings = plan.findings.map((finding) => {
    const { severity, file, line, column, message, code } = finding
    const color = severity === 'error' ? paint.red : paint.yellow
    return `  ${color(severity)} ${file === null ? '' : `${file}:${line}:${column} `}${message} ${paint.dim(`[${code}]`)}`
  })
  if (findings.length > 0) lines.push('', paint.bold('Findings'), '', ...findings)
  return `${lines.join('\n')}\n`
}

export function renderPlanJson(plan: Plan): string {
  return `${JSON.stringify(plan, null, 2)}\n`
}

function tellNoChange({ base, candidate }: Plan): string {
  if (base === null) return 'No changes.'
  const isSameText = base.hash === candidate.hash
  return isSameText
    ? `No changes. The manifest is revision ${base.revision}.`
    : `No changes. The manifest is written differently from revision ${base.revision}, but means the same.`
}
