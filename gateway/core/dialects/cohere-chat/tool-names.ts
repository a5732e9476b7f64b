/**
 * Names of tools. The API takes letters, digits and `_` ("tool names can only contain certain characters (A-Za-z0-9_)
 * and can't begin with a digit": its page on errors, read 2026-11-24), OpenAI's also takes `-`, and tools of other
 * people's making are full of it. So `-` is sent as a word, and put back in what the model calls.
 */

const dash = '__dash__'

/** Null when the name has other letters, or would not come back as it was: it holds the word, or makes one with a `-`. */
export function encodeToolName(name: string): string | null {
  const spelt = name.replaceAll('-', dash)
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(spelt) && decodeToolName(spelt) === name ? spelt : null
}

export function decodeToolName(name: string): string {
  return name.replaceAll(dash, '-')
}
