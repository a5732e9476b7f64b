/** The key file of a Google service account, as the console gives it out. */
import { createPrivateKey } from 'node:crypto'
import { isRecord, parseJson, textOf } from '../../../core/chat/loose.ts'

export interface ServiceAccountKey {
  readonly email: string
  /** PEM. */
  readonly privateKey: string
  readonly keyId: string | null
  /** Where the token is asked for; null: Google's usual place. */
  readonly tokenUrl: string | null
}

export const serviceAccountKeyWanted =
  "a service account's key file is JSON with `type: service_account`, `client_email` and `private_key` (PEM)"

/** null: the text is no such file, or its private key is none. */
export function readServiceAccountKey(text: string): ServiceAccountKey | null {
  const file = parseJson(text)
  if (!isRecord(file) || file['type'] !== 'service_account') return null
  const [email, privateKey] = [textOf(file['client_email']), textOf(file['private_key'])]
  if (email === null || privateKey === null || !isPrivateKey(privateKey)) return null
  const tokenUrl = textOf(file['token_uri'])
  if (tokenUrl !== null && !URL.canParse(tokenUrl)) return null
  return { email, privateKey, keyId: textOf(file['private_key_id']), tokenUrl }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}
