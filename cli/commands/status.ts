/** `aigw status`: what is published, what is written, and what every gateway really serves; once, or as it changes. */
import type { InstanceReport } from '../../gateway/release/instance.ts'
import type { Release } from '../../schemas/index.ts'
import { CommandError, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type AdminTokenOptions, readAdminToken } from '../io/admin-token.ts'
import { type TargetEnvironment, resolveEnvironment } from '../io/config.ts'
import { manifestOfRelease, readManifestFile } from '../io/documents.ts'
import { defaultManifest } from '../io/files.ts'
import { fetchStatus } from '../io/gateway-client.ts'
import { findDamaged, openEnvironmentStore, publicUrl, readHeadRelease, withStore } from '../io/stores.ts'
import { conditionOfAnswer, instancesOf, renderGatewayStatus } from '../views/gateway-status.ts'
import { type Status, conditionOfStatus, renderStatus, statusValue } from '../views/status.ts'
import type { Look } from '../views/watch.ts'

export interface StatusOptions extends CommonOptions, AdminTokenOptions {
  readonly env: string | undefined
  readonly manifest: string | undefined
  readonly url: string | undefined
  readonly watch: boolean
  /** Milliseconds; only with `watch`. */
  readonly interval: number | undefined
}

const usualIntervalMs = 2_000
const shortestIntervalMs = 100

export async function status(context: Context, options: StatusOptions): Promise<ExitCode> {
  const { url, watch, interval, format } = options
  if (interval !== undefined && !watch) throw new CommandError('--interval says how often --watch looks: add --watch')
  if (interval !== undefined && interval < shortestIntervalMs) {
    throw new CommandError(`--interval is at least ${shortestIntervalMs}ms`)
  }
  const look = url === undefined ? await lookAtStore(context, options) : await lookAtGateway(context, url, options)
  if (watch) {
    const { watchStatus } = await import('./watch-status.ts')
    const asJson = format === 'json'
    return await watchStatus(context, { look, asJson, intervalMs: interval ?? usualIntervalMs })
  }
  const found = await look()
  const text = format === 'json' ? `${JSON.stringify(found.value, null, 2)}\n` : found.render(() => null)
  context.stdout.write(text)
  return exitCodes.done
}

/** A function that looks at the environment's store. */
async function lookAtStore(context: Context, options: StatusOptions): Promise<() => Promise<Look>> {
  const environment = await resolveEnvironment(context, options.env)
  const store = await openEnvironmentStore(context, environment)
  const file = options.manifest ?? defaultManifest
  return async () => {
    const head = await readHeadRelease(store)
    const instances = (await withStore(async () => await store.instances())).toSorted(byName)
    const found: Status = {
      environment: environment.name,
      storeUrl: publicUrl(store.url),
      readOnly: store.readOnly,
      head,
      manifest: { file, ...(await compareManifest(context, { environment, file, head })) },
      instances,
      damaged: await findDamaged(store, head?.revision ?? null),
    }
    return {
      instances,
      condition: conditionOfStatus(found),
      value: statusValue(found),
      render: (pace) => renderStatus(found, context, pace),
    }
  }
}

/** A function that asks one gateway. */
async function lookAtGateway(context: Context, url: string, options: StatusOptions): Promise<() => Promise<Look>> {
  if (options.env !== undefined) throw new CommandError('--url asks one gateway, --env a store: choose one')
  const token = await readAdminToken(context, options)
  return async () => {
    const answer = await fetchStatus(url, token)
    return {
      instances: instancesOf(answer),
      condition: conditionOfAnswer(answer),
      value: answer,
      render: (pace) => renderGatewayStatus(answer, context.stdout, pace),
    }
  }
}

interface Comparing {
  readonly environment: TargetEnvironment
  readonly file: string
  readonly head: Release | null
}

/** Is what stands in the working folder what was published? */
async function compareManifest(
  context: Context,
  { environment, file, head }: Comparing,
): Promise<Omit<Status['manifest'], 'file'>> {
  let reading
  try {
    reading = await readManifestFile(context, file, environment.variables)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return { state: 'absent', changes: 0 }
  }
  if (reading.manifest === null) return { state: 'invalid', changes: 0 }
  if (head === null) return { state: 'unpublished', changes: 0 }
  const { diffManifests } = await import('../diff/diff.ts')
  const before = await manifestOfRelease(head.resolved, `revision ${head.revision}`)
  const changes = diffManifests(before, reading.manifest).length
  return { state: changes === 0 ? 'published' : 'changed', changes }
}

function byName(left: InstanceReport, right: InstanceReport): number {
  return left.process < right.process ? -1 : 1
}
