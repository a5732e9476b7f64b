/** What the generated validators call: our own, so that none of them needs a library at run time. */

/** Length in Unicode characters, as JSON Schema counts `minLength` and `maxLength`. */
export function ucs2length(text: string): number {
  let length = 0
  for (let position = 0; position < text.length; position += 1) {
    length += 1
    const unit = text.charCodeAt(position)
    if (unit < 0xd800 || unit > 0xdbff || position + 1 >= text.length) continue
    if ((text.charCodeAt(position + 1) & 0xfc00) === 0xdc00) position += 1
  }
  return length
}

/** Deep equality of JSON values, as `const`, `enum` and `uniqueItems` mean it. */
export function equal(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const leftEntries = Object.entries(left)
  const rightValues = new Map(Object.entries(right))
  return (
    leftEntries.length === rightValues.size &&
    leftEntries.every(([key, value]) => rightValues.has(key) && equal(value, rightValues.get(key)))
  )
}
