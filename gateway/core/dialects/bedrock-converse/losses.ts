/**
 * What becomes of OpenAI's request here. Where it depends on a value, the row says what happens at most, and encoding
 * tells the caller when it did; where it depends on the model, `modelLosses` has the row of that model.
 */
import type { RequestField } from '../../chat/request-fields.ts'
import type { DialectLosses, Loss, OwnLosses } from '../losses.ts'
import { approximated, dropped, each, exact, exactly, refused } from '../losses.ts'
import type { ModelTraits } from './models.ts'
import { traitsOf } from './models.ts'

const system = exactly('as the top-level `system`; in the middle of a conversation moved there')
const noControl = dropped('no such control')
const schemaless = refused('there are no tools without a schema')
const ownCaching = dropped('caching is asked for with `cache_control`')
const sourcesStay = dropped('sources of an earlier answer are not taken back')
const byTool = approximated('as a tool that must be called; its input is the answer')

export const losses: DialectLosses = {
  'messages[system]': system,
  'messages[developer]': system,
  'messages[tool]': exactly('as a `toolResult`, the results of one turn before any text'),
  'messages[function]': exactly('as the result of the last call of that function; without one it is refused'),
  'messages[].name': dropped('a turn has no name'),
  'messages[].refusal': exactly('as text of the turn'),
  'messages[].reasoning_content': dropped('reasoning is taken back only where it was signed'),
  'messages[].reasoning_details': dropped('reasoning is taken back only where it was signed'),
  'messages[].annotations': sourcesStay,
  'messages[].citations': sourcesStay,
  'messages[].audio': refused('an earlier answer in sound cannot be referred to'),
  'messages[].tool_calls': exactly('as `toolUse`; arguments that are no JSON object under `arguments`'),
  'messages[].tool_calls[custom]': schemaless,
  'messages[].function_call': exactly('as `toolUse`; without its result it is refused'),
  'messages[].other': dropped('no field of a turn'),
  'messages[].content[image_url].data': exactly('JPEG, PNG, GIF and WebP; others are refused'),
  'messages[].content[image_url].url': refused('images are read from the request only, not from an address'),
  'messages[].content[image_url].detail': dropped('images are always read in full'),
  'messages[].content[input_audio]': exactly('as `audio`'),
  'messages[].content[file].file_data': exactly(
    'PDF, Word, Excel, CSV, HTML, Markdown and plain text as documents, images as images; others are refused',
  ),
  'messages[].content[file].file_id': refused("a file of OpenAI's is not known there"),
  'messages[].content[refusal]': exactly('as text'),
  'messages[].content[other]': refused('a part of unknown type'),
  cache_control: dropped('this model has no prompt cache'),
  tools: exactly(
    'as `toolSpec`; a choice of schemas at the root as one object with the properties of all; names in other than its letters are refused',
  ),
  'tools[].strict': dropped('this model has no strict tools'),
  'tools[custom]': schemaless,
  'tools[other]': refused('tools of others do not run there'),
  'tool_choice[none]': exactly('by leaving the tools out; where some were called before, as an instruction'),
  'tool_choice[required]': exactly('as `any`'),
  'tool_choice[function]': exactly('as `tool`'),
  'tool_choice[allowed_tools]': exactly('only the allowed tools are sent'),
  'tool_choice[custom]': schemaless,
  parallel_tool_calls: dropped('the number of calls cannot be limited'),
  functions: exactly('as tools; calls come back in the older form'),
  function_call: exactly('as `toolChoice`'),
  'response_format[json_object]': approximated('as an instruction in the system prompt'),
  'response_format[json_schema]': byTool,
  stream: exactly('the whole answer is asked for where the model cannot call tools in a stream'),
  stream_options: exactly('usage always comes'),
  max_tokens: exactly("as `maxTokens`; lowered to the model's greatest"),
  max_completion_tokens: exactly("as `maxTokens`; lowered to the model's greatest"),
  n: refused('one answer a request'),
  stop: exactly('as `stopSequences`, without those of white space alone'),
  temperature: approximated('above 1 as 1', { above: 1 }),
  top_p: exact,
  top_k: dropped('this model takes none'),
  frequency_penalty: noControl,
  presence_penalty: noControl,
  seed: noControl,
  logit_bias: noControl,
  logprobs: dropped('probabilities are not told'),
  top_logprobs: dropped('probabilities are not told'),
  reasoning_effort: dropped('this model takes none'),
  verbosity: noControl,
  modalities: refused('answers are text'),
  audio: dropped('answers are text'),
  prediction: dropped('it would only be faster'),
  moderation: noControl,
  web_search_options: refused('models there do not search'),
  service_tier: exactly('`default`, `flex` and `priority`; others are left out'),
  store: dropped('answers are not stored'),
  metadata: exactly('as `requestMetadata`, which goes into logs; values in other than its letters are left out'),
  user: dropped('nobody there asks for the user'),
  safety_identifier: dropped('nobody there asks for the user'),
  prompt_cache_key: ownCaching,
  prompt_cache_retention: ownCaching,
  prompt_cache_options: ownCaching,
}

// ---- by model ----

const known = new Map<ModelTraits, OwnLosses>()

/** Rows that are other for this model; the same object for models that are alike. */
export function modelLosses(model: string): OwnLosses {
  const traits = traitsOf(model)
  const before = known.get(traits)
  if (before !== undefined) return before
  const rows: OwnLosses = { ...withoutParts(traits), ...toolRows(traits), ...controlRows(traits) }
  known.set(traits, rows)
  return rows
}

