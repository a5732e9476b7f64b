/**
 * Providers as Markdown: what `aigw providers … --format markdown` prints, and, word for word, the pages under
 * `docs/providers/`. Tables are padded, so that the text can be read without a renderer.
 */
import type { LossRow, ProviderDescription } from '../providers/describe.ts'
import type { EmbeddingsDescription } from '../providers/embeddings.ts'
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
import { withoutExact } from './providers.ts'

/** By it a page is known to be one of these. */
export const madeBanner =
  '<!-- Made by `npm run generate` from gateway/core/providers and gateway/core/dialects. Do not edit. -->'

export function renderProvidersMarkdown(providers: readonly ProviderDescription[]): string {
  const rows = providers.map(listRow)
  const headings = [
    'type',
    'language',
    'base URL',
    'appended for chat',
    'key variable',
    'embeddings',
    'served',
    'recordings',
  ]
  return lines(
    madeBanner,
    '',
    '# Providers',
    '',
    'Every `type` that a connection of the manifest may have, and that a target may name without one. `aigw providers list`',
    'and `aigw providers show TYPE` say the same.',
    '',
    ...table([headings, ...rows]),
    '',
    '**Base URL** is what the vendor itself calls so, and what `base_url` replaces. **Key variable** is where the key is taken',
    'from when the manifest names no other place. **Recordings** says which recorded traffic of the real provider our tests',
    'play: requests and replies, replies only, or none. Where there is none, and for all that a recording does not happen to',
    "hold, we go by what the vendor and its users have written; each provider's page names the source and the day it was read.",
    '',
    '## What becomes of a request',
    '',
    "Applications speak OpenAI's language, and not everything that can be said in it can be said to every provider. Each page",
    'has a row for each part of a request:',
    '',
    ...table([
      ['the part is', 'which means', 'who is told'],
      ['exact', 'the provider is asked for the same thing; what its model makes of it is its own', 'nobody has to be'],
      ['approximated', 'it is asked for something near it', 'the caller, in `x-aigw-lost`'],
      ['dropped', 'it is left out, and the answer is of use without it', 'the caller, in `x-aigw-lost`'],
      ['refused', 'without it the answer would be to another question, so the target is skipped', 'the record'],
    ]),
    '',
    'The table is what the encoder goes by: what it calls dropped is taken out before the request is written in the other',
    'language. A route with `on_loss: refuse` skips targets that would drop something as well. When every target of a route is',
    'skipped for this, the caller gets 400 `unsupported_by_target`, which names the part. `aigw replay --manifest` counts what',
    'recorded traffic would lose.',
    '',
    '`x-aigw-lost` lists the parts by the names used here, with `;approximated` behind those that were. A list that would be',
    'too long for a header ends with `...;more=` and how many are missing; the record has all of them. A field that OpenAI does',
    'not have is listed by its own name if that is a plain word, and as `other` if not.',
    '',
    'Where the fate of a part hangs on its value, the row says what may happen, and `x-aigw-lost` when it did. Where it hangs',
    'on the model, the rows of those models stand at the end of the page, and `aigw providers show TYPE --model NAME` has the',
    'table of one model.',
    '',
    'A part with brackets is one half of a field: `response_format[json_schema]` is `response_format` of that type,',
    '`messages[].name` is `name` of any message.',
  )
}

function listRow(provider: ProviderDescription): string[] {
  return [
    `[${provider.id}](${provider.id}.md)`,
    provider.dialect === null ? 'embeddings only' : code(provider.dialect),
    provider.baseUrl === null ? tellBaseUrlShortly(provider) : code(provider.baseUrl),
    provider.chatPath === '' ? '' : code(provider.chatPath),
    provider.keyVariable === null ? 'none' : code(provider.keyVariable),
    provider.embeddings.length === 0 ? 'no' : 'yes',
    tellServed(provider),
    tellChecked(provider),
  ]
}

