/**
 * Renders a request that differs from what the caller sent in little more than its model: the caller's own text with
 * that one value replaced, instead of the whole of a long prompt written out again. Where anything makes the place of
 * the value less than certain, the request is rendered whole; the result means the same either way.
 */
import type { OriginalRequest, WireRequest } from '../dialect.ts'

/** A body that begins with its model, as every client we know sends it. ASCII, so that characters count as bytes. */
const leadingModel = /^[\t\n\r ]*\{[\t\n\r ]*"model"[\t\n\r ]*:[\t\n\r ]*"([\x20\x21\x23-\x5b\x5d-\x7e]*)"/

/** `original` is what the caller sent and the text it was parsed from, or null when there is none. */
export function renderDraft(
  draft: Readonly<Record<string, unknown>>,
  original: OriginalRequest | null,
): Pick<WireRequest, 'body' | 'sourceFrom'> {
  return (original === null ? null : splice(draft, original)) ?? { body: JSON.stringify(draft), sourceFrom: null }
}

function splice(
  draft: Readonly<Record<string, unknown>>,
  { request, text: source }: OriginalRequest,
): Pick<WireRequest, 'body' | 'sourceFrom'> | null {
  let added = ''
  for (const key in draft) {
    const value = draft[key]
    if (key === 'model' || value === request[key]) continue
    // A changed or removed field stands somewhere in the text; only a new one can be put in front.
    if (Object.hasOwn(request, key)) return null
    if (value !== undefined) added += `${JSON.stringify(key)}:${JSON.stringify(value)},`
  }
  const { model } = draft
  const match = leadingModel.exec(source)
  if (match === null || typeof model !== 'string' || match[1] !== request.model) return null
  const sourceFrom = match[0].length
  if (mayNameModelAgain(source, sourceFrom)) return null
  return { body: `{${added}"model":${JSON.stringify(model)}`, sourceFrom }
}

/**
 * Could a second "model" follow, plain or spelt with an escape? It may only be a word of the prompt, but a key given
 * twice would reach the provider with the caller's value, so the doubt is enough.
 */
function mayNameModelAgain(source: string, from: number): boolean {
  return source.includes('"model"', from) || source.includes('\\u00', from)
}
