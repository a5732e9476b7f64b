/**
 * Names of tools. The API takes letters, digits and `_` ("tool names can only contain certain characters (A-Za-z0-9_)
 * and can't begin with a digit": its page on errors, read 2026-11-24), OpenAI's also takes `-`, and tools of other
 * people's making are full of it. So `-` is sent as a word, and put back in what the model calls.
 */

const dash = '__dash__'

/** Null when the name has other letters, or holds the word already. */
export function encodeToolName(name: string): string | null {
  if (name.includes(dash)) return null
  const spelt = name.replaceAll('-', dash)
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(spelt) ? spelt : null
}

export function decodeToolName(name: string): string {
  return name.replaceAll(dash, '-')
}
