/** Base64 as strict servers read it. */

/**
 * The same bytes in the standard alphabet, padded and in one line. Encoders wrap their lines, leave the padding out or
 * use the alphabet of URLs; OpenAI reads all of that, and others answer 400. What is no base64 at all stays as it is.
 */
export function plainBase64(data: string): string {
  let plain = data
  if (/[\s_-]/.test(plain)) plain = plain.replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/')
  const missing = (4 - (plain.length % 4)) % 4
  return missing === 0 || missing === 3 ? plain : plain + '='.repeat(missing)
}
