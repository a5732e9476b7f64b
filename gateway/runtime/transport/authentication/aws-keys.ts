/** AWS credentials written in one secret, in the two ways they are written elsewhere. */
import { isRecord, parseJson } from '../../../core/chat/loose.ts'

export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Temporary credentials have one. */
  readonly sessionToken?: string
}

export const awsKeysWanted =
  'AWS credentials are written `ID:SECRET` or `ID:SECRET:TOKEN`, or as the JSON that `aws sts` and `credential_process` print'

/** Key ids are capital letters and digits (`AKIA…`, `ASIA…`); neither the others nor a token has a colon or a space. */
const plain = /^([A-Z0-9]{16,128}):([^\s:]+)(?::([^\s:]+))?$/

/**
 * `ID:SECRET[:TOKEN]`, or JSON: what a `credential_process` prints (`AccessKeyId`, `SecretAccessKey`, `SessionToken`:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html, checked 2026-11-24), by itself or
 * under `Credentials`, where `aws sts assume-role` has it. null: neither.
 */
export function readAwsKeys(text: string): AwsKeys | null {
  const [, id, secret, token] = plain.exec(text) ?? []
  if (id !== undefined && secret !== undefined) return keysOf(id, secret, token)
  const parsed = parseJson(text)
  if (!isRecord(parsed)) return null
  const {
    AccessKeyId: jsonId,
    SecretAccessKey: jsonSecret,
    SessionToken: jsonToken,
  } = isRecord(parsed['Credentials']) ? parsed['Credentials'] : parsed
  if (!isPlain(jsonId) || !isPlain(jsonSecret)) return null
  if (jsonToken === undefined || jsonToken === null || jsonToken === '') return keysOf(jsonId, jsonSecret, undefined)
  return isPlain(jsonToken) ? keysOf(jsonId, jsonSecret, jsonToken) : null
}

/** As a header can carry it. */
function isPlain(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)
}

function keysOf(accessKeyId: string, secretAccessKey: string, sessionToken: string | undefined): AwsKeys {
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}