export function renderProviderMarkdown(
  provider: ProviderDescription,
  { lostOnly }: { readonly lostOnly: boolean },
): string {
  const { title, unavailable, differences, losses, model } = provider
  const about = [
    ...(unavailable === null ? [] : [`**${unavailable}**`, '']),
    ...table(factsOf(provider)),
    ...(differences.length === 0
      ? []
      : ['', '## What it does otherwise than its language', '', ...differences.map((each) => `- ${each}`)]),
  ]
  const groups = lostOnly && losses !== null ? withoutExact(losses) : losses
  const tables =
    groups?.flatMap((group) => ['', `### ${group.title}`, '', ...table([rowHeadings, ...group.rows.map(rowOf)])]) ?? []
  return lines(
    madeBanner,
    '',
    `# ${title}`,
    '',
    ...(lostOnly ? [] : about),
    ...(losses === null
      ? dialectless(provider)
      : [
          ...(lostOnly ? [] : ['']),
          `${lostOnly ? '## What of a request is lost' : '## What becomes of a request'}${model === null ? '' : `, for \`${model}\``}`,
          '',
          'What the words mean: [providers](README.md).',
          ...tables,
          ...tableByModel(provider),
          '',
          '### Fields that OpenAI does not have',
          '',
          `They ${tellForeign(provider.foreign)}.`.replace(/^They `/, '`'),
        ]),
    ...provider.embeddings.flatMap((one) => embeddingsTable(one, lostOnly)),
  )
}

function embeddingsTable(one: EmbeddingsDescription, lostOnly: boolean): string[] {
  const rows = one.rows.filter(({ fidelity }) => !lostOnly || fidelity !== 'exact')
  if (rows.length === 0) return []
  return [
    '',
    `## What becomes of an embeddings request${one.models === null ? '' : `: ${one.models}`}`,
    '',
    ...table([rowHeadings, ...rows.map(({ part, fidelity, how }) => [code(part), fidelity, how])]),
    '',
    `Other fields ${tellForeign(one.foreign)}. Source: <${one.source.url}>, read ${one.source.checked}.`,
  ]
}

function tableByModel({ id, byModel }: ProviderDescription): string[] {
  if (byModel.length === 0) return []
  const rows = byModel.map((row) => {
    const [part = '', ...fate] = rowOf(row)
    return [part, row.models.join('; '), ...fate]
  })
  return [
    '',
    `### ${byModelTitle}`,
    '',
    `The whole table for one model: \`aigw providers show ${id} --model NAME\`.`,
    '',
    ...table([['part', 'models', 'is', 'how'], ...rows]),
  ]
}

/** Where there is no chat, nothing was to be expected. */
function dialectless({ dialect }: ProviderDescription): string[] {
  return dialect === null ? [] : ['', 'Its loss table comes with its language.']
}

function factsOf(provider: ProviderDescription): string[][] {
  const { id, chatPath, streamPath, source } = provider
  return [
    ['type', code(id)],
    ['base URL', tellBaseUrl(provider, code)],
    ...(chatPath === '' ? [] : [['appended for chat', code(chatPath)]]),
    ...(streamPath === null ? [] : [['appended for streams', code(streamPath)]]),
    ['key', tellKey(provider, code)],
    ['language', provider.dialect === null ? 'none: it has embeddings only' : code(provider.dialect)],
    ...provider.otherWires.map((wire) => [
      'otherwise',
      `${tellOtherWire(wire, code)}; their table: ${code(`aigw providers show ${id} --model ${wire.modelPrefix}…`)}`,
    ]),
    ...(provider.embeddings.length === 0 ? [['embeddings', 'none']] : []),
    ...provider.embeddings.map((one) => ['embeddings', tellEmbeddings(one, code)]),
    ['deployment', code(provider.deployment)],
    ['`aigw providers check`', tellCheck(provider, code)],
    ['recordings', tellRecordings(provider)],
    ['source', `<${source.url}>, read ${source.checked}`],
  ]
}

const rowHeadings = ['part', 'is', 'how']

function rowOf({ part, fidelity, how, above }: LossRow): string[] {
  return [code(part), fidelity, above === null ? how : `above ${above}: ${how}`]
}

function tellServed({ unavailable }: ProviderDescription): string {
  return unavailable === null ? 'yes' : 'not yet'
}

function tellChecked({ recordings, losses }: ProviderDescription): string {
  if (losses === null) return ''
  return { exchanges: 'requests and replies', replies: 'replies', none: 'none' }[recordings]
}

function code(text: string): string {
  return `\`${text}\``
}

/** The first row is the heading. A table without one would not be a table: two columns of facts get an empty one. */
function table(rows: readonly (readonly string[])[]): string[] {
  const [first = []] = rows
  const hasHeading = first.length > 2
  const all = (hasHeading ? rows : [['', ''], ...rows]).map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = all.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(widest[column] ?? 3, cell.length)),
    [],
  )
  const padded = all.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 3)).join(' | ')} |`)
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [padded[0] ?? '', rule, ...padded.slice(1)]
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`
}
