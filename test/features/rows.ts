/** Who stands in the tables: every provider, and models that a provider is asked for in another language. */
import { providers } from '../../gateway/core/providers/index.ts'
import { recordingsOf } from '../../gateway/core/providers/recordings.ts'
import type { ProviderId } from '../../schemas/index.ts'
import { served, wireOf } from '../conformance/stage.ts'

export interface Row {
  readonly key: string
  readonly id: ProviderId
  /** What the target names, and the loss table is of. */
  readonly model: string
  /** Markdown: what the first column says. */
  readonly label: string
  readonly language: string
  readonly recordings: ReturnType<typeof recordingsOf>
  /** Whose manner the simulator has. */
  readonly player: 'own' | 'language' | 'openai'
  /** Each provider stands on a stage once; its further models are on further ones. */
  readonly stage: number
}

/** Models that stand for others, where what a provider can do hangs on the model; the others have no such names. */
const models: Readonly<Partial<Record<ProviderId, readonly string[]>>> = {
  anthropic: ['claude-sonnet-4-5', 'claude-opus-5-5'],
  bedrock: ['anthropic.claude-sonnet-4-5', 'amazon.nova-pro-v1:0', 'meta.llama4-scout-17b-instruct-v1:0'],
  vertex: ['gemini-3.1-pro'],
  gemini: ['gemini-2.5-flash', 'gemini-3.1-pro'],
  cohere: ['command-a-plus-05-2026', 'command-r-08-2024'],
}

export function rowFor(id: ProviderId): Row {
  const { style } = wireOf(id)
  return {
    key: id,
    id,
    model: 'a-model',
    label: linkTo(id),
    language: providers[id].dialect ?? 'none',
    recordings: recordingsOf(id),
    player: style === undefined ? 'language' : style === id ? 'own' : 'openai',
    stage: 0,
  }
}

/** Its route is asked for by its key. Recordings of Vertex AI are all of Gemini. */
export const claudeOnVertex: Row = {
  ...rowFor('vertex'),
  key: 'vertex-claude',
  model: 'claude-sonnet-4-5',
  label: `${linkTo('vertex')} \`claude-sonnet-4-5\``,
  language: 'anthropic-messages',
  recordings: 'none',
}

export const chatRows: readonly Row[] = served.flatMap((id) => {
  const row = rowFor(id)
  const rows = (models[id] ?? []).map((model, stage) => {
    return { ...row, key: `${id} ${model}`, model, label: `${row.label} \`${model}\``, stage }
  })
  return [...(rows.length === 0 ? [row] : rows), ...(id === 'vertex' ? [claudeOnVertex] : [])]
})

export function linkTo(id: ProviderId): string {
  return `[${id}](providers/${id}.md)`
}
