/**
 * Models of vendors that retire them on fixed days: which, when, and what the vendor names instead. Copied from the pages
 * below as they stood (or were quoted) on the day that stands with them; a vendor that changes its mind later is not
 * followed. Cloud platforms that host the same models keep calendars of their own and are not in here.
 */
import type { ProviderId } from '../../schemas/index.ts'
import type { Connection } from '../../gateway/core/routing/table.ts'
import { isVendorsOwn } from './connections.ts'

export interface KnownModel {
  /** The first day it answers no more, UTC; null while no such day is announced. */
  readonly retires: string | null
  readonly replacement: string | null
}

export interface KnownModels {
  readonly source: string
  readonly checked: string
  /** Are its current models for chat and embeddings in here too? Then a name that is not may be misspelled. */
  readonly isWhole: boolean
  readonly models: ReadonlyMap<string, KnownModel>
}

/** What the rules know of the vendor behind the connection; null for other addresses and other vendors. */
export function knownModelsOf(connection: Connection): KnownModels | null {
  return isVendorsOwn(connection) ? (tables[connection.provider.id] ?? null) : null
}

export function findKnownModel(connection: Connection, model: string): KnownModel | null {
  const known = knownModelsOf(connection)
  const found = known?.models.get(model)
  return known === null || found === undefined ? null : { ...found, replacement: replacementOf(known, model) }
}

/** What the vendor names instead, and instead of that if it is to go too; null when it names nothing. */
function replacementOf({ models }: KnownModels, model: string): string | null {
  let last: string | null = null
  let next = models.get(model)
  while (next !== undefined && next.replacement !== null && next.replacement !== last) {
    last = next.replacement
    next = models.get(last)
  }
  return last
}

/** Those that still answer: what a misspelled name may have meant. */
export function currentModels({ models }: KnownModels, nowMs: number): string[] {
  const entries = [...models].filter(([, { retires }]) => retires === null || Date.parse(retires) > nowMs)
  return entries.map(([name]) => name)
}

export function tellSource(connection: Connection): string {
  const known = knownModelsOf(connection)
  return known === null ? '' : `${known.source}, read ${known.checked}`
}

// ---- the lists ----

type Retirement = readonly [retires: string, replacement: string | null, models: string]

interface Lists {
  readonly source: string
  readonly checked: string
  /** Names without an announced end, separated by spaces; null: not listed. */
  readonly current: string | null
  readonly retirements: readonly Retirement[]
}

function table({ source, checked, current, retirements }: Lists): KnownModels {
  const models = new Map<string, KnownModel>()
  for (const name of wordsOf(current ?? '')) models.set(name, { retires: null, replacement: null })
  for (const [retires, replacement, names] of retirements) {
    for (const name of wordsOf(names)) models.set(name, { retires, replacement })
  }
  return { source, checked, isWhole: current !== null, models }
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}

const checked = '2026-11-23'

