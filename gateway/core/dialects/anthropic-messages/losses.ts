/**
 * What becomes of OpenAI's request here. Where it depends on a value, the row says what happens at most, and encoding
 * tells the caller when it did; where it depends on the model, `modelLosses` has the row of that model.
 */
import type { RequestField } from '../../chat/request-fields.ts'
import type { DialectLosses, Loss } from '../losses.ts'
import { approximated, dropped, each, exact, exactly, refused } from '../losses.ts'
import type { ModelTraits } from '../../models/claude.ts'
import { traitsOf } from '../../models/claude.ts'

const system = exactly(
  'as the top-level `system`; in the middle of a conversation in its place where the model takes it there, otherwise moved to the top',
)

const noControl = dropped('no such control')
const schemaless = refused('there are no tools without a schema')
const ownCaching = dropped('caching is asked for with `cache_control`')

export const losses: DialectLosses = {
  'messages[system]': system,
  'messages[developer]': system,
  'messages[tool]': exactly('as a `tool_result` block, the results of one turn before any text'),
  'messages[function]': exactly('as the result of the last call of that function; without one it is refused'),
  'messages[].name': dropped('a turn has no name'),
  'messages[].refusal': exactly('as text of the turn'),
  'messages[].reasoning_content': exactly('by its signed details; without them it is left out'),
  'messages[].reasoning_details': exactly(
    'those this language gave (`anthropic-claude-v1`), unchanged and in place; others are left out',
  ),
  'messages[].annotations': dropped('sources of an earlier answer are not taken back'),
  'messages[].citations': dropped('sources of an earlier answer are not taken back'),
  'messages[].audio': refused('an earlier answer in sound cannot be referred to'),
  'messages[].tool_calls': exactly('as `tool_use` blocks; arguments that are no JSON object under `arguments`'),
  'messages[].tool_calls[custom]': schemaless,
  'messages[].function_call': exactly('as a `tool_use` block; without its result it is refused'),
  'messages[].other': dropped('no field of a turn'),
  'messages[].content[image_url].data': exactly('JPEG, PNG, GIF and WebP; others are refused'),
  'messages[].content[image_url].url': exactly('https; others are refused'),
  'messages[].content[image_url].detail': dropped('images are always read in full'),
  'messages[].content[input_audio]': refused('sound is not read'),
  'messages[].content[file].file_data': exactly(
    'PDF and plain text as documents, images as images; others are refused',
  ),
  'messages[].content[file].file_id': refused("a file of OpenAI's is not known there"),
  'messages[].content[refusal]': exactly('as text'),
  'messages[].content[other]': refused('a part of unknown type'),
  cache_control: exactly('the last four marks of a request; there is room for no more'),
  tools: exactly(
    'as `input_schema`; a choice of schemas at the root as one object with the properties of all; names of tools and arguments in other than its letters are refused',
  ),
  'tools[].strict': exactly('within the limits of structured outputs; a schema beyond them is not strict'),
  'tools[custom]': schemaless,
  'tools[other]': exactly("the language's own, such as `web_search_20250305`; others are refused"),
  'tool_choice[none]': exact,
  'tool_choice[required]': exactly('as `any`'),
  'tool_choice[function]': exactly('as `tool`'),
  'tool_choice[allowed_tools]': exactly('only the allowed tools are sent'),
  'tool_choice[custom]': schemaless,
  parallel_tool_calls: exactly('as `disable_parallel_tool_use`'),
  functions: exactly('as tools; calls come back in the older form'),
  function_call: exactly('as `tool_choice`'),
  'response_format[json_object]': approximated('as an instruction in the system prompt'),
  'response_format[json_schema]': exactly('as `output_config.format`; limits on values that it does not know in words'),
  stream: exact,
  stream_options: exactly('usage always comes'),
  max_tokens: exactly("lowered to the model's greatest; filled in where absent"),
  max_completion_tokens: exactly("as `max_tokens`; lowered to the model's greatest"),
  n: refused('one answer a request'),
  stop: exactly('as `stop_sequences`, without those of white space alone'),
  temperature: approximated('above 1 as 1; left out while the model thinks', { above: 1 }),
  top_p: exactly('left out beside a temperature; at least 0.95 while the model thinks'),
  top_k: exactly('left out while the model thinks'),
  frequency_penalty: noControl,
  presence_penalty: noControl,
  seed: noControl,
  logit_bias: noControl,
  logprobs: dropped('probabilities are not told'),
  top_logprobs: dropped('probabilities are not told'),
  reasoning_effort: approximated(
    'as an effort for adaptive thinking, or as a budget of tokens; off where a forced tool, a short limit or unsigned reasoning in a tool loop forbids a budget',
  ),
  verbosity: noControl,
  modalities: refused('answers are text'),
  audio: dropped('answers are text'),
  prediction: dropped('it would only be faster'),
  moderation: noControl,
  web_search_options: approximated('as the `web_search` tool, without a context size'),
  service_tier: approximated('`priority` as `auto`, `default` and `flex` as `standard_only`'),
  store: dropped('answers are not stored'),
  metadata: dropped('it goes with stored answers'),
  user: exactly('as `metadata.user_id`; e-mail addresses and telephone numbers as a hash'),
  safety_identifier: exactly('as `metadata.user_id`, before `user`'),
  prompt_cache_key: ownCaching,
  prompt_cache_retention: ownCaching,
  prompt_cache_options: ownCaching,
}

// ---- by model ----

type Rows = Readonly<Partial<Record<RequestField, Loss>>>

const known = new Map<ModelTraits, Rows>()

/** Rows that are other for this model; the same object for models that are alike. */
export function modelLosses(model: string): Rows {
  const traits = traitsOf(model)
  const before = known.get(traits)
  if (before !== undefined) return before
  const rows = rowsOf(traits)
  known.set(traits, rows)
  return rows
}

function rowsOf({ sampling, thinking, forcedTools, structuredOutputs }: ModelTraits): Rows {
  const unforced = approximated('as `auto` and an instruction: this model cannot be made to call a tool')
  return {
    ...(sampling === 'none' && each(['temperature', 'top_p', 'top_k'], dropped('this model takes none'))),
    ...(thinking === 'none' &&
      each(
        ['reasoning_effort', 'messages[].reasoning_details', 'messages[].reasoning_content'],
        dropped('this model does not think'),
      )),
    ...(!forcedTools && each(['tool_choice[required]', 'tool_choice[function]'], unforced)),
    ...(!structuredOutputs && {
      'tools[].strict': dropped('this model has no strict tools'),
      'response_format[json_schema]': approximated('as a tool that must be called; its input is the answer'),
    }),
  }
}

// ---- its own fields ----

/**
 * Top-level fields of this language that OpenAI does not have, sent as they are (types of the client 1.12.0, beta ones
 * included: those work where the connection forwards the caller's `anthropic-beta` header; read 2026-11-23).
 */
export const ownFields = [
  'cache_control',
  'compaction',
  'container',
  'context_management',
  'diagnostics',
  'fallbacks',
  'inference_geo',
  'mcp_servers',
  'speed',
  'stop_sequences',
] as const

export const foreign: ReadonlySet<string> = new Set([...ownFields, 'thinking', 'output_config'])