/** What cannot be left out of a conversation without answering another question. */
function withoutParts({ system: hasSystem, images, documents, audio }: ModelTraits): OwnLosses {
  const inFirstTurn = approximated('this model has no system prompt: at the beginning of the first user turn')
  return {
    ...(!hasSystem && each(['messages[system]', 'messages[developer]'], inFirstTurn)),
    ...(!images && each(['messages[].content[image_url].data'], refused('this model sees no images'))),
    ...(!documents && each(['messages[].content[file].file_data'], refused('this model reads no documents'))),
    ...(!audio && each(['messages[].content[input_audio]'], refused('this model does not hear'))),
  }
}

const toolFields: readonly RequestField[] = [
  'messages[tool]',
  'messages[function]',
  'messages[].tool_calls',
  'messages[].function_call',
  'tools',
  'functions',
  'tool_choice[required]',
  'tool_choice[function]',
  'tool_choice[allowed_tools]',
]

function toolRows({ tools, choices, structuredOutputs, claude, streamedTools }: ModelTraits): OwnLosses {
  const asInstruction = approximated('as an instruction: this model cannot be made to call a tool')
  const strict = exactly('within the limits of structured outputs; a schema beyond them is not strict')
  const native = exactly('as `outputConfig.textFormat`; limits on values that it does not know in words')
  const inWords = approximated('as an instruction in the system prompt: this model cannot be made to call a tool')
  if (!tools) {
    return {
      ...each(toolFields, refused('this model has no tools')),
      'response_format[json_schema]': structuredOutputs ? native : inWords,
      stream: exact,
    }
  }
  const isForced = choices.size > 0
  return {
    ...(!isForced && { 'tool_choice[required]': asInstruction }),
    ...(!choices.has('tool') && { 'tool_choice[function]': approximatedOne(isForced) }),
    ...(structuredOutputs && { 'tools[].strict': strict, 'response_format[json_schema]': native }),
    ...(!structuredOutputs && !isForced && { 'response_format[json_schema]': inWords }),
    ...(claude?.singleCalls === true && { parallel_tool_calls: exactly('as `disable_parallel_tool_use`') }),
    ...(streamedTools && { stream: exact }),
  }
}

/** With a way to force any call, sending that one tool alone forces it. */
function approximatedOne(canForceAny: boolean): Loss {
  return canForceAny
    ? approximated('as `any` with that tool alone')
    : approximated('as an instruction: this model cannot be made to call a tool')
}

const reasoningLosses: Readonly<Record<ModelTraits['reasoning'], Loss | null>> = {
  none: null,
  claude: approximated(
    'as an effort for adaptive thinking, or as a budget of tokens; off where a forced tool, a short limit or unsigned reasoning in a tool loop forbids a budget',
  ),
  nova: approximated('as `maxReasoningEffort`, `low`, `medium` or `high`'),
  reasoning_effort: exactly('`low`, `medium` and `high`; others as the nearest of them'),
  'reasoning.effort': exactly('`minimal` as `low`'),
}

function controlRows({ cache, topK, stop, reasoning, claude }: ModelTraits): OwnLosses {
  const asked = reasoningLosses[reasoning]
  const marks = exactly(
    cache === 'everywhere'
      ? 'as a `cachePoint` behind the part; the last four of a request'
      : 'as a `cachePoint` behind the part, save on tools; the last four of a request',
  )
  return {
    ...(cache !== 'nowhere' && { cache_control: marks }),
    ...(topK !== null && { top_k: exact }),
    ...(!stop && { stop: dropped('this model takes none') }),
    ...(asked !== null && { reasoning_effort: asked }),
    ...(claude !== null && claudeRows(claude.model)),
  }
}

function claudeRows({ sampling, thinking }: NonNullable<ModelTraits['claude']>['model']): OwnLosses {
  return {
    ...(sampling === 'none' && each(['temperature', 'top_p', 'top_k'], dropped('this model takes none'))),
    ...(sampling !== 'none' && {
      temperature: approximated('above 1 as 1; left out while the model thinks', { above: 1 }),
      top_p: exactly('left out beside a temperature; at least 0.95 while the model thinks'),
      top_k: exactly('left out while the model thinks'),
    }),
    ...(thinking !== 'none' && {
      'messages[].reasoning_content': exactly('by its signed details; without them it is left out'),
      'messages[].reasoning_details': exactly(
        'those of the same maker (`anthropic-claude-v1`) and of this service, unchanged and in place; others are left out',
      ),
    }),
  }
}

// ---- its own fields ----

/**
 * Top-level fields of this language that OpenAI does not have, sent as they are (types of
 * `@aws-sdk/client-bedrock-runtime` 3.1164.0, read 2026-11-24). `requestMetadata` and `serviceTier` stand before what
 * `metadata` and `service_tier` would make of them.
 */
export const ownFields = [
  'additionalModelResponseFieldPaths',
  'guardrailConfig',
  'performanceConfig',
  'promptVariables',
  'requestMetadata',
  'serviceTier',
] as const

/** `additionalModelRequestFields` and `thinking` are merged with what else goes there. */
export const foreign: ReadonlySet<string> = new Set([...ownFields, 'additionalModelRequestFields', 'thinking'])
