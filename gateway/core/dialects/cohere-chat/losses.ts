/**
 * What becomes of OpenAI's request here. Where it depends on a value, the row says what happens at most, and encoding
 * tells the caller when it did; where it depends on the model, `modelLosses` has the row of that model. Names and limits:
 * the types of the client (`cohere-ai` 8.1.0) and the vendor's pages on the API and its errors (read 2026-11-24).
 */
import type { RequestField } from '../../chat/request-fields.ts'
import type { DialectLosses, ForeignFields, Loss } from '../losses.ts'
import { approximated, dropped, each, exact, exactly, refused } from '../losses.ts'
import type { ModelTraits } from './models.ts'
import { traitsOf } from './models.ts'

const noControl = dropped('no such control')
const noAccounts = dropped('the API keeps no such thing')
const schemaless = refused('tools take JSON objects')
const textAndImages = refused('only text and images are read')
const ownCache = dropped('prompts are cached without being asked')
const notTakenBack = dropped('sources of an earlier answer are not taken back')
const alone = 'that tool alone is offered, and a call demanded'

/** Top-level fields of this language that OpenAI does not have, sent as they are. */
export const ownFields = [
  'citation_options',
  'documents',
  'k',
  'p',
  'priority',
  'safety_mode',
  'stop_sequences',
  'strict_tools',
  'thinking',
] as const

export const foreign: ForeignFields = new Set(ownFields)

export const losses: DialectLosses = {
  'messages[system]': exact,
  'messages[developer]': exactly('as `system`'),
  'messages[tool]': exact,
  'messages[function]': exactly('as the result of the last call of that function; without one it is refused'),
  'messages[].name': dropped('a turn has no name'),
  'messages[].refusal': exactly('as text of the turn'),
  'messages[].reasoning_content': exactly('as a `thinking` block of the turn'),
  'messages[].reasoning_details': dropped('only the provider that signed it can read it'),
  'messages[].annotations': notTakenBack,
  'messages[].citations': notTakenBack,
  'messages[].audio': refused('an earlier answer in sound cannot be referred to'),
  'messages[].tool_calls': exactly('arguments that are no JSON object under `arguments`'),
  'messages[].tool_calls[custom]': schemaless,
  'messages[].function_call': exactly('as `tool_calls`'),
  'messages[].other': dropped('no field of a turn'),
  'messages[].content[image_url].data': exactly('JPEG, PNG, GIF and WebP; others are refused'),
  'messages[].content[image_url].url': exactly('http and https; others are refused'),
  'messages[].content[image_url].detail': exact,
  'messages[].content[input_audio]': textAndImages,
  'messages[].content[file].file_data': textAndImages,
  'messages[].content[file].file_id': textAndImages,
  'messages[].content[refusal]': exactly('as text'),
  'messages[].content[other]': textAndImages,
  cache_control: ownCache,
  tools: exactly('`-` in a name as `__dash__`, put back in calls; names in other than its letters are refused'),
  'tools[].strict': dropped('this model does not hold calls to their schemas'),
  'tools[custom]': schemaless,
  'tools[other]': refused('no tools of the provider'),
  'tool_choice[none]': exactly('as `NONE`'),
  'tool_choice[required]': exactly('as `REQUIRED`'),
  'tool_choice[function]': approximated(alone),
  'tool_choice[allowed_tools]': exactly('only the allowed tools are sent'),
  'tool_choice[custom]': schemaless,
  parallel_tool_calls: dropped('the model decides how many calls it makes'),
  functions: exactly('as tools; calls come back in the older form'),
  function_call: approximated(alone),
  'response_format[json_object]': exactly('as `json_object`; beside tools or documents as an instruction'),
  'response_format[json_schema]': exactly(
    'as `json_object` with the schema, without limits on values that it does not know; beside tools or documents, and for shapes it does not know, as an instruction',
  ),
  stream: exact,
  stream_options: exactly('usage always comes'),
  max_tokens: exact,
  max_completion_tokens: exactly('as `max_tokens`'),
  n: refused('one answer a request'),
  stop: exactly('as `stop_sequences`'),
  temperature: approximated('above 1 as 1', { above: 1 }),
  top_p: approximated('as `p`, between 0.01 and 0.99', { above: 0.99 }),
  top_k: approximated('as `k`, at most 500', { above: 500 }),
  frequency_penalty: approximated('between 0 and 1', { above: 1 }),
  presence_penalty: approximated('between 0 and 1', { above: 1 }),
  seed: exactly('without its sign'),
  logit_bias: noControl,
  logprobs: exactly('of pieces of text: of one that is several tokens, the sum of theirs'),
  top_logprobs: dropped('only of what was chosen'),
  reasoning_effort: approximated('as `thinking`: off, a budget of tokens, or on'),
  verbosity: noControl,
  modalities: refused('answers are text'),
  audio: dropped('answers are text'),
  prediction: dropped('it would only be faster'),
  moderation: noControl,
  web_search_options: noControl,
  service_tier: noControl,
  store: noAccounts,
  metadata: noAccounts,
  user: noAccounts,
  safety_identifier: noAccounts,
  prompt_cache_key: ownCache,
  prompt_cache_retention: ownCache,
  prompt_cache_options: ownCache,
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

const images = [
  'messages[].content[image_url].data',
  'messages[].content[image_url].url',
  'messages[].content[image_url].detail',
] as const

function rowsOf({ readsImages, reasons, choosesTools, strictTools }: ModelTraits): Rows {
  return {
    ...(!readsImages && each(images, refused('this model reads no images'))),
    ...(!reasons && {
      reasoning_effort: dropped('this model does not reason'),
      'messages[].reasoning_content': approximated('as the `tool_plan` of a turn with calls; of others it is left out'),
    }),
    ...(!choosesTools && {
      'tool_choice[none]': exactly('the tools are left out'),
      'tool_choice[required]': dropped('this model cannot be made to call a tool'),
      ...each(
        ['tool_choice[function]', 'tool_choice[allowed_tools]', 'function_call'],
        approximated('only those tools are offered; a call cannot be demanded'),
      ),
    }),
    ...(strictTools && {
      'tools[].strict': approximated(
        'as `strict_tools`, for all tools at once, where each of them demands an argument',
      ),
    }),
  }
}
