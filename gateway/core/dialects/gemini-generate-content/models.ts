/**
 * What models of this language take and refuse, by the names their maker gives them: an API that answers 400 to a
 * parameter it took a version before is met by data, not by trial.
 *
 * Sources, all read 2026-11-24: the maker's pages on thinking, thought signatures, function calling and structured
 * outputs, its guides to 3.6, 3.7, 3.8 Flash and to 4 Argon (https://docs.cloud.google.com/gemini-enterprise-agent-platform
 * /models/guides, https://ai.google.dev/gemini-api/docs), the types of its client (2.32.0), and refusals that users
 * reported: several candidates (https://github.com/googleapis/js-genai/issues/1609), penalties and log probabilities
 * (https://github.com/PublicAffairs/openai-gemini/issues/63, https://github.com/GoogleCloudPlatform/generative-ai/issues/2947),
 * tools beside JSON (https://github.com/googleapis/python-genai/issues/867), a last turn of the model's and sampling
 * (https://github.com/Zoo-Code-Org/Zoo-Code/issues/1052).
 */

/** Levels of `thinkingConfig.thinkingLevel`, from the least. */
export const thinkingLevels = ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'] as const

export type ThinkingLevel = (typeof thinkingLevels)[number]

/** `thinkingConfig.thinkingBudget`, in tokens. */
export interface ThinkingBudgets {
  readonly least: number
  readonly greatest: number
  /** Does 0 turn thinking off? */
  readonly canBeOff: boolean
}

export interface ModelTraits {
  /** Greatest `maxOutputTokens` it takes; null: nobody knows. */
  readonly maxOutputTokens: number | null
  /** How thinking is asked for: with a budget of tokens, with a level, or (null) not at all: it refuses both. */
  readonly thinking: ThinkingBudgets | readonly ThinkingLevel[] | null
  /** Does it take temperature, topP and topK? */
  readonly sampling: boolean
  /** Does it take `candidateCount` above 1? */
  readonly severalAnswers: boolean
  readonly penalties: boolean
  readonly logprobs: boolean
  /** May `responseMimeType: application/json` stand beside tools? */
  readonly toolsBesideJson: boolean
  /** Does it know the mode VALIDATED, which holds calls to their schemas? */
  readonly validatesCalls: boolean
  /** Do calls have ids, and demand a signature when they come back? */
  readonly signsCalls: boolean
  /** May results of tools hold media of their own (`functionResponse.parts`)? */
  readonly mediaInResults: boolean
  /** May a conversation end with a turn of the model's, for the answer to go on with? */
  readonly prefill: boolean
}

const allLevels: readonly ThinkingLevel[] = thinkingLevels
const fromLow: readonly ThinkingLevel[] = ['LOW', 'MEDIUM', 'HIGH']

/** The newest generation. */
const newest: ModelTraits = {
  maxOutputTokens: 65_536,
  thinking: fromLow,
  sampling: false,
  severalAnswers: false,
  penalties: false,
  logprobs: false,
  toolsBesideJson: true,
  validatesCalls: true,
  signsCalls: true,
  mediaInResults: true,
  prefill: false,
}

const third: ModelTraits = { ...newest, sampling: true, prefill: true }

const oldest: ModelTraits = {
  maxOutputTokens: 8192,
  thinking: null,
  sampling: true,
  severalAnswers: true,
  penalties: true,
  logprobs: true,
  toolsBesideJson: false,
  validatesCalls: false,
  signsCalls: false,
  mediaInResults: false,
  prefill: true,
}

const byBudget: ModelTraits = { ...oldest, maxOutputTokens: 65_536, validatesCalls: true }
const flashBudgets: ThinkingBudgets = { least: 1, greatest: 24_576, canBeOff: true }

interface Generation {
  /** null: whatever the name says besides the version. */
  readonly family: string | null
  /** The first version it holds for. */
  readonly from: readonly [major: number, minor: number]
  readonly traits: ModelTraits
}

/** The first that fits counts, so newer ones stand first. */
export const generations: readonly Generation[] = [
  { family: null, from: [4, 0], traits: newest },
  { family: 'flash', from: [3, 7], traits: newest },
  { family: 'flash', from: [3, 6], traits: { ...newest, thinking: allLevels } },
  { family: 'flash', from: [3, 0], traits: { ...third, thinking: allLevels } },
  { family: 'flash-lite', from: [3, 5], traits: { ...newest, thinking: allLevels } },
  { family: 'flash-lite', from: [3, 0], traits: { ...third, thinking: allLevels } },
  { family: 'pro', from: [3, 1], traits: third },
  { family: 'pro', from: [3, 0], traits: { ...third, thinking: ['LOW', 'HIGH'] } },
  { family: 'flash', from: [2, 5], traits: { ...byBudget, thinking: flashBudgets } },
  { family: 'flash-lite', from: [2, 5], traits: { ...byBudget, thinking: { ...flashBudgets, least: 512 } } },
  { family: 'pro', from: [2, 5], traits: { ...byBudget, thinking: { least: 128, greatest: 32_768, canBeOff: false } } },
  { family: null, from: [1, 0], traits: oldest },
]

/** Of the maker's own without a version (`gemini-flash-latest`), or of a family that has no row. */
const unknownGeneration = newest

/** Models that draw or speak: they neither think on demand nor sign what they call. */
const drawsOrSpeaks: ModelTraits = { ...newest, maxOutputTokens: 32_768, thinking: null, signsCalls: false }

/** Other makers' and open models (`gemma-3-27b-it`). */
const unknownModel: ModelTraits = { ...oldest, maxOutputTokens: null, severalAnswers: false, prefill: false }

/** `gemini-3.1-pro-preview`, `gemini-2.5-flash-lite`, `models/gemini-3-flash`, `gemini-4-argon`. */
const versioned = /gemini-(\d{1,2})(?:\.(\d{1,2}))?(?:-(flash-lite|[a-z]+))?/

/** The traits of a model; the same object for models that are alike. */
export function traitsOf(model: string): ModelTraits {
  const name = model.toLowerCase()
  if (!/gemini/.test(name)) return unknownModel
  if (/-(?:image|tts)\b/.test(name)) return drawsOrSpeaks
  const [, major, minor, family] = versioned.exec(name) ?? []
  if (major === undefined) return unknownGeneration
  const version = [Number(major), Number(minor ?? 0)] as const
  const row = generations.find((one) => isOfFamily(one, family, version) && !isBefore(version, one.from))
  return row?.traits ?? unknownGeneration
}

/** Rows for any family hold for their own generations only: the third has names that nobody knows yet. */
function isOfFamily(
  { family, from }: Generation,
  asked: string | undefined,
  [major]: readonly [number, number],
): boolean {
  return family === null ? from[0] >= 4 || major < 3 : family === asked
}

function isBefore(version: readonly [number, number], from: readonly [number, number]): boolean {
  return version[0] < from[0] || (version[0] === from[0] && version[1] < from[1])
}

/** The nearest level it knows that is not above the one asked for, or else its lowest. */
export function nearestLevel(levels: readonly ThinkingLevel[], asked: ThinkingLevel): ThinkingLevel {
  const limit = thinkingLevels.indexOf(asked)
  const below = levels.filter((level) => thinkingLevels.indexOf(level) <= limit)
  return below.at(-1) ?? levels[0] ?? asked
}
