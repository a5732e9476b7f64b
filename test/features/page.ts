/** The page about features, made of what the tests saw. */
import { providers } from '../../gateway/core/providers/index.ts'
import { recordingsOf } from '../../gateway/core/providers/recordings.ts'
import { wireOf } from '../conformance/stage.ts'
import type { ProviderId } from '../../schemas/index.ts'
import { type Feature, type FeatureGroup, type Observed, featureGroups, type Verdict } from './feature.ts'

export interface Seen {
  readonly ids: readonly ProviderId[]
  readonly features: readonly Feature[]
  readonly cell: (id: ProviderId, feature: Feature) => Observed
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

The numbers stand for the notes below each table. What is said holds for models without rows of their own; where models
differ, \`aigw providers show TYPE --model NAME\` has the table of one.
`

const recorded = {
  exchanges: 'requests and replies',
  replies: 'replies only',
  none: 'no: only what its documents say',
} as const

export function renderPage(seen: Seen): string {
  const groups = featureGroups.filter((group) => seen.features.some((feature) => feature.group === group))
  return [introduction, overview(seen), ...groups.map((group) => section(seen, group)), missing(seen)].join('\n')
}

const verdicts: readonly Verdict[] = ['exact', 'approximated', 'dropped', 'refused', 'absent']

function overview({ ids, features, cell }: Seen): string {
  const rows = ids.map((id) => {
    const { dialect } = providers[id]
    const seen = features.map((feature) => cell(id, feature).verdict)
    const counts = verdicts.map((verdict) => String(seen.filter((one) => one === verdict).length))
    return [linkTo(id), `\`${dialect ?? ''}\``, recorded[recordingsOf(id)], tellPlayer(id), ...counts]
  })
  const head = ['provider', 'language', 'checked against recordings', 'played here by', ...verdicts]
  return `## All of it in numbers

"Checked against recordings" says what of the real provider could be replayed through this gateway. "Played here by" says
whose manner the simulator has; a simulator of its own was made from recordings or documents of that provider, and OpenAI's
stands for those who say no more than that they are compatible.

${table([head, ...rows])}
`
}

function tellPlayer(id: ProviderId): string {
  const { wire, style } = wireOf(id)
  if (style === undefined) return `a simulator of \`${wire ?? 'openai-chat'}\``
  return style === id ? 'a simulator of its own' : 'a simulator of OpenAI'
}

function section({ ids, features, cell }: Seen, group: FeatureGroup): string {
  const columns = features.filter((feature) => feature.group === group)
  const notes: string[] = []
  const rows = ids.map((id) => [
    linkTo(id),
    ...columns.map((feature) => {
      const { verdict, how } = cell(id, feature)
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
    table([head, ...rows]),
    '',
    ...below,
    ...(below.length > 0 ? [''] : []),
  ].join('\n')
}

const explained: Partial<Record<FeatureGroup, string>> = {
  Failures: `What the provider answered, by column, and what the caller then got from a route with no other target, in OpenAI's
envelope: 400 → 400; 401 and 404 of the target → 502, as they are the operator's business; 429 → 429 with \`retry-after\`;
500 → 502; an error or nothing inside a 200 → 502, or an error event where the stream had begun. The provider's own words
are kept, except those about the operator's key or model.`,
}

function about(group: FeatureGroup): string[] {
  const text = explained[group]
  return text === undefined ? [] : [text, '']
}

/** Providers that this version cannot ask. */
function missing({ ids }: Seen): string {
  const others = Object.values(providers).filter(({ id }) => !ids.includes(id))
  if (others.length === 0) return ''
  const rows = others.map(({ id, dialect }) => {
    const why = dialect === null ? 'it has embeddings only' : `this version does not speak \`${dialect}\``
    return [linkTo(id), why]
  })
  return `## Not in these tables\n\n${table([['provider', 'why'], ...rows])}\n`
}

function linkTo(id: ProviderId): string {
  return `[${id}](providers/${id}.md)`
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows
  const line = (row: readonly string[]) => `| ${row.map((one) => one.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rest.map(line)].join('\n')
}
