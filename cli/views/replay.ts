/** What a replay found, for people and as JSON. Every share of what-if rests on evidence, and says on which. */
import type { Scenario } from '../../schemas/index.ts'
import type { Output } from '../context.ts'
import type { WhatIfReport } from '../replay/index.ts'
import type { RecordedReport } from '../replay/recorded.ts'
import type { Tally } from '../replay/tally.ts'
import { count } from '../wording.ts'
import { table } from './layout.ts'
import { makePaint } from './paint.ts'

export function renderRecordedJson(report: RecordedReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}

const whyUndecidable =
  'the capture does not hold the manifest they ran under, or not all of what was under way beside them'

export function renderRecorded(report: RecordedReport, output: Output): string {
  const paint = makePaint(output)
  const { requests, equal, different, undecidable, missing, differences } = report
  const mark = different > 0 ? paint.red('✗') : paint.green('✓')
  const lines = [`${mark} ${equal} of ${count(requests, 'request')} decided again as recorded`]
  if (undecidable > 0) lines.push(`  ${undecidable} undecidable: ${whyUndecidable}`)
  if (missing > 0) lines.push(`  ${count(missing, 'more request')} not recorded: the spool could not be written`)
  if (different > 0) lines.push(`  ${paint.red(`${different} came out otherwise`)}`)
  for (const { id, what, recorded, replayed } of differences) {
    lines.push('', `  ${id}  ${what}`, `    recorded  ${recorded}`, `    replayed  ${replayed}`)
  }
  return `${lines.join('\n')}\n`
}

export interface WhatIfView {
  readonly scenario: Scenario | null
  readonly output: Output
}

export function renderWhatIf(report: WhatIfReport, { scenario, output }: WhatIfView): string {
  const paint = makePaint(output)
  const { sides, moved, movedRequests, failedExpectations } = report
  const lines = [...(scenario === null ? [] : [`Drill: ${paint.bold(scenario.name)}`, '']), ...compareSides(sides)]
  const [first] = sides
  if (sides.length === 2 && first !== undefined) {
    lines.push('', `${count(movedRequests, 'request')} of ${first.tally.requests} would go elsewhere`)
    const rows = table(moved.map(({ from, to, requests }) => [`  ${requests}`, `${from} → ${to}`]))
    lines.push(...rows.map((row) => row.join('  ')))
  }
  lines.push('', ...tellEvidence(sides).map((line) => paint.dim(line)))
  for (const failed of failedExpectations) lines.push(paint.red(`✗ ${failed}`))
  if (scenario?.expect !== undefined && failedExpectations.length === 0) {
    lines.push(`${paint.green('✓')} everything the drill expects holds`)
  }
  return `${lines.join('\n')}\n`
}

type Side = WhatIfReport['sides'][number]

/** One row a figure, one column a manifest. */
function compareSides(sides: readonly Side[]): string[] {
  const figures: readonly (readonly [string, (tally: Tally) => string])[] = [
    ['requests', ({ requests }) => String(requests)],
    ['served', ({ fates }) => String(fates.served)],
    ['  after failover', ({ failovers }) => String(failovers)],
    ['  not carried whole', ({ losses }) => String(losses.requests)],
    ['  parts not recorded', ({ losses }) => String(losses.unknown)],
    ['lost', ({ fates }) => String(fates.lost)],
    ['refused by quota', ({ fates }) => String(fates.refused)],
    ['no route', ({ fates }) => String(fates.no_route)],
    ["caller's mistake", ({ fates }) => String(fates.callers_mistake)],
    ['broken off', ({ fates }) => String(fates.broken)],
    ['caller gone', ({ fates }) => String(fates.abandoned)],
    ['undecidable', ({ undecidable }) => String(undecidable)],
    ['first content p50', ({ latency }) => tellMs(latency.quantile(0.5))],
    ['first content p95', ({ latency }) => tellMs(latency.quantile(0.95))],
    ['first content p99', ({ latency }) => tellMs(latency.quantile(0.99))],
    ['cost', tellCost],
    ['  without a price', ({ unpriced, fates }) => String(unpriced === fates.served ? 0 : unpriced)],
  ]
  const always = new Set(['requests', 'served', 'lost', 'first content p50', 'first content p95', 'cost'])
  const rows = figures
    .map(([name, read]) => [name, ...sides.map(({ tally }) => read(tally))])
    .filter(([name = '', ...cells]) => always.has(name) || cells.some((cell) => cell !== '0'))
  const targets = [...new Set(sides.flatMap(({ tally }) => [...tally.targets.keys()]))].toSorted()
  const served = targets.map((target) => [
    `  ${target}`,
    ...sides.map(({ tally }) => tellShare(tally.targets.get(target)?.served ?? 0, tally.requests)),
  ])
  const heading = ['', ...sides.map(({ name }) => name)]
  const blank = ['', ...sides.map(() => '')]
  const title = ['served by', ...sides.map(() => '')]
  const lost = lostParts(sides)
  const losses = lost.length === 0 ? [] : [blank, ['not carried', ...sides.map(() => '')], ...lost]
  return table([heading, ...rows, blank, title, ...served, ...losses]).map((row) => row.join('  ').trimEnd())
}

