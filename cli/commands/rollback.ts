/** `aigw rollback`: publishes an older release again, as a new revision, the way `apply` would. */
import type { Diagnostic } from '../../gateway/core/manifest/diagnostics.ts'
import type { ReleaseDraft } from '../../schemas/index.ts'
import type { ReleaseStore } from '../../gateway/release/store.ts'
import { CommandError, type Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { resolveEnvironment } from '../io/config.ts'
import { readAuthor } from '../io/git.ts'
import { planRelease } from '../io/prepare-plan.ts'
import { openEnvironmentStore, readHeadRelease, withStore } from '../io/stores.ts'
import { type PublishOptions, carryOut, tellingRefusals } from './apply.ts'

export async function rollback(
  context: Context,
  revision: number | undefined,
  options: PublishOptions,
): Promise<ExitCode> {
  return await tellingRefusals(context, options, async () => {
    const environment = await resolveEnvironment(context, options.env)
    const store = await openEnvironmentStore(context, environment)
    const base = await readHeadRelease(store)
    if (base === null) throw new CommandError(`nothing was published to ${environment.name} yet`)
    const wanted = revision ?? base.parent
    if (wanted === null) throw new CommandError(`revision ${base.revision} is the first: there is none to go back to`)
    if (wanted === base.revision) throw new CommandError(`revision ${wanted} is the head already`)
    if (wanted > base.revision) {
      throw new CommandError(`there is no revision ${wanted}: the newest is ${base.revision}`)
    }
    const candidate = await draftFrom(context, store, wanted)
    const findings = await findingsOf(candidate)
    const plan = await planRelease(context, { environment, store, base, candidate, findings })
    const otherwise = ['Approve with --auto-approve.']
    return await carryOut(context, { plan, environment, store, isApproved: options.autoApprove, otherwise }, options)
  })
}

/** What an apply of the same manifest would have found, so that the same gates judge it. */
async function findingsOf({ resolved }: ReleaseDraft): Promise<readonly Diagnostic[]> {
  const [{ readManifestValue }, { findUnavailable }] = await Promise.all([
    import('../../gateway/core/manifest/read.ts'),
    import('../../gateway/core/manifest/unavailable.ts'),
  ])
  const { manifest, diagnostics } = readManifestValue(resolved)
  return manifest === null ? diagnostics : [...diagnostics, ...findUnavailable(manifest)]
}

/** The same content and origin; who publishes it, and when, are of today. */
async function draftFrom(context: Context, store: ReleaseStore, revision: number): Promise<ReleaseDraft> {
  const { schema, hash, source, resolved } = await withStore(async () => await store.read(revision))
  const author = await readAuthor(context)
  return { schema, hash, source: { ...source, author }, resolved, created_at: new Date(context.now()).toISOString() }
}
