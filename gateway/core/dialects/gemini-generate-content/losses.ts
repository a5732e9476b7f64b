/**
 * What becomes of OpenAI's request here. Where it depends on a value, the row says what happens at most, and encoding
 * tells the caller when it did; where it depends on the model, `modelLosses` has the row of that model.
 */
import type { DialectLosses, OwnLosses } from '../losses.ts'
import { approximated, dropped, each, exact, exactly, refused } from '../losses.ts'
import type { ModelTraits } from './models.ts'
import { traitsOf } from './models.ts'

const system = exactly('in `systemInstruction`; from the middle of a conversation it moves there')
const noControl = dropped('no such control')
const schemaless = refused('there are no tools without a schema')
const implicitCaching = dropped('prompts are cached by themselves, or with `cachedContent`')

export const losses: DialectLosses = {
  'messages[system]': system,
  'messages[developer]': system,
  'messages[tool]': exactly(
    'as `functionResponse` parts in the order of the calls; pictures in a result stand behind it for models before 3',
  ),
  'messages[function]': exactly('as the result of the last call of that function; without one it is refused'),
  'messages[].name': dropped('a turn has no name'),
  'messages[].refusal': exactly('as text of the turn'),
  'messages[].reasoning_content': exactly('as a part marked `thought`'),
  'messages[].reasoning_details': exactly(
    'signatures this language gave (`google-gemini-v1`), on the call or text they came with; others are left out',
  ),
  'messages[].annotations': dropped('sources of an earlier answer are not taken back'),
  'messages[].citations': dropped('sources of an earlier answer are not taken back'),
  'messages[].audio': refused('an earlier answer in sound cannot be referred to'),
  'messages[].tool_calls': exactly('as `functionCall` parts; arguments that are no JSON object under `arguments`'),
  'messages[].tool_calls[custom]': schemaless,
  'messages[].function_call': exactly('as a `functionCall` part; without its result it is refused'),
  'messages[].other': dropped('no field of a turn'),
  'messages[].content[image_url].data': exactly('PNG, JPEG, WebP, HEIC and HEIF; others are refused'),
  'messages[].content[image_url].url': exactly(
    'as `fileData`: https and gs; one whose ending tells no type is taken for a JPEG; others are refused',
  ),
  'messages[].content[image_url].detail': dropped(
    'the model chooses; `generationConfig.mediaResolution` holds for all',
  ),
  'messages[].content[input_audio]': exact,
  'messages[].content[file].file_data': exactly(
    'PDF, plain text, pictures, sound and film, as data or from an https address; others are refused',
  ),
  'messages[].content[file].file_id': refused("a file of OpenAI's is not known there"),
  'messages[].content[refusal]': exactly('as text'),
  'messages[].content[other]': refused('a part of unknown type'),
  cache_control: implicitCaching,
  tools: exactly('as `functionDeclarations` with `parametersJsonSchema`; keywords it does not know in words'),
  'tools[].strict': exactly('by the mode VALIDATED, for all tools of the request'),
  'tools[custom]': schemaless,
  'tools[other]': exactly("the language's own, such as `google_search` and `code_execution`; others are refused"),
  'tool_choice[none]': exactly('as the mode NONE'),
  'tool_choice[required]': exactly('as the mode ANY'),
  'tool_choice[function]': exactly('as the mode ANY with one allowed name'),
  'tool_choice[allowed_tools]': exactly('only the allowed tools are sent'),
  'tool_choice[custom]': schemaless,
  parallel_tool_calls: dropped('the model decides how many calls it makes'),
  functions: exactly('as tools; calls come back in the older form'),
  function_call: exactly('as `tool_choice`'),
  'response_format[json_object]': exactly('as `responseMimeType`'),
  'response_format[json_schema]': exactly('as `responseJsonSchema`; keywords it does not know in words'),
  stream: exactly('by the path'),
  stream_options: exactly('usage always comes'),
  max_tokens: exactly("as `maxOutputTokens`; lowered to the model's greatest"),
  max_completion_tokens: exactly("as `maxOutputTokens`; lowered to the model's greatest"),
  n: exactly('as `candidateCount`'),
  stop: exactly('as `stopSequences`, the first five'),
  temperature: exact,
  top_p: exact,
  top_k: exact,
  frequency_penalty: exact,
  presence_penalty: exact,
  seed: exactly('its last 32 bits'),
  logit_bias: noControl,
  logprobs: exactly('as `responseLogprobs`'),
  top_logprobs: exactly('as `logprobs`'),
  reasoning_effort: approximated(
    'as `thinkingLevel` from Gemini 3 on, before that as a `thinkingBudget`; the nearest that the model has',
  ),
  verbosity: noControl,
  modalities: refused('answers are text'),
  audio: dropped('answers are text'),
  prediction: dropped('it would only be faster'),
  moderation: dropped('thresholds are set with `safetySettings`'),
  web_search_options: approximated('as the tool `googleSearch`, without a context size or a place'),
  service_tier: exactly('`default` as `standard`'),
  store: dropped('answers are not stored'),
  metadata: dropped('it goes with stored answers; `labels` are for bills'),
  user: noControl,
  safety_identifier: noControl,
  prompt_cache_key: implicitCaching,
  prompt_cache_retention: implicitCaching,
  prompt_cache_options: implicitCaching,
}

// ---- by model ----

const known = new Map<ModelTraits, OwnLosses>()

/** Rows that are other for this model; the same object for models that are alike. */
export function modelLosses(model: string): OwnLosses {
  const traits = traitsOf(model)
  const before = known.get(traits)
  if (before !== undefined) return before
  const rows = rowsOf(traits)
  known.set(traits, rows)
  return rows
}

const inWords = ' alone; beside tools as an instruction in `systemInstruction`, for this model takes one of the two'

function rowsOf(traits: ModelTraits): OwnLosses {
  return {
    ...(!traits.sampling && each(['temperature', 'top_p', 'top_k'], dropped('this model takes none'))),
    ...(traits.thinking === null && { reasoning_effort: dropped('this model does not think on demand') }),
    ...(!traits.severalAnswers && { n: refused('this model gives one answer a request') }),
    ...(!traits.penalties && each(['frequency_penalty', 'presence_penalty'], dropped('this model takes none'))),
    ...(!traits.logprobs && each(['logprobs', 'top_logprobs'], dropped('this model does not tell them'))),
    ...(!traits.validatesCalls && { 'tools[].strict': dropped('this model does not hold calls to their schemas') }),
    ...(!traits.toolsBesideJson && {
      'response_format[json_object]': exactly(`as \`responseMimeType\`${inWords}`),
      'response_format[json_schema]': exactly(`as \`responseJsonSchema\`${inWords}`),
    }),
  }
}

// ---- its own fields ----

/** Top-level fields of this language that OpenAI does not have, sent as they are (types of the client, 2026-11-24). */
export const ownFields = ['cachedContent', 'labels', 'safetySettings'] as const

/** What the caller says in `generationConfig` itself stands. */
export const foreign: ReadonlySet<string> = new Set([...ownFields, 'generationConfig'])
