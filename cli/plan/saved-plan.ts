/** A plan file, read back: a plan may be old, edited or meant for another store, and is believed only as far as it fits. */
import type { Plan } from '../../schemas/index.ts'
import { validatePlan } from '../../schemas/validate-plan.ts'
import { hashOf } from '../../gateway/release/release.ts'
import type { Head } from '../../gateway/release/store.ts'
import { CommandError } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { planSchema } from './build.ts'

/** Throws `CommandError` with a sentence that names the file: 1 when it is no plan, 3 when its content is not whole. */
export function parsePlan(text: string, file: string): Plan {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new CommandError(`${file} is not a plan: it is not JSON`, { details: [howToMake] })
  }
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined
  const major = typeof schema === 'string' ? /^aigw\.plan\/(\d+)$/.exec(schema)?.[1] : undefined
  if (major === undefined) throw new CommandError(`${file} is not a plan`, { details: [howToMake] })
  if (schema !== planSchema) {
    throw new CommandError(`${file} is a plan of a newer aigw (aigw.plan/${major}; this one reads ${planSchema})`)
  }
  const result = validatePlan(value)
  if (!result.valid) {
    const { path, message } = result.problems[0]
    throw new CommandError(`${file} is damaged: ${path} ${message}`, { exitCode: exitCodes.findings })
  }
  const plan = result.value
  if (hashOf(plan.candidate.resolved) !== plan.candidate.hash) {
    throw new CommandError(`${file} was changed after it was made: its hash does not fit its content`, {
      exitCode: exitCodes.findings,
      details: ['Plans are made by `aigw plan --out`, not edited.'],
    })
  }
  return plan
}

const howToMake = 'Make one with `aigw plan --out plan.json`.'

/** A plan holds for the head it was made against, and for no other. */
export function isStale(plan: Plan, head: Head | null): boolean {
  return (
    (plan.base?.revision ?? null) !== (head?.revision ?? null) || (plan.base?.hash ?? null) !== (head?.hash ?? null)
  )
}
