/** `aigw apply`: publishes, after every gateway has tried it, and waits until all of them serve it. */
import type { Plan } from '../../schemas/index.ts'
import { drainingRequests } from '../../gateway/release/instance.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import { CommandError, makeTalk, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type TargetEnvironment, resolveEnvironment } from '../io/config.ts'
import { confirm } from '../io/confirm.ts'
import { nameOf } from '../io/fleet.ts'
import { readText } from '../io/files.ts'
import { preparePlan } from '../io/prepare-plan.ts'
import { type Published, publishPlan, refuseStale } from '../io/publish.ts'
import { Refusal } from '../io/refusal.ts'
import { findDamaged, isSameStore, openEnvironmentStore, publicUrl } from '../io/stores.ts'
import { parsePlan } from '../plan/saved-plan.ts'
import { renderPlan } from '../views/plan.ts'
import { renderPublished, renderPublishedJson, renderRefusalJson, renderUnchangedJson } from '../views/published.ts'
import { count } from '../wording.ts'

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
  return await tellingRefusals(context, options, async () => {
    const approval =
      file === undefined ? await approvalOfNow(context, options) : await readApproval(context, file, options)
    return await carryOut(context, approval, options)
  })
}

/** Of the manifest as it stands here. */
async function approvalOfNow(context: Context, options: ApplyOptions): Promise<Approval> {
  const prepared = await preparePlan(context, { environment: options.env, manifest: options.manifest })
  const talk = makeTalk(context, options.quiet)
  for (const problem of await findDamaged(prepared.store, prepared.base?.revision ?? null)) talk(`${problem}\n`)
  const otherwise = [
    'Approve with --auto-approve, or look at a plan first and apply that:',
    '  aigw plan --out plan.json && aigw apply plan.json',
  ]
  return { ...prepared, isApproved: options.autoApprove, otherwise }
}

/** Of a plan that was saved: what it holds is believed as far as it fits its environment, its store and the manifest rules. */
async function readApproval(context: Context, file: string, options: ApplyOptions): Promise<Approval> {
  if (options.manifest !== undefined) {
    throw new CommandError('a saved plan has its manifest in it: leave --manifest out')
  }
  const plan = parsePlan(await readText(context, file), file)
  if (options.env !== undefined && options.env !== plan.environment) {
    throw new CommandError(`${file} is a plan for ${plan.environment}, not for ${options.env}`)
  }
  const environment = await resolveEnvironment(context, plan.environment)
  const store = await openEnvironmentStore(context, environment)
  await refuseOtherStore({ plan, environment, store }, file)
  await refuseStale(store, plan)
  await refuseInvalid(plan, file)
  return { plan, environment, store, isApproved: true, otherwise: [] }
}

/** A plan of an older version names no store; its base is what tells then. */
async function refuseOtherStore(
  { plan, environment, store }: Pick<Approval, 'plan' | 'environment' | 'store'>,
  file: string,
): Promise<void> {
  const url = publicUrl(store.url)
  if (plan.store === undefined || (await isSameStore(plan.store, url))) return
  throw new Refusal({
    reason: 'other_store',
    message: `${file} was made for the store ${plan.store}, but ${environment.name} has ${url}`,
    exitCode: exitCodes.refused,
    details: ['Nothing was changed. Make a new plan with `aigw plan`, where this store is meant.'],
    facts: { planned_for: plan.store, store: url },
  })
}

/** A plan may be older than a rule of this version, or written by hand. */
async function refuseInvalid({ candidate }: Plan, file: string): Promise<void> {
  const { readManifestValue } = await import('../../gateway/core/manifest/read.ts')
  const { diagnostics } = readManifestValue(candidate.resolved)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return
  throw new Refusal({
    reason: 'findings',
    message: `${file} holds a manifest that is not valid; nothing was changed`,
    exitCode: exitCodes.findings,
    details: errors.map(({ path, message }) => `${path}: ${message}`),
    facts: { findings: errors },
  })
}

/** Runs what may be refused; under `--format json` the refusal is a result as well. */
export async function tellingRefusals(
  context: Context,
  options: CommonOptions,
  run: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof Refusal && options.format === 'json') {
      const { reason, message, details, facts } = error
      context.stdout.write(renderRefusalJson({ refused: reason, message, details, ...facts }))
    }
    throw error
  }
}

/** Shows the plan, has it approved, publishes it, and says what the gateways made of it. */
export async function carryOut(context: Context, approval: Approval, options: PublishOptions): Promise<ExitCode> {
  const { plan, environment, store } = approval
  const isJson = options.format === 'json'
  if (!isJson) context.stdout.write(`${renderPlan(plan, context.stdout)}\n`)
  if (plan.changes.length === 0 && plan.base !== null) {
    if (isJson) context.stdout.write(renderUnchangedJson(environment.name, plan.base.revision))
    return exitCodes.done
  }
  if (!approval.isApproved) {
    // Nobody can say yes to what was not shown.
    if (isJson && context.isTerminal) context.stderr.write(`${renderPlan(plan, context.stderr)}\n`)
    await confirm(context, plan, approval.otherwise)
  }
  const patience = { timeoutMs: options.timeout, talk: makeTalk(context, options.quiet) }
  const published = await publishPlan(context, { plan, environment, store, waitDrained: options.waitDrained }, patience)
  const view = { ...published, environment: environment.name }
  context.stdout.write(isJson ? renderPublishedJson(view) : renderPublished(view, context.stdout))
  if (published.lagging.length > 0) throw stragglers(published, goBack(plan, environment))
  if (published.undrained.length > 0) throw notDrained(published)
  return exitCodes.done
}

/** The command that undoes it, as it can be copied. */
function goBack({ base }: Plan, { name, isConfigured }: TargetEnvironment): string {
  if (base === null) return 'There is no earlier revision to go back to.'
  return `To go back: aigw rollback ${base.revision}${isConfigured ? ` --env ${name}` : ''}`
}

function stragglers({ release, lagging }: Published, remedy: string): CommandError {
  const details = lagging.map((instance) => {
    const serves = instance.revision === null ? 'serves nothing' : `serves revision ${instance.revision}`
    return `${nameOf(instance)} ${serves}${instance.problem === null ? '' : `: ${instance.problem}`}`
  })
  return new CommandError(`revision ${release.revision} is published, but not every gateway serves it`, {
    details: [...details, remedy],
  })
}

function notDrained({ release, undrained }: Published): CommandError {
  return new CommandError(
    `every gateway serves revision ${release.revision}, but requests of before it are still running`,
    {
      details: [
        ...undrained.map((instance) => `${nameOf(instance)}: ${count(drainingRequests(instance), 'request')}`),
        'Nothing is wrong with the release. To wait longer: --timeout.',
      ],
    },
  )
}
