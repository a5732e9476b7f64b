/**
 * What becomes of each part of OpenAI's request. Wire names are those of the published OpenAPI document and of the
 * server's `ChatRequest` and `Options` (checked 2026-11-23); a server older than a field leaves it unread.
 */
import type { DialectLosses, ForeignFields } from '../losses.ts'
import { approximated, dropped, exact, exactly, refused } from '../losses.ts'
import { modelOptions } from './options.ts'

const noSuchThing = dropped('there is nothing like it')
const ownCache = dropped('the server caches prompts by itself')
const noAccounts = dropped('the server keeps no accounts, no store and no tiers')
const textOnly = refused('answers are text')
const inline = refused('only text, and images sent within the request')

/** Fields of the API's own, and the names of its `options`, which are moved there. */
export const foreign: ForeignFields = new Set([
  'options',
  'think',
  'format',
  'keep_alive',
  'truncate',
  'shift',
  ...modelOptions,
])

export const losses: DialectLosses = {
  'messages[system]': exact,
  'messages[developer]': exactly('as `system`'),
  'messages[tool]': exactly('with `tool_name` and `tool_call_id`, in the order of the calls'),
  'messages[function]': exactly('as `tool`'),
  'messages[].name': dropped('speakers have no names; a result finds its tool by the call'),
  'messages[].refusal': exactly('as text'),
  'messages[].reasoning_content': exactly('as `thinking`'),
  'messages[].reasoning_details': dropped('only the provider that signed it can read it'),
  'messages[].annotations': noSuchThing,
  'messages[].citations': noSuchThing,
  'messages[].audio': refused('only the provider that spoke it knows what was said'),
  'messages[].tool_calls': exactly('their arguments as an object; those that are none under `arguments`'),
  'messages[].tool_calls[custom]': refused('tools take JSON objects'),
  'messages[].function_call': exactly('as `tool_calls`'),
  'messages[].other': noSuchThing,
  'messages[].content[image_url].data': exactly('in `images`, without the `data:` in front'),
  'messages[].content[image_url].url': refused('the server fetches nothing: send the image itself'),
  'messages[].content[image_url].detail': noSuchThing,
  'messages[].content[input_audio]': inline,
  'messages[].content[file].file_data': inline,
  'messages[].content[file].file_id': inline,
  'messages[].content[refusal]': exactly('as text'),
  'messages[].content[other]': inline,
  cache_control: ownCache,
  tools: exact,
  'tools[].strict': dropped('arguments are not held to the schema'),
  'tools[custom]': refused('tools take JSON objects'),
  'tools[other]': refused('no tools of the provider'),
  'tool_choice[none]': exactly('the tools are left out'),
  'tool_choice[required]': dropped('a call cannot be demanded'),
  'tool_choice[function]': approximated('only that tool is offered; a call cannot be demanded'),
  'tool_choice[allowed_tools]': approximated('only those tools are offered; a call cannot be demanded'),
  'tool_choice[custom]': refused('tools take JSON objects'),
  parallel_tool_calls: dropped('the model decides how many calls it makes'),
  functions: exactly('as tools; the call comes back in the older form'),
  function_call: approximated('only that function is offered; a call cannot be demanded'),
  'response_format[json_object]': exactly('as `format: json`'),
  'response_format[json_schema]': exactly('as `format`, the schema itself'),
  stream: exact,
  stream_options: exactly('usage comes unasked'),
  max_tokens: exactly('as `options.num_predict`'),
  max_completion_tokens: exactly('as `options.num_predict`'),
  n: refused('one answer a request'),
  stop: exactly('as `options.stop`'),
  temperature: exactly('as `options.temperature`'),
  top_p: exactly('as `options.top_p`'),
  top_k: exactly('as `options.top_k`'),
  // Some versions took both and did nothing with them for newer models (https://github.com/ollama/ollama/issues/15783).
  frequency_penalty: exactly('as `options.frequency_penalty`'),
  presence_penalty: exactly('as `options.presence_penalty`'),
  seed: exactly('as `options.seed`'),
  logit_bias: noSuchThing,
  logprobs: exact,
  top_logprobs: exact,
  reasoning_effort: approximated('as `think`: off, low, medium or high; many models only know on and off'),
  verbosity: noSuchThing,
  modalities: textOnly,
  audio: textOnly,
  prediction: noSuchThing,
  moderation: noSuchThing,
  web_search_options: noSuchThing,
  service_tier: noAccounts,
  store: noAccounts,
  metadata: noAccounts,
  user: noAccounts,
  safety_identifier: noAccounts,
  prompt_cache_key: ownCache,
  prompt_cache_retention: ownCache,
  prompt_cache_options: ownCache,
}
