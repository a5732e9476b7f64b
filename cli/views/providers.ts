/** Providers for people and as JSON: which there are, and all there is to say of one. */
import type { LossGroup, LossRow, ModelLossRow, ProviderDescription } from '../providers/describe.ts'
import type { EmbeddingsDescription, EmbeddingsRow } from '../providers/embeddings.ts'
import type { Output } from '../context.ts'
import { table, wrap } from './layout.ts'
import { makePaint } from './paint.ts'
import {
  byModelTitle,
  tellBaseUrl,
  tellBaseUrlShortly,
  tellCheck,
  tellEmbeddings,
  tellForeign,
  tellKey,
  tellOtherWire,
  tellRecordings,
} from './provider-words.ts'

type Paint = ReturnType<typeof makePaint>

// ---- which there are ----

export function renderProviders(providers: readonly ProviderDescription[], output: Output): string {
  const paint = makePaint(output)
  const served = providers.filter(({ unavailable }) => unavailable === null)
  const others = providers.filter(({ unavailable }) => unavailable !== null)
  const lines = [
    paint.bold(`Served by this version (${served.length})`),
    '',
    ...listRows(served, output, paint),
    '',
    paint.bold(`Not served (${others.length})`),
    '',
    ...listRows(others, output, paint),
    '',
    ...wrapTo(output, 'aigw providers show TYPE tells all of one, and what of a request it loses.', ''),
  ]
  return `${lines.join('\n')}\n`
}

/** One line each where the terminal is wide enough, otherwise a few. */
function listRows(providers: readonly ProviderDescription[], output: Output, paint: Paint): string[] {
  const rows = table(
    providers.map((provider) => [
      provider.id,
      provider.title,
      provider.dialect ?? 'embeddings only',
      provider.deployment,
      provider.keyVariable ?? 'no key',
      tellBaseUrlShortly(provider),
    ]),
  )
  const lines = rows.map((row) => `  ${row.join('  ')}`)
  if (lines.every((line) => line.length <= (output.columns ?? Number.POSITIVE_INFINITY))) {
    return lines.map((line, index) => {
      const { length } = rows[index]?.[0] ?? ''
      return `  ${paint.cyan(line.slice(2, 2 + length))}${line.slice(2 + length)}`
    })
  }
  return rows.flatMap((cells) => {
    const [id = '', ...facts] = cells.map((cell) => cell.trimEnd())
    const address = facts.pop() ?? ''
    return [`  ${paint.cyan(id)}`, ...wrapTo(output, facts.join(', '), '      '), ...wrapTo(output, address, '      ')]
  })
}

export function renderProvidersJson(providers: readonly ProviderDescription[]): string {
  return `${JSON.stringify(providers.map(factsOf), null, 2)}\n`
}

function factsOf(provider: ProviderDescription): object {
  return {
    id: provider.id,
    title: provider.title,
    dialect: provider.dialect,
    deployment: provider.deployment,
    base_url: provider.baseUrl,
    regional_url: provider.regionalUrl,
    chat_path: provider.chatPath,
    stream_path: provider.streamPath,
    other_wires: provider.otherWires.map(({ modelPrefix, dialect, chatPath, streamPath }) => {
      return { model_prefix: modelPrefix, dialect, chat_path: chatPath, stream_path: streamPath }
    }),
    check: provider.check,
    key: { variable: provider.keyVariable, required: provider.keyRequired },
    served: provider.unavailable === null,
    unavailable: provider.unavailable,
    recordings: provider.recordings,
    source: provider.source,
  }
}

// ---- one of them ----

export interface ProviderView {
  /** Only the parts of a request that are not carried exactly. */
  readonly lostOnly: boolean
  readonly output: Output
}

export function renderProvider(provider: ProviderDescription, { lostOnly, output }: ProviderView): string {
  const paint = makePaint(output)
  const lines = lostOnly ? [] : factLines(provider, output, paint)
  if (provider.losses === null) {
    if (provider.dialect !== null) lines.push('', ...wrapTo(output, 'Its loss table comes with its language.', ''))
  } else {
    if (!lostOnly) lines.push('')
    const title = lostOnly ? `What of a request ${provider.title} loses` : 'What becomes of a request'
    const heading = wrapTo(output, `${title}${provider.model === null ? '' : `, for ${provider.model}`}`, '')
    lines.push(...heading.map((line) => paint.bold(line)))
    const groups = lostOnly ? withoutExact(provider.losses) : provider.losses
    for (const group of groups) lines.push('', `  ${group.title}`, ...renderRows(group.rows, output, paint))
    if (groups.length === 0) lines.push('', '  Nothing.')
    if (provider.byModel.length > 0) {
      lines.push('', `  ${byModelTitle}`, ...renderRows(provider.byModel, output, paint))
    }
    lines.push('', '  Fields that OpenAI does not have', ...wrapTo(output, `${tellForeign(provider.foreign)}.`, '    '))
  }
  for (const one of provider.embeddings) lines.push(...embeddingsLines(one, { lostOnly, output }))
  return `${lines.join('\n')}\n`
}

/** The fate of an embeddings request. Nothing, where only losses are wanted and there are none. */
function embeddingsLines(one: EmbeddingsDescription, { lostOnly, output }: ProviderView): string[] {
  const paint = makePaint(output)
  const rows = one.rows.filter(({ fidelity }) => !lostOnly || fidelity !== 'exact')
  if (rows.length === 0) return []
  const title = `What becomes of an embeddings request${one.models === null ? '' : ` (${one.models})`}`
  return [
    '',
    ...wrapTo(output, title, '').map((line) => paint.bold(line)),
    '',
    ...renderRows(rows, output, paint),
    '',
    '  Other fields',
    ...wrapTo(output, `${tellForeign(one.foreign)}.`, '    '),
  ]
}