/** One row a part and target, as many columns as manifests. */
function lostParts(sides: readonly Side[]): string[][] {
  const rows = new Map<string, string[]>()
  sides.forEach(({ tally }, column) => {
    for (const { target, part, fate, above, requests } of tally.losses.parts()) {
      const words = {
        dropped: 'dropped',
        approximated: 'approximated',
        perhaps_approximated: `approximated if above ${above}`,
        skipped: 'target skipped for it',
      }[fate]
      const name = `  ${target}: ${part} ${words}`
      const row = rows.get(name) ?? [name, ...sides.map(() => '0')]
      row[column + 1] = String(requests)
      rows.set(name, row)
    }
  })
  return [...rows.values()].toSorted(([left = ''], [right = '']) => (left < right ? -1 : 1))
}

function tellShare(part: number, whole: number): string {
  return `${part} (${whole === 0 ? 0 : Number(((part / whole) * 100).toFixed(1))} %)`
}

/** What nobody has said the price of is not free. */
function tellCost({ costMicroUsd, unpriced, fates }: Tally): string {
  if (unpriced > 0 && unpriced === fates.served) return 'unknown'
  return `$${(costMicroUsd / 1_000_000).toFixed(4)}`
}

function tellMs(us: number | null): string {
  return us === null ? 'none' : `${Math.round(us / 1_000)} ms`
}

function tellEvidence(sides: readonly Side[]): string[] {
  const told = sides.map(({ name, tally }) => {
    const what = sides.length === 1 ? 'Outcomes' : `Outcomes with ${name}`
    return `${what} stand: ${tellOutcomes(tally)}.`
  })
  return [...told, 'An open loop: callers who would retry and providers who would slow down under load are not in it.']
}

function tellOutcomes({ evidence }: Tally): string {
  const names: readonly (readonly [keyof Tally['evidence'], string])[] = [
    ['record', 'the record of the very request'],
    ['distribution', "the target's recorded distribution"],
    ['extrapolated', 'a guess beyond what was recorded'],
    ['assumed', 'an assumption'],
    ['scenario', 'the drill'],
  ]
  const total = names.reduce((sum, [name]) => sum + evidence[name], 0)
  if (total === 0) return 'on nothing, for nothing was called'
  return names
    .filter(([name]) => evidence[name] > 0)
    .map(([name, what]) => `${tellShare(evidence[name], total)} on ${what}`)
    .join(', ')
}

export function renderWhatIfJson({ sides, moved, movedRequests, failedExpectations }: WhatIfReport): string {
  return `${JSON.stringify(
    {
      sides: sides.map(({ name, tally }) => ({
        manifest: name,
        requests: tally.requests,
        attempts: tally.attempts,
        failovers: tally.failovers,
        undecidable: tally.undecidable,
        boundary_left: tally.boundaryLeft,
        fates: tally.fates,
        cost_micro_usd: tally.costMicroUsd,
        unpriced: tally.unpriced,
        first_content_us: {
          p50: tally.latency.quantile(0.5),
          p95: tally.latency.quantile(0.95),
          p99: tally.latency.quantile(0.99),
        },
        targets: Object.fromEntries(tally.targets),
        losses: { requests: tally.losses.requests, unknown: tally.losses.unknown, parts: tally.losses.parts() },
        evidence: tally.evidence,
      })),
      moved_requests: movedRequests,
      moved,
      failed_expectations: failedExpectations,
    },
    null,
    2,
  )}\n`
}
