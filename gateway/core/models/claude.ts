/**
 * What models of this language take and refuse, by the names their maker gives them: an API that answers 400 to a
 * parameter it took a version before is met by data, not by trial. Other people's servers that speak the language have
 * other names and are asked in its oldest form.
 *
 * Sources, all read 2026-11-23: the maker's own guide for developers (https://github.com/anthropics/skills,
 * `skills/claude-api/shared/models.md`, `references/thinking-effort.md`, `references/common-pitfalls.md`,
 * `references/mid-conversation-system-messages.md`), its pages on thinking, structured outputs and models
 * (https://platform.claude.com/docs), the types of its client (`ModelCapabilities`, 1.12.0), and calls that others made
 * and wrote down with their date (2026-09-29 and 2026-10-08). `GET /v1/models/{id}` tells a part of it at run time.
 */

/** Levels of `output_config.effort`, from the least. */
export const effortLevels = ['low', 'medium', 'high', 'xhigh', 'max'] as const

export type EffortLevel = (typeof effortLevels)[number]

export interface ModelTraits {
  /** Greatest `max_tokens` it takes; null: nobody knows. */
  readonly maxOutputTokens: number | null
  /**
   * How thinking is asked for: not at all, with a budget of tokens (`enabled`), or with a level of effort (`adaptive`).
   */
  readonly thinking: 'none' | 'budget' | 'adaptive'
  /**
   * How thinking is left off: by not asking, by a word, or never. Models of the last kind think whatever is asked, so
   * the least effort is the nearest thing.
   */
  readonly off: 'omit' | 'disabled' | 'between_tools' | 'never'
  readonly efforts: readonly EffortLevel[]
  /** Does it take temperature and top_p together, one of them, or neither (and no top_k either)? */
  readonly sampling: 'both' | 'one' | 'none'
  /** Can it be made to call a tool (`any`, `tool`)? With a thinking budget no model can. */
  readonly forcedTools: boolean
  /** `output_config.format` and `strict` tools. */
  readonly structuredOutputs: boolean
  /** May a conversation end with an assistant turn, which the answer then goes on with? */
  readonly prefill: boolean
  /** May a `system` message stand in the middle of a conversation? */
  readonly systemTurns: boolean
}

const allEfforts: readonly EffortLevel[] = effortLevels

/** The newest generation; what is known of none of its models is left out here. */
const newest: ModelTraits = {
  maxOutputTokens: 128_000,
  thinking: 'adaptive',
  off: 'never',
  efforts: allEfforts,
  sampling: 'none',
  forcedTools: false,
  structuredOutputs: true,
  prefill: false,
  systemTurns: true,
}

const oldest: ModelTraits = {
  maxOutputTokens: 4096,
  thinking: 'none',
  off: 'omit',
  efforts: [],
  sampling: 'both',
  forcedTools: true,
  structuredOutputs: false,
  prefill: true,
  systemTurns: false,
}

const thinksByBudget: ModelTraits = { ...oldest, maxOutputTokens: 64_000, thinking: 'budget', sampling: 'one' }

const adaptiveOnly: ModelTraits = { ...newest, off: 'omit', forcedTools: true }

interface Generation {
  readonly families: readonly string[]
  /** The first version it holds for. */
  readonly from: readonly [major: number, minor: number]
  readonly traits: ModelTraits
}

/** The first that fits counts, so newer ones stand first. */
export const generations: readonly Generation[] = [
  { families: ['fable', 'mythos'], from: [5, 1], traits: newest },
  { families: ['fable', 'mythos'], from: [5, 0], traits: { ...newest, forcedTools: true } },
  { families: ['opus'], from: [5, 5], traits: newest },
  { families: ['opus'], from: [5, 0], traits: { ...newest, off: 'disabled', forcedTools: true } },
  { families: ['opus'], from: [4, 8], traits: adaptiveOnly },
  { families: ['opus'], from: [4, 7], traits: { ...adaptiveOnly, systemTurns: false } },
  { families: ['sonnet'], from: [5, 5], traits: { ...newest, off: 'between_tools' } },
  {
    families: ['sonnet'],
    from: [5, 0],
    traits: { ...newest, off: 'disabled', forcedTools: true, systemTurns: false },
  },
  { families: ['haiku'], from: [5, 0], traits: { ...newest, off: 'disabled', forcedTools: true } },
  {
    families: ['opus', 'sonnet'],
    from: [4, 6],
    traits: {
      ...adaptiveOnly,
      efforts: ['low', 'medium', 'high', 'max'],
      sampling: 'one',
      systemTurns: false,
    },
  },
  { families: ['opus', 'sonnet', 'haiku'], from: [4, 5], traits: { ...thinksByBudget, structuredOutputs: true } },
  { families: ['opus'], from: [4, 0], traits: { ...thinksByBudget, maxOutputTokens: 32_000 } },
  { families: ['sonnet'], from: [4, 0], traits: thinksByBudget },
  { families: ['sonnet'], from: [3, 7], traits: { ...thinksByBudget, sampling: 'both' } },
  { families: ['sonnet', 'haiku'], from: [3, 5], traits: { ...oldest, maxOutputTokens: 8192 } },
  { families: ['opus', 'sonnet', 'haiku'], from: [3, 0], traits: oldest },
]

/** A model of its maker's that has no row: asked as carefully as the newest, and without the newest's freedoms. */
const unknownGeneration: ModelTraits = { ...newest, systemTurns: false }

/** Not the maker's own: the language as every server that speaks it knows it. */
const unknownModel: ModelTraits = {
  ...oldest,
  maxOutputTokens: null,
  thinking: 'budget',
  off: 'disabled',
}

/** Family and version, in either order (`claude-opus-4-5-20251101`, `claude-3-7-sonnet-20250219`); dates are neither. */
const familyFirst = /claude-([a-z]+)-(\d{1,2})(?:[.-](\d{1,2}))?(?!\d)/
const versionFirst = /claude-(\d{1,2})(?:[.-](\d{1,2}))?-([a-z]+)/
const firstGenerations = /claude-(?:v?[12](?!\d)|instant)/

/** The traits of a model; the same object for models that are alike. */
export function traitsOf(model: string): ModelTraits {
  const name = model.toLowerCase()
  if (!name.includes('claude')) return unknownModel
  if (firstGenerations.test(name)) return oldest
  const [, family, major, minor] = familyFirst.exec(name) ?? reorder(versionFirst.exec(name)) ?? []
  if (family === undefined || major === undefined) return unknownGeneration
  const version = [Number(major), Number(minor ?? 0)] as const
  const row = generations.find(({ families, from }) => families.includes(family) && !isBefore(version, from))
  return row?.traits ?? unknownGeneration
}

function reorder(match: readonly string[] | null): readonly (string | undefined)[] | null {
  return match === null ? null : [match[0], match[3], match[1], match[2]]
}

function isBefore(version: readonly [number, number], from: readonly [number, number]): boolean {
  return version[0] < from[0] || (version[0] === from[0] && version[1] < from[1])
}

/** The nearest level it knows that is not above the one asked for; null when it knows none. */
export function nearestEffort({ efforts }: ModelTraits, asked: EffortLevel): EffortLevel | null {
  const limit = effortLevels.indexOf(asked)
  const below = efforts.filter((level) => effortLevels.indexOf(level) <= limit)
  return below.at(-1) ?? efforts[0] ?? null
}
