/** What keys look like: so that one is found where it must not stand, and never repeated in what is said about it. */
import { scrubKeys } from '../chat/errors.ts'

/** Beginnings that the vendors give their keys, and the armour of a private key. What follows is never shown. */
export const keyShapes =
  /(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{16,}|gsk_[A-Za-z0-9]{16,}|xai-[A-Za-z0-9]{16,}|pplx-[A-Za-z0-9]{16,}|hf_[A-Za-z0-9]{16,}|nvapi-[A-Za-z0-9_-]{16,}|csk-[A-Za-z0-9]{16,}|fw_[A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{30,}|A(?:KIA|SIA)[A-Z0-9]{16}|aigw_[A-Za-z0-9_-]{40,}|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?|gh[pousr]_[A-Za-z0-9]{30,}|Bearer\s+[A-Za-z0-9._~+/-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----)/

export const allKeys = new RegExp(keyShapes, 'g')

/** The text with everything taken out that is, or could be, a key. */
export function hideKeys(text: string): string {
  return scrubKeys(text.replaceAll(allKeys, '[removed]'))
}
