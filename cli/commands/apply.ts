/** `aigw apply`: publishes, after every gateway has tried it, and waits until all of them serve it. */
import type { Plan } from '../../schemas/index.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import { CommandError, makeTalk, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type TargetEnvironment, resolveEnvironment } from '../io/config.ts'
import { confirm } from '../io/confirm.ts'
import { nameOf } from '../io/fleet.ts'
import { readText } from '../io/files.ts'
import { preparePlan } from '../io/prepare-plan.ts'
import { publishPlan, refuseStale } from '../io/publish.ts'
import { findDamaged, openEnvironmentStore, withStore } from '../io/stores.ts'
import { parsePlan } from '../plan/saved-plan.ts'
import { renderPublished, renderPublishedJson } from '../views/fleet.ts'
import { renderPlan } from '../views/plan.ts'

export interface PublishOptions extends CommonOptions {
  readonly env: string | undefined
  readonly autoApprove: boolean
  /** How long to wait for gateways, at each of the two steps. */
  readonly timeout: number
  readonly waitDrained: boolean
}

export interface ApplyOptions extends PublishOptions {
  readonly manifest: string | undefined
}

export interface Approval {
  readonly plan: Plan
  readonly environment: TargetEnvironment
  readonly store: ReleaseStore
  /** A saved plan was passed: that is the approval. */
  readonly isApproved: boolean
  /** What to do where nobody can be asked. */
  readonly otherwise: readonly string[]
}

export async function apply(context: Context, file: string | undefined, options: ApplyOptions): Promise<ExitCode> {
  if (file === undefined) {
    const request = { environment: options.env, manifest: options.manifest }
    const prepared = await preparePlan(context, request)
    const talk = makeTalk(context, options.quiet)
    for (const problem of await findDamaged(prepared.store, prepared.base?.revision ?? null)) talk(`${problem}\n`)
    const otherwise = [
      'Approve with --auto-approve, or look at a plan first and apply that:',
      '  aigw plan --out plan.json && aigw apply plan.json',
    ]
    return await carryOut(context, { ...prepared, isApproved: options.autoApprove, otherwise }, options)
  }
  if (options.manifest !== undefined)
    throw new CommandError('a saved plan has its manifest in it: leave --manifest out')
  const plan = parsePlan(await readText(context, file), file)
  if (options.env !== undefined && options.env !== plan.environment) {
    throw new CommandError(`${file} is a plan for ${plan.environment}, not for ${options.env}`)
  }
  const environment = await resolveEnvironment(context, plan.environment)
  const store = await openEnvironmentStore(context, environment)
  await withStore(async () => await refuseStale(store, plan))
  return await carryOut(context, { plan, environment, store, isApproved: true, otherwise: [] }, options)
}

/** Shows the plan, has it approved, publishes it, and says what the gateways made of it. */
export async function carryOut(context: Context, approval: Approval, options: PublishOptions): Promise<ExitCode> {
  const { plan, environment, store } = approval
  const isJson = options.format === 'json'
  if (!isJson) context.stdout.write(`${renderPlan(plan, context.stdout)}\n`)
  if (plan.changes.length === 0 && plan.base !== null) {
    if (isJson)
      context.stdout.write(
        `${JSON.stringify({ environment: environment.name, revision: plan.base.revision, changes: 0 }, null, 2)}\n`,
      )
    return exitCodes.done
  }
  if (!approval.isApproved) await confirm(context, plan, approval.otherwise)
  const patience = { timeoutMs: options.timeout, talk: makeTalk(context, options.quiet) }
  const published = await publishPlan(context, { plan, environment, store, waitDrained: options.waitDrained }, patience)
  const view = { ...published, environment: environment.name }
  context.stdout.write(isJson ? renderPublishedJson(view) : renderPublished(view, context.stdout))
  if (published.lagging.length === 0) return exitCodes.done
  throw stragglers(view, plan, environment)
}

function stragglers(
  {
    release,
    lagging,
  }: { readonly release: { readonly revision: number }; readonly lagging: readonly Parameters<typeof nameOf>[0][] },
  plan: Plan,
  environment: TargetEnvironment,
): CommandError {
  const flag = environment.isConfigured ? ` --env ${environment.name}` : ''
  const goBack =
    plan.base === null
      ? 'There is no earlier revision to go back to.'
      : `To go back: aigw rollback ${plan.base.revision}${flag}`
  const details = lagging.map((instance) => {
    const serves = instance.revision === null ? 'serves nothing' : `serves revision ${instance.revision}`
    return `${nameOf(instance)} ${serves}${instance.problem === null ? '' : `: ${instance.problem}`}`
  })
  return new CommandError(`revision ${release.revision} is published, but not every gateway serves it`, {
    details: [...details, goBack],
  })
}
