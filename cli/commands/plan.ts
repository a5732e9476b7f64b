/** `aigw plan`: what an apply would change. Writes nothing but, with `--out`, the plan itself. */
import type { Plan } from '../../schemas/index.ts'
import { makeTalk, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes, worstOf } from '../exit-codes.ts'
import { resolveEnvironment } from '../io/config.ts'
import { readText, writePrivate } from '../io/files.ts'
import { preparePlan } from '../io/prepare-plan.ts'
import { findSince } from '../io/stale.ts'
import { findDamaged, isSameStore, openEnvironmentStore, publicUrl } from '../io/stores.ts'
import { blockingFindings } from '../plan/gates.ts'
import { parsePlan } from '../plan/saved-plan.ts'
import { renderPlan, renderPlanJson } from '../views/plan.ts'
import { tellSince } from '../views/since.ts'

export interface PlanOptions extends CommonOptions {
  readonly env: string | undefined
  readonly manifest: string | undefined
  readonly out: string | undefined
  readonly detailedExitcode: boolean
}

export async function plan(context: Context, options: PlanOptions): Promise<ExitCode> {
  const talk = makeTalk(context, options.quiet)
  const request = { environment: options.env, manifest: options.manifest }
  const { plan: made, environment, store, base } = await preparePlan(context, request)
  for (const problem of await findDamaged(store, base?.revision ?? null)) talk(`${problem}\n`)
  if (options.out !== undefined) await writePrivate(context, options.out, renderPlanJson(made))
  context.stdout.write(options.format === 'json' ? renderPlanJson(made) : renderPlan(made, context.stdout))
  if (options.out !== undefined) talk(`\nWrote ${options.out}. Carry it out with: aigw apply ${options.out}`)
  else if (made.changes.length > 0) talk(`\nCarry it out with: ${applyCommand(options)}`)
  const hasBlocking = blockingFindings(made.findings, environment.gates).length > 0
  return worstOf(
    hasBlocking ? exitCodes.findings : exitCodes.done,
    options.detailedExitcode && made.changes.length > 0 ? exitCodes.changes : exitCodes.done,
  )
}

/** The `apply` that does what was shown: of the same manifest, to the same environment. */
function applyCommand({ manifest, env }: PlanOptions): string {
  const flags = [
    ...(env === undefined ? [] : ['--env', env]),
    ...(manifest === undefined ? [] : ['--manifest', manifest]),
  ]
  return ['aigw apply', ...flags].join(' ')
}

/** `aigw plan show`: works on any plan, stale or not; says which it is where the store can be asked. */
export async function showPlan(context: Context, file: string, options: CommonOptions): Promise<ExitCode> {
  const saved = parsePlan(await readText(context, file), file)
  context.stdout.write(options.format === 'json' ? renderPlanJson(saved) : renderPlan(saved, context.stdout))
  const talk = makeTalk(context, options.quiet)
  try {
    for (const line of await standingOf(context, saved)) talk(line)
  } catch {
    // Shown all the same: whoever looks at a plan may not be where it is carried out.
  }
  return exitCodes.done
}

/** Whether the plan can still be carried out; no line when it can. */
async function standingOf(context: Context, saved: Plan): Promise<readonly string[]> {
  const environment = await resolveEnvironment(context, saved.environment)
  const store = await openEnvironmentStore(context, environment)
  const url = publicUrl(store.url)
  if (saved.store !== undefined && !(await isSameStore(saved.store, url))) {
    return [`\nThis plan was made for the store ${saved.store}; here ${environment.name} has ${url}.`]
  }
  const since = await findSince(store, saved)
  if (since === null) return []
  const now = since.head === null ? 'the store is empty' : `the head is revision ${since.head.revision}`
  return [`\nThis plan is stale: ${now} now.`, ...tellSince(since)]
}
