/** What is said of a provider in the same words in a terminal and on a page. */
import type { OtherWire, ProviderDescription } from '../providers/describe.ts'
import type { EmbeddingsDescription } from '../providers/embeddings.ts'
import { list } from '../wording.ts'

export const byModelTitle = 'Otherwise for some models'

export function tellKey(
  { keyVariable, authentication }: ProviderDescription,
  mark: (name: string) => string = (name) => name,
): string {
  return `${keyVariable === null ? 'what the manifest names' : mark(keyVariable)}, ${authentication}`
}

/** Against what the parts of this project that deal with the provider were held. */
export function tellRecordings({ recordings, losses, dialect }: ProviderDescription): string {
  if (dialect === null) return 'there is no chat to check; of its embeddings, see docs/embeddings.md'
  if (losses === null) return 'not yet: this version does not speak its language'
  switch (recordings) {
    case 'exchanges':
      return 'against recorded requests and replies of the real provider'
    case 'replies':
      return 'against recorded replies of the real provider; what it takes, from its documentation alone'
    case 'none':
      return 'not against the real provider: no recording was at hand, only its documentation'
    default:
      return recordings satisfies never
  }
}

/** Where it is called: in one place, or by what the connection says. */
export function tellBaseUrl(
  { baseUrl, regionalUrl }: ProviderDescription,
  mark: (name: string) => string = (name) => name,
): string {
  if (baseUrl !== null) return mark(baseUrl)
  if (regionalUrl === null) return 'none of its own: set `base_url`'
  const needed = regionalUrl.includes('{project}') ? '`region` and `project`' : '`region`'
  return `${mark(regionalUrl)}, by ${needed}; or set \`base_url\``
}

/** The same, where there is little room. */
export function tellBaseUrlShortly({ baseUrl, regionalUrl }: ProviderDescription): string {
  return baseUrl ?? (regionalUrl === null ? 'set `base_url`' : 'set `region`')
}

/** Which models are not spoken to as the rest, and where their table is. */
export function tellOtherWire(
  { modelPrefix, dialect, chatPath, streamPath }: OtherWire,
  mark: (name: string) => string = (name) => name,
): string {
  const streams = streamPath === null ? '' : ` (streams: ${mark(streamPath)})`
  return `models called ${mark(`${modelPrefix}…`)} are spoken to in ${mark(dialect)}, at ${mark(chatPath)}${streams}`
}

/** Where they are asked for, in which language, and how many at once. */
export function tellEmbeddings(
  { models, language, path, maxInputs }: EmbeddingsDescription,
  mark: (name: string) => string = (name) => name,
): string {
  const which = models === null ? '' : `${models}: `
  const most = maxInputs === null ? '' : `, at most ${maxInputs} ${maxInputs === 1 ? 'input' : 'inputs'} at once`
  return `${which}${mark(language)}, at ${mark(path)}${most}`
}

/** What `aigw providers check` calls, and what that costs. */
export function tellCheck({ check }: ProviderDescription, mark: (name: string) => string = (name) => name): string {
  const what = check.call === 'chat' ? 'a chat with a target’s model' : mark(`${check.call} ${check.path}`)
  return check.costs === 'nothing' ? `${what}, which costs nothing` : `${what}, which costs ${check.costs}`
}

export function tellForeign(foreign: ProviderDescription['foreign']): string {
  if (foreign === 'all') return 'are passed on as they are'
  if (foreign.length === 0) return 'are dropped'
  return `${list(foreign.map((name) => `\`${name}\``))} ${foreign.length === 1 ? 'is' : 'are'} passed on, any other is dropped`
}
