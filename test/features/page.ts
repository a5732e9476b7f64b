/** The page about features, made of what the tests saw. */
import { providers } from '../../gateway/core/providers/index.ts'
import type { ProviderId } from '../../schemas/index.ts'
import { linkTo, type Row } from './rows.ts'
import { type Feature, type FeatureGroup, type Observed, featureGroups, type Verdict } from './feature.ts'

interface Asked {
  readonly rows: readonly Row[]
  readonly features: readonly Feature[]
}

export interface AllSeen {
  readonly chats: Asked
  /** `unplayed`: have embeddings, and nobody who plays them. */
  readonly embeddings: Asked & { readonly unplayed: readonly ProviderId[] }
  readonly cell: (row: Row, feature: Feature) => Observed
}

interface Seen extends Asked {
  readonly cell: AllSeen['cell']
}

const introduction = `# Which provider can do what

Made by \`test/features/features.test.ts\`; do not edit it by hand. Each cell is what was observed: a request with this
feature went through a real gateway to a simulated provider, and what reached the provider and what came back was looked
at. The tests fail where a cell is not what the provider's [loss table](providers/README.md) says, so that page, table and
gateway are one. Each loss table has more rows than there are columns here.

- **exact**: the provider is asked for the same thing, or its answer is passed on whole;
- **approximated**: it is asked for something near it, which the caller is told in \`x-aigw-lost\`;
- **dropped**: it is left out, which the caller is told; under \`on_loss: refuse\` the target is skipped;
- **refused**: the target is skipped, and when there is no other the request is answered 400;
- **absent**: the provider does not give it to anybody, so there was nothing to lose.

Exact says what the gateway does: what a model makes of it is its own, and a provider of which there is no recording may
ignore or refuse a part that its documents do not speak of; the caller is then told what the provider said.

The numbers stand for the notes below each table. Where what a provider can do hangs on the model, the models here stand for
others, and \`aigw providers show TYPE --model NAME\` has the table of any.
`

const recorded = {
  exchanges: 'requests and replies',
  replies: 'replies only',
  none: 'no: only what its documents say',
} as const

export function renderPage({ chats, embeddings, cell }: AllSeen): string {
  const groups = featureGroups.filter((group) => chats.features.some((feature) => feature.group === group))
  return [
    introduction,
    overview({ ...chats, cell }),
    ...groups.map((group) => section({ ...chats, cell }, group)),
    section({ ...embeddings, cell }, 'Embeddings'),
    tellUnplayed(embeddings.unplayed),
    missing([...chats.rows, ...embeddings.rows]),
  ].join('\n')
}

const verdicts: readonly Verdict[] = ['exact', 'approximated', 'dropped', 'refused', 'absent']

function overview({ rows, features, cell }: Seen): string {
  const lines = rows.map((row) => {
    const seen = features.map((feature) => cell(row, feature).verdict)
    const counts = verdicts.map((verdict) => String(seen.filter((one) => one === verdict).length))
    return [row.label, `\`${row.language}\``, recorded[row.recordings], players[row.player], ...counts]
  })
  const head = ['provider', 'language', 'checked against recordings', 'played here by', ...verdicts]
  return `## All of it in numbers

"Checked against recordings" says what of the real provider could be replayed through this gateway. "Played here by" says
whose manner the simulator has: its own, made from recordings or documents of that provider; that of its language; or OpenAI's,
for those who say no more than that they are compatible.

${table([head, ...lines])}
`
}

const players: Readonly<Record<Row['player'], string>> = {
  own: 'a simulator of its own',
  language: 'a simulator of its language',
  openai: 'a simulator of OpenAI',
}

function section({ rows, features, cell }: Seen, group: FeatureGroup): string {
  const columns = features.filter((feature) => feature.group === group)
  const notes: string[] = []
  const lines = rows.map((row) => [
    row.label,
    ...columns.map((feature) => {
      const { verdict, how } = cell(row, feature)
      if (how === '') return verdict
      if (!notes.includes(how)) notes.push(how)
      return `${verdict} ${notes.indexOf(how) + 1}`
    }),
  ])
  const head = ['provider', ...columns.map(({ title }) => title)]
  const below = notes.map((how, index) => `${index + 1}. ${how}`)
  return [
    `## ${group}`,
    '',
    ...about(group),
    table([head, ...lines]),
    '',
    ...below,
    ...(below.length > 0 ? [''] : []),
  ].join('\n')
}

const explained: Partial<Record<FeatureGroup, string>> = {
  Embeddings: `Of \`POST /v1/embeddings\`. \`input_type\` (query or document) is not OpenAI's, but asked for by half of the others.
Providers with embeddings only have no row above; those without any have one here.`,
  Failures: `What the provider answered, by column, and what the caller then got from a route with no other target, in OpenAI's
envelope: 400 → 400; 401 and 404 of the target → 502, as they are the operator's business; 429 → 429 with \`retry-after\`;
500 → 502; an error or nothing inside a 200 → 502, or an error event where the stream had begun. The provider's own words
are kept, except those about the operator's key or model.`,
}

function about(group: FeatureGroup): string[] {
  const text = explained[group]
  return text === undefined ? [] : [text, '']
}

function tellUnplayed(ids: readonly ProviderId[]): string {
  if (ids.length === 0) return ''
  return `Not played here: ${ids.map(linkTo).join(', ')}, which ask for embeddings in words of their own. Their pages say what is sent.\n`
}

/** Providers that this version cannot ask. */
function missing(there: readonly Row[]): string {
  const ids = new Set(there.map(({ id }) => id))
  const others = Object.values(providers).filter(({ id }) => !ids.has(id))
  if (others.length === 0) return ''
  const lines = others.map(({ id, dialect }) => {
    return [linkTo(id), `this version does not speak \`${dialect ?? ''}\``]
  })
  return `## Not in these tables\n\n${table([['provider', 'why'], ...lines])}\n`
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows
  const line = (row: readonly string[]) => `| ${row.map((one) => one.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rest.map(line)].join('\n')
}
