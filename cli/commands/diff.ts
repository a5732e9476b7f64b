/** `aigw diff`: what is different between two manifests, by meaning. Changes nothing. */
import { CommandError, type Context, makeTalk } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { resolveEnvironment, variablesOfLocal } from '../io/config.ts'
import { type SideReference, readSide, resolveSide } from '../io/diff-side.ts'
import { renderDiff, renderDiffJson, renderDiffMarkdown } from '../views/diff.ts'

export interface DiffOptions extends CommonOptions {
  readonly env: string | undefined
  readonly detailedExitcode: boolean
}

interface Sides {
  readonly from: string
  readonly to: string
}

export async function diff(context: Context, sides: Sides, options: DiffOptions): Promise<ExitCode> {
  if (sides.from === '-' && sides.to === '-') throw new CommandError('only one side can be standard input')
  const [from, to] = await Promise.all([resolveSide(context, sides.from), resolveSide(context, sides.to)])
  const variables = await variablesFor(context, [from, to], options.env)
  const [before, after] = await Promise.all([readSide(context, from, variables), readSide(context, to, variables)])
  const talk = makeTalk(context, options.quiet)
  for (const note of [...before.notes, ...after.notes]) talk(note)
  const { diffManifests } = await import('../diff/diff.ts')
  const changes = diffManifests(before.manifest, after.manifest ?? { ai_routes: [] })
  const result = { from: before, to: after, changes }
  if (options.format === 'json') context.stdout.write(renderDiffJson(result))
  else if (options.format === 'markdown') context.stdout.write(renderDiffMarkdown(result))
  else context.stdout.write(renderDiff(result, context.stdout))
  return options.detailedExitcode && changes.length > 0 ? exitCodes.changes : exitCodes.done
}

/** A file beside an environment means what it would mean there; two files, what they mean here. */
async function variablesFor(
  context: Context,
  sides: readonly SideReference[],
  name: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  if (name !== undefined) return (await resolveEnvironment(context, name)).variables
  const environment = sides.find((side) => side.kind === 'environment')?.environment
  return environment === undefined ? await variablesOfLocal(context) : environment.variables
}
