/** `aigw status`: what is published, what is written, and what every gateway really serves. */
import type { InstanceReport } from '../../gateway/release/instance.ts'
import type { Release } from '../../schemas/index.ts'
import { CommandError, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type TargetEnvironment, resolveEnvironment } from '../io/config.ts'
import { manifestOfRelease, readManifestFile } from '../io/documents.ts'
import { defaultManifest } from '../io/files.ts'
import { fetchStatus } from '../io/gateway-client.ts'
import { findDamaged, openEnvironmentStore, readHeadRelease, withStore } from '../io/stores.ts'
import { renderGatewayStatus } from '../views/gateway-status.ts'
import { type Status, renderStatus, renderStatusJson } from '../views/status.ts'

export interface StatusOptions extends CommonOptions {
  readonly env: string | undefined
  readonly manifest: string | undefined
  readonly url: string | undefined
}

export async function status(context: Context, options: StatusOptions): Promise<ExitCode> {
  if (options.url !== undefined) return await gatewayStatus(context, options.url, options)
  const environment = await resolveEnvironment(context, options.env)
  const store = await openEnvironmentStore(context, environment)
  const head = await readHeadRelease(store)
  const instances = await withStore(async () => await store.instances())
  const file = options.manifest ?? defaultManifest
  const found: Status = {
    environment: environment.name,
    storeUrl: store.url,
    readOnly: store.readOnly,
    head,
    manifest: { file, ...(await compareManifest(context, { environment, file, head })) },
    instances: instances.toSorted(byName),
    damaged: await findDamaged(store, head?.revision ?? null),
  }
  context.stdout.write(options.format === 'json' ? renderStatusJson(found) : renderStatus(found, context))
  return exitCodes.done
}

async function gatewayStatus(context: Context, url: string, options: StatusOptions): Promise<ExitCode> {
  if (options.env !== undefined) throw new CommandError('--url asks one gateway, --env a store: choose one')
  const answer = await fetchStatus(url)
  const isJson = options.format === 'json'
  context.stdout.write(isJson ? `${JSON.stringify(answer, null, 2)}\n` : renderGatewayStatus(answer, context.stdout))
  return exitCodes.done
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
