/**
 * Text of somebody else's, a provider's or a caller's, with what a terminal would obey instead of show (control
 * characters, and marks that turn the direction of writing) spelled out.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  })
}
