/**
 * Renders a request that differs from what the caller sent in little more than its model: the caller's own text with
 * that one value replaced, instead of the whole of a long prompt written out again. Where anything makes the place of
 * the value less than certain, the request is rendered whole; the result means the same either way.
 */
import type { ChatCompletionRequest } from '../../../../schemas/index.ts'

/** A body that begins with its model, as every client we know sends it. */
const leadingModel = /^\s*\{\s*"model"\s*:\s*"([^"\\]*)"/

/** `source` is the text that `request` was parsed from, or null when there is none. */
export function renderDraft(
  draft: Readonly<Record<string, unknown>>,
  request: ChatCompletionRequest,
  source: string | null,
): string {
  return (source === null ? null : splice(draft, request, source)) ?? JSON.stringify(draft)
}

function splice(
  draft: Readonly<Record<string, unknown>>,
  request: ChatCompletionRequest,
  source: string,
): string | null {
  const added: string[] = []
  for (const key in draft) {
    const value = draft[key]
    if (key === 'model' || value === request[key]) continue
    // A changed or removed field stands somewhere in the text; only a new one can be put in front.
    if (Object.hasOwn(request, key)) return null
    if (value !== undefined) added.push(`${JSON.stringify(key)}:${JSON.stringify(value)},`)
  }
  const { model } = draft
  const match = leadingModel.exec(source)
  if (match === null || typeof model !== 'string' || match[1] !== request.model) return null
  if (mayNameModelAgain(source, match[0].length)) return null
  return `{${added.join('')}"model":${JSON.stringify(model)}${source.slice(match[0].length)}`
}

/**
 * Could a second "model" follow, plain or spelt with an escape? It may only be a word of the prompt, but a key given
 * twice would reach the provider with the caller's value, so the doubt is enough.
 */
function mayNameModelAgain(source: string, from: number): boolean {
  return source.includes('"model"', from) || source.includes('\\u00', from)
}
