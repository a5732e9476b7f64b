import type { Plan } from '../../schemas/index.ts'
import { CommandError, type Context } from '../context.ts'
import { count } from '../wording.ts'

/** Asks the person at the terminal; throws `CommandError` when the answer is not yes, or nobody can be asked. */
export async function confirm(context: Context, plan: Plan, otherwise: readonly string[]): Promise<void> {
  const changes = count(plan.changes.length, 'change')
  if (!context.isTerminal) {
    throw new CommandError(`nobody can be asked here whether to apply ${changes} to ${plan.environment}`, {
      details: ['Nothing was changed.', ...otherwise],
    })
  }
  const answer = await context.ask(`Apply ${changes} to ${plan.environment}? Only "yes" is a yes: `)
  if (answer.trim() !== 'yes') throw new CommandError('not applied; nothing was changed')
}