export function withoutExact(groups: readonly LossGroup[]): LossGroup[] {
  return groups
    .map(({ title, rows }) => ({ title, rows: rows.filter(({ fidelity }) => fidelity !== 'exact') }))
    .filter(({ rows }) => rows.length > 0)
}

function factLines(provider: ProviderDescription, output: Output, paint: Paint): string[] {
  const { id, title, unavailable, chatPath, streamPath, source, differences } = provider
  const facts = table([
    ['type', id],
    ['base URL', tellBaseUrl(provider)],
    ...(chatPath === '' ? [] : [['chat', `${chatPath} is appended`]]),
    ...(streamPath === null ? [] : [['streams', `${streamPath} is appended`]]),
    ['key', tellKey(provider)],
    ['dialect', provider.dialect ?? 'none: it has embeddings only'],
    ...provider.otherWires.map((wire) => [
      'otherwise',
      `${tellOtherWire(wire)}; their table: --model ${wire.modelPrefix}…`,
    ]),
    ...(provider.embeddings.length === 0 ? [['embeddings', 'none']] : []),
    ...provider.embeddings.map((one) => ['embeddings', tellEmbeddings(one)]),
    ['deployment', provider.deployment],
    ['check', tellCheck(provider)],
    ['recordings', tellRecordings(provider)],
    ['source', `${source.url} (${source.checked})`],
  ])
  const lines = [...wrapTo(output, title, '').map((line) => paint.bold(line)), '']
  if (unavailable !== null) lines.push(...wrapTo(output, unavailable, '  ').map((line) => paint.yellow(line)), '')
  for (const [name = '', value = ''] of facts) {
    const [first = '', ...rest] = wrapTo(output, value, ' '.repeat(name.length + 4))
    lines.push(`  ${paint.dim(name)}${first.slice(name.length + 2)}`, ...rest)
  }
  if (differences.length > 0) {
    lines.push('', paint.bold('What it does otherwise than its language'), '')
    for (const difference of differences) {
      const [first = '', ...rest] = wrapTo(output, difference, '    ')
      lines.push(`  - ${first.slice(4)}`, ...rest)
    }
  }
  return lines
}

type AnyRow = LossRow | ModelLossRow | EmbeddingsRow

const fidelityWidth = 'approximated'.length
const partIndent = ' '.repeat(4 + fidelityWidth + 2)

/** Parts that share a fate stand together; what is exact and needs no word comes first. */
function renderRows(rows: readonly AnyRow[], output: Output, paint: Paint): string[] {
  return groupAlike(rows).flatMap(({ fidelity, how, models, parts }) => {
    const [first = '', ...rest] = wrapTo(output, parts.join(', '), partIndent)
    const color = { exact: paint.green, approximated: paint.yellow, dropped: paint.magenta, refused: paint.red }[
      fidelity
    ]
    const word = `    ${color(fidelity.padEnd(fidelityWidth))}`
    const named = models === '' ? [] : wrapTo(output, models, partIndent)
    const explained = how === '' ? [] : wrapTo(output, how, partIndent).map((line) => paint.dim(line))
    return [`${word}${first.slice(4 + fidelityWidth)}`, ...rest, ...named, ...explained]
  })
}

interface AlikeRows {
  readonly fidelity: LossRow['fidelity']
  readonly how: string
  /** Empty: whatever the model. */
  readonly models: string
  readonly parts: string[]
}

const fidelities: readonly LossRow['fidelity'][] = ['exact', 'approximated', 'dropped', 'refused']

function groupAlike(rows: readonly AnyRow[]): AlikeRows[] {
  const alike = new Map<string, AlikeRows>()
  for (const row of rows) {
    const { part, fidelity, how } = row
    const above = 'above' in row ? row.above : null
    const models = 'models' in row ? row.models.join('; ') : ''
    const name = above === null ? part : `${part} above ${above}`
    const key = [fidelity, how, models].join('\n')
    const group = alike.get(key)
    if (group === undefined) alike.set(key, { fidelity, how, models, parts: [name] })
    else group.parts.push(name)
  }
  const rank = ({ fidelity, how }: AlikeRows): number => fidelities.indexOf(fidelity) * 2 + (how === '' ? 0 : 1)
  return [...alike.values()].toSorted((left, right) => rank(left) - rank(right))
}

/** Lines that begin with the indent and fit the terminal; one line where nothing limits it. */
function wrapTo({ columns }: Output, text: string, indent: string): string[] {
  return wrap(text, (columns ?? Number.POSITIVE_INFINITY) - indent.length).map((line) => `${indent}${line}`)
}

export function renderProviderJson(
  provider: ProviderDescription,
  { lostOnly }: Pick<ProviderView, 'lostOnly'>,
): string {
  const { losses } = provider
  const groups = losses !== null && lostOnly ? withoutExact(losses) : losses
  return `${JSON.stringify(
    {
      ...factsOf(provider),
      authentication: provider.authentication,
      differences: provider.differences,
      model: provider.model,
      losses: groups?.flatMap(({ title, rows }) => rows.map((row) => ({ ...row, group: title }))) ?? null,
      losses_by_model: provider.byModel,
      foreign_fields: provider.foreign,
      embeddings: provider.embeddings.map(({ maxInputs, ...one }) => ({ ...one, max_inputs: maxInputs })),
    },
    null,
    2,
  )}\n`
}
