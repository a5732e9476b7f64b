/**
 * Values that ask for nothing: leaving them out changes no answer, so leaving them out is no loss. OpenAI's defaults
 * are those its API reference gives (as in `fixtures/contracts/openai.schema.json`, checked 2026-11-23).
 */
const defaults: Readonly<Record<string, unknown>> = {
  n: 1,
  temperature: 1,
  top_p: 1,
  frequency_penalty: 0,
  presence_penalty: 0,
  top_logprobs: 0,
  logprobs: false,
  store: false,
  stream: false,
  parallel_tool_calls: true,
  tool_choice: 'auto',
  function_call: 'auto',
  service_tier: 'auto',
  verbosity: 'medium',
}

/**
 * True when the field can be left out without anyone noticing: nothing, an empty list, object or text, or OpenAI's
 * own default. Also for paths into messages (`messages[].refusal`), which have no defaults.
 */
export function isNeutral(field: string, value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0 || (field === 'modalities' && isTextOnly(value))
  if (typeof value !== 'object') return value === defaults[field]
  if (field === 'stream_options') return true
  if (field === 'response_format') return 'type' in value && value.type === 'text'
  return Object.keys(value).length === 0
}

function isTextOnly(modalities: readonly unknown[]): boolean {
  return modalities.length === 1 && modalities[0] === 'text'
}
