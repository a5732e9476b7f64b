/** A provider that repeats the key it was sent, whatever the key looks like, tells it to nobody else. */
import type { ProviderFailure } from '../../core/chat/failure.ts'

const removed = '[removed]'

/** A beginning shorter than this gives nothing away, and stands in many a sentence by chance. */
const tellingLength = 4

/** A secret as it may come back: as it is, or as it stands in JSON, in an address, or in base64. Longest first. */
export function formsOf(secret: string): readonly string[] {
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    // Some write a slash in JSON with a backslash before it.
    secret.replaceAll('/', String.raw`\/`),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ]
  return [...new Set(forms)].toSorted((left, right) => right.length - left.length)
}

/** `forms`: of every secret that was sent. */
export function withoutSecrets(failure: ProviderFailure, forms: readonly string[]): ProviderFailure {
  if (forms.length === 0) return failure
  const { message, code, type, param } = failure
  const clean = (text: string | null): string | null => (text === null ? null : cleaned(text, forms))
  return { ...failure, message: cleaned(message, forms), code: clean(code), type: clean(type), param: clean(param) }
}

function cleaned(text: string, forms: readonly string[]): string {
  return withoutCutSecret(
    forms.reduce((rest, form) => rest.replaceAll(form, removed), text),
    forms,
  )
}

/** A long message is cut, and the cut may have gone through a key. */
function withoutCutSecret(text: string, forms: readonly string[]): string {
  if (!text.endsWith('…')) return text
  const body = text.slice(0, -1)
  for (const form of forms) {
    for (let length = form.length - 1; length >= tellingLength; length -= 1) {
      if (body.endsWith(form.slice(0, length))) return `${body.slice(0, -length)}${removed}…`
    }
  }
  return text
}
