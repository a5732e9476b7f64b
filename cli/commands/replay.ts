/**
 * `aigw replay`: recorded traffic through the same engine. Without a manifest: through the manifests it was recorded
 * under, where every decision must come out the same. With one (or two, side by side): what it would do.
 */
import { resolve, sep } from 'node:path'
import type { Scenario } from '../../schemas/index.ts'
import { CommandError, makeTalk, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { variablesOfLocal } from '../io/config.ts'
import { requireManifest } from '../io/documents.ts'
import { tellFileError } from '../io/files.ts'
import { readScenario } from '../io/scenario.ts'
import type { ManifestSide } from '../replay/index.ts'
import { renderRecorded, renderRecordedJson, renderWhatIf, renderWhatIfJson } from '../views/replay.ts'

export interface ReplayOptions extends CommonOptions {
  readonly manifest: string | undefined
  readonly against: string | undefined
  readonly scenario: string | undefined
  readonly assume: readonly Assumed[]
  readonly seed: number | undefined
  readonly instances: number | undefined
  readonly model: string | undefined
  readonly stream: boolean
}

/** `--assume TARGET=FIRST/TOTAL`, read. */
export interface Assumed {
  readonly target: string
  readonly firstContentMs: number
  readonly totalMs: number
}

export async function replay(context: Context, capture: string, options: ReplayOptions): Promise<ExitCode> {
  if (options.manifest !== undefined) return await whatIf(context, capture, { ...options, manifest: options.manifest })
  const { against, scenario, assume, model, stream, seed, instances } = options
  const given = { against, scenario, assume: assume[0], model, stream: stream || undefined, seed, instances }
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) throw new CommandError(`--${name} needs a --manifest to play through`)
  }
  return await recorded(context, capture, options)
}

async function recorded(context: Context, capture: string, options: CommonOptions): Promise<ExitCode> {
  const { replayRecorded } = await import('../replay/index.ts')
  const tellCutOff = makeTellCutOff(context)
  const report = await telling(context, async () => await replayRecorded(resolvePath(context, capture), tellCutOff))
  context.stdout.write(options.format === 'json' ? renderRecordedJson(report) : renderRecorded(report, context.stdout))
  return report.different > 0 ? exitCodes.assertion : exitCodes.done
}

async function whatIf(
  context: Context,
  capture: string,
  options: ReplayOptions & { readonly manifest: string },
): Promise<ExitCode> {
  const scenario = options.scenario === undefined ? null : await readScenario(context, options.scenario)
  const manifest = await readSide(context, options.manifest)
  const against = options.against === undefined ? null : await readSide(context, options.against)
  const { replayWhatIf } = await import('../replay/index.ts')
  const talk = makeTalk(context, options.quiet)
  const report = await telling(
    context,
    async () =>
      await replayWhatIf({
        capture: resolvePath(context, capture),
        manifest,
        against,
        scenario,
        assume: { ...scenario?.assume, ...asScenarioAssumptions(options.assume) },
        seed: options.seed ?? 1,
        instances: options.instances ?? 1,
        model: options.model ?? null,
        stream: options.stream,
        progress: (requests) => talk(`${requests} requests replayed …`),
        tellCutOff: makeTellCutOff(context),
        tellGap: (sentence) => context.stderr.write(`${shorten(context, sentence)}\n`),
      }),
  )
  const isJson = options.format === 'json'
  context.stdout.write(isJson ? renderWhatIfJson(report) : renderWhatIf(report, { scenario, output: context.stdout }))
  return report.failedExpectations.length > 0 ? exitCodes.assertion : exitCodes.done
}

async function readSide(context: Context, file: string): Promise<ManifestSide> {
  const { compileManifest } = await import('../../gateway/core/manifest/compile.ts')
  const { manifest } = await requireManifest(context, file, await variablesOfLocal(context))
  return { name: file, table: compileManifest(manifest) }
}

function asScenarioAssumptions(assumed: readonly Assumed[]): NonNullable<Scenario['assume']> {
  return Object.fromEntries(
    assumed.map(({ target, firstContentMs, totalMs }) => [
      target,
      { first_content_ms: firstContentMs, total_ms: totalMs },
    ]),
  )
}

function resolvePath(context: Context, path: string): string {
  return resolve(context.cwd, path)
}

/** Not silenced by --quiet: what is left out of a count is no progress report. */
function makeTellCutOff(context: Context): (where: string) => void {
  return (where) => {
    context.stderr.write(`${shorten(context, where)}: the last line is cut off, and left out\n`)
  }
}

/** Paths as the user knows them. */
function shorten({ cwd }: Context, text: string): string {
  return text.replaceAll(`${cwd}${sep}`, '')
}

/** What replay finds wrong with its input is the user's to mend, and is told in a line. */
async function telling<Result>(context: Context, run: () => Promise<Result>): Promise<Result> {
  const [{ CaptureError }, { NoEvidenceError }, { ScenarioError }] = await Promise.all([
    import('../replay/lines.ts'),
    import('../replay/what-if.ts'),
    import('../replay/faults.ts'),
  ])
  try {
    return await run()
  } catch (error) {
    const isKnown = error instanceof CaptureError || error instanceof NoEvidenceError || error instanceof ScenarioError
    if (isKnown) throw new CommandError(shorten(context, error.message), { cause: error })
    if (error instanceof Error && 'code' in error && 'path' in error) {
      throw new CommandError(`cannot read ${shorten(context, String(error.path))}: ${tellFileError(error)}`, {
        cause: error,
      })
    }
    throw error
  }
}
