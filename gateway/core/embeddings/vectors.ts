/**
 * Vectors as OpenAI writes them: numbers, or base64 of 32-bit floats, little-endian (what its own client reads with
 * `Float32Array`; recorded from its API and from another's, checked 2026-11-24).
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** By the character's code; 255: no digit. */
const digits = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = alphabet.indexOf(String.fromCharCode(code))
  return digit < 0 ? 255 : digit
})

/** Base64 of the numbers as 32-bit floats. */
export function packFloats(numbers: readonly number[]): string {
  const bytes = new Uint8Array(numbers.length * 4)
  const view = new DataView(bytes.buffer)
  numbers.forEach((number, index) => view.setFloat32(index * 4, number, true))
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) text += triple(bytes, at)
  return text
}

function triple(bytes: Uint8Array, at: number): string {
  const [first = 0, second = 0, third = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]]
  const bits = (first << 16) | (second << 8) | third
  const left = bytes.length - at
  const letter = (shift: number) => alphabet.charAt((bits >> shift) & 63)
  return letter(18) + letter(12) + (left > 1 ? letter(6) : '=') + (left > 2 ? letter(0) : '=')
}

/** The bytes of a base64 text; null when it is none. */
export function readBase64(text: string): Uint8Array | null {
  const plain = text.replace(/={1,2}$/, '')
  if (plain.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((plain.length * 3) / 4))
  // Four digits are three bytes; what the last ones lack is 0, and past the end of the bytes nothing is written. It is
  // written plainly for its speed: two thousand vectors come in one answer, and nobody else is served meanwhile.
  const whole = plain + 'A'.repeat((4 - (plain.length % 4)) % 4)
  let at = 0
  for (let index = 0; index < whole.length; index += 4) {
    const first = digits[whole.charCodeAt(index)] ?? 255
    const second = digits[whole.charCodeAt(index + 1)] ?? 255
    const third = digits[whole.charCodeAt(index + 2)] ?? 255
    const fourth = digits[whole.charCodeAt(index + 3)] ?? 255
    if ((first | second | third | fourth) > 63) return null
    bytes[at] = (first << 2) | (second >> 4)
    bytes[at + 1] = ((second & 15) << 4) | (third >> 2)
    bytes[at + 2] = ((third & 3) << 6) | fourth
    at += 3
  }
  return bytes
}

/** The numbers of such a text; null when it is no whole number of finite floats. */
export function unpackFloats(text: string): number[] | null {
  const bytes = readBase64(text)
  if (bytes === null || bytes.length === 0 || bytes.length % 4 !== 0) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const numbers: number[] = []
  for (let at = 0; at < bytes.length; at += 4) {
    const number = view.getFloat32(at, true)
    if (!Number.isFinite(number)) return null
    numbers.push(number)
  }
  return numbers
}

/** How many finite floats a base64 text holds, without making numbers of them; null where `unpackFloats` gives null. */
export function countPacked(text: string): number | null {
  const bytes = readBase64(text)
  if (bytes === null || bytes.length === 0 || bytes.length % 4 !== 0) return null
  for (let at = 0; at < bytes.length; at += 4) {
    // All eight bits of the exponent: infinite, or no number.
    if (((bytes[at + 3] ?? 0) & 0x7f) === 0x7f && (bytes[at + 2] ?? 0) >= 0x80) return null
  }
  return bytes.length / 4
}

/** The numbers of base64 of signed bytes; null when it is none. */
export function unpackSignedBytes(text: string): number[] | null {
  const bytes = readBase64(text)
  return bytes === null || bytes.length === 0 ? null : [...new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)]
}
