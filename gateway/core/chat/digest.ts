/** 64 bits in hexadecimal, of two runs of FNV-1a: a name for a value, no secret. */
export function digest(text: string): string {
  let high = 0x811c9dc5
  let low = 0x01000193
  for (let position = 0; position < text.length; position += 1) {
    high = Math.imul(high ^ text.charCodeAt(position), 0x01000193)
    low = Math.imul(low ^ text.charCodeAt(position), 0x85ebca6b)
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