const tables: Readonly<Partial<Record<ProviderId, KnownModels>>> = {
  openai: table({
    source: 'https://developers.openai.com/api/docs/deprecations',
    checked,
    current: `gpt-6-astra gpt-6-sol gpt-6-luna gpt-6.1-sol gpt-6.1-terra gpt-5.6 gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna
      gpt-5.5 gpt-5.4 gpt-5.4-mini gpt-5.4-pro gpt-5.2 gpt-5.2-2025-12-11 gpt-5.2-pro
      text-embedding-3-small text-embedding-3-large text-embedding-ada-002`,
    retirements: [
      ['2025-07-14', 'gpt-4.1', 'gpt-4.5-preview'],
      ['2025-07-28', 'o3', 'o1-preview'],
      ['2025-10-27', 'o4-mini', 'o1-mini'],
      ['2026-02-17', 'gpt-5.1-chat-latest', 'chatgpt-4o-latest'],
      ['2026-07-23', 'gpt-5.3-chat-latest', 'gpt-5-chat-latest gpt-5.1-chat-latest'],
      ['2026-07-23', 'gpt-5.4', 'gpt-5-codex gpt-5.1-codex-max gpt-5.2-codex'],
      ['2026-07-23', 'gpt-4.1-mini', 'gpt-4o-search-preview-2025-03-11 gpt-4o-mini-search-preview-2025-03-11'],
      ['2026-08-10', 'gpt-5.5', 'gpt-5.2-chat-latest gpt-5.3-chat-latest'],
      ['2026-10-23', 'gpt-5.6-terra', 'gpt-3.5-turbo gpt-3.5-turbo-0125 o4-mini o4-mini-2025-04-16'],
      [
        '2026-10-23',
        'gpt-5.6-sol',
        `gpt-4 gpt-4-0613 gpt-4-1106-preview gpt-4-turbo gpt-4-turbo-2024-04-09 gpt-4o-2024-05-13 o1 o1-2024-12-17 o1-pro
        o1-pro-2025-03-19 o3-mini o3-mini-2025-01-31`,
      ],
      ['2026-10-23', null, 'gpt-4.1-nano gpt-4.1-nano-2025-04-14'],
      ['2026-12-11', 'gpt-6.1-sol', 'gpt-5 gpt-5-2025-08-07'],
      ['2026-12-11', 'gpt-5.6-sol', 'o3 o3-2025-04-16'],
      ['2026-12-11', null, 'gpt-5-pro o3-pro o3-pro-2025-06-10 gpt-5-nano gpt-5-nano-2025-08-07'],
      ['2026-12-11', 'gpt-6.1-terra', 'gpt-5-mini gpt-5-mini-2025-08-07'],
      [
        '2027-01-14',
        'gpt-6-luna',
        `gpt-4o gpt-4o-2024-08-06 gpt-4o-2024-11-20 gpt-4o-mini gpt-4o-mini-2024-07-18 gpt-4.1 gpt-4.1-2025-04-14
        gpt-4.1-mini gpt-4.1-mini-2025-04-14`,
      ],
      ['2027-04-01', null, 'gpt-5.1 gpt-5.1-2025-11-13 gpt-5.3-codex gpt-5.4-nano'],
    ],
  }),
  anthropic: table({
    source: 'https://platform.claude.com/docs/en/about-claude/model-deprecations',
    checked,
    current: `claude-fable-5-1 claude-fable-5 claude-opus-5-5 claude-opus-5 claude-opus-4-8 claude-opus-4-7 claude-opus-4-6
      claude-opus-4-5 claude-opus-4-5-20251101 claude-sonnet-5-5 claude-sonnet-5 claude-sonnet-4-6 claude-haiku-5-5
      claude-haiku-4-5 claude-haiku-4-5-20251001`,
    retirements: [
      ['2024-11-06', null, 'claude-1.0 claude-1.1 claude-1.2 claude-1.3 claude-instant-1.1 claude-instant-1.2'],
      ['2025-07-21', null, 'claude-2.0 claude-2.1 claude-3-sonnet-20240229'],
      ['2025-10-28', null, 'claude-3-5-sonnet-20240620 claude-3-5-sonnet-20241022'],
      ['2026-01-05', null, 'claude-3-opus-20240229'],
      ['2026-02-19', 'claude-haiku-4-5', 'claude-3-5-haiku-20241022'],
      ['2026-02-19', null, 'claude-3-7-sonnet-20250219'],
      ['2026-04-20', 'claude-haiku-4-5', 'claude-3-haiku-20240307'],
      ['2026-06-15', 'claude-sonnet-4-6', 'claude-sonnet-4-20250514 claude-sonnet-4-0'],
      ['2026-06-15', 'claude-opus-4-8', 'claude-opus-4-20250514 claude-opus-4-0'],
      ['2026-08-05', null, 'claude-opus-4-1 claude-opus-4-1-20250805'],
      ['2026-11-30', 'claude-sonnet-5-5', 'claude-sonnet-4-5 claude-sonnet-4-5-20250929'],
    ],
  }),
  gemini: table({
    source: 'https://ai.google.dev/gemini-api/docs/deprecations',
    checked,
    current: `gemini-3.8-flash gemini-3.7-flash gemini-3.6-flash gemini-3.5-flash gemini-3.5-flash-lite gemini-3.1-pro-preview
      gemini-3-flash-preview gemini-2.5-flash-lite`,
    retirements: [
      ['2026-03-09', 'gemini-3.1-pro-preview', 'gemini-3-pro-preview'],
      ['2026-06-01', 'gemini-3.5-flash', 'gemini-2.0-flash gemini-2.0-flash-001'],
      ['2026-06-01', 'gemini-3.1-flash-lite', 'gemini-2.0-flash-lite gemini-2.0-flash-lite-001'],
      ['2026-12-01', 'gemini-3.8-flash', 'gemini-2.5-pro'],
      ['2026-12-01', 'gemini-3.5-flash-lite', 'gemini-2.5-flash'],
      ['2027-05-07', null, 'gemini-3.1-flash-lite'],
    ],
  }),
  mistral: table({
    source: 'https://docs.mistral.ai/models',
    checked,
    current: null,
    retirements: [
      ['2025-03-30', null, 'open-mistral-7b open-mixtral-8x7b open-mixtral-8x22b'],
      ['2025-06-16', 'mistral-medium-3-5', 'mistral-medium-2312'],
      ['2025-11-30', null, 'codestral-2501 devstral-small-2505 magistral-small-2506 magistral-small-2507'],
      ['2025-11-30', 'mistral-medium-3-5', 'magistral-medium-2506 magistral-medium-2507'],
      ['2026-05-31', 'mistral-medium-3-5', 'mistral-large-2411 pixtral-large-2411 devstral-medium-2507'],
      ['2026-07-31', 'mistral-medium-3-5', 'magistral-medium-2509 devstral-2512'],
      ['2026-07-31', null, 'open-mistral-nemo open-mistral-nemo-2407'],
      ['2026-08-31', 'mistral-medium-3-5', 'mistral-medium-2505 mistral-medium-2508'],
    ],
  }),
  groq: table({
    source: 'https://console.groq.com/docs/deprecations',
    checked,
    current: null,
    retirements: [
      ['2025-03-20', null, 'mixtral-8x7b-32768'],
      ['2026-08-16', 'openai/gpt-oss-120b', 'llama-3.3-70b-versatile'],
      ['2026-08-16', 'openai/gpt-oss-20b', 'llama-3.1-8b-instant'],
    ],
  }),
  deepseek: table({
    source: 'https://api-docs.deepseek.com/',
    checked,
    current: null,
    retirements: [['2026-07-24', 'deepseek-flash', 'deepseek-chat deepseek-reasoner']],
  }),
  xai: table({
    source: 'https://docs.x.ai/developers/migration/may-15-retirement',
    checked,
    current: null,
    retirements: [
      [
        '2026-05-15',
        'grok-4.3',
        `grok-3 grok-4-0709 grok-code-fast-1 grok-4-fast-reasoning grok-4-fast-non-reasoning grok-4-1-fast-reasoning
        grok-4-1-fast-non-reasoning`,
      ],
    ],
  }),
}
