/** Why no connection could be made, in words: what is wrong, and which setting of the connection it may be about. */

/** Its message is told to operators and, as the last provider's words, to callers: it names no address and no file. */
export class ConnectFailure extends Error {
  readonly code = 'AIGW_CONNECT_FAILED'
}

const unknownAuthority = (who: string) =>
  `the certificate of ${who} comes from an authority that is not trusted here: name its certificate in \`tls.ca\``
const notTls = (who: string) => `${who} does not answer in TLS: is the address meant to begin with http:?`
const wantsOurs = (who: string) =>
  `${who} wants a certificate of ours that it trusts: set \`tls.cert\` and \`tls.key\` to one`
const oldTls = (who: string) => `${who} speaks no TLS that is safe: 1.2 is the oldest that is spoken here`

const selfSigned = (who: string) =>
  `the certificate of ${who} is signed by nobody but itself: if it is the right one, name it in \`tls.ca\``
const expired = (who: string) => `the certificate of ${who} has expired: it must be renewed there`
const tooEarly = (who: string) => `the certificate of ${who} is not valid yet: is the clock of this machine right?`
const otherName = (who: string) =>
  `the certificate of ${who} carries another name than its address: set \`tls.server_name\` to one it carries`

/** By the code that Node gives it (X.509 errors in its documentation of `tls`, version 24, read 2026-11-23). */
const tlsTroubles: ReadonlyMap<string, (who: string) => string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', selfSigned],
  ['SELF_SIGNED_CERT_IN_CHAIN', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownAuthority],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownAuthority],
  ['CERT_HAS_EXPIRED', expired],
  ['CERT_NOT_YET_VALID', tooEarly],
  ['ERR_TLS_CERT_ALTNAME_INVALID', otherName],
  ['ERR_SSL_WRONG_VERSION_NUMBER', notTls],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', notTls],
  ['EPROTO', notTls],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', oldTls],
])

/** Alerts (RFC 8446, section 6.2) by which the other side turns our certificate down, or the lack of one. */
const refusesOurs =
  /_ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE)$/

/** Trouble with TLS in words; null when the code means something else. `who` is `the provider` or `the proxy`. */
export function describeTlsTrouble(code: string, who: string): string | null {
  const describe = tlsTroubles.get(code)
  if (describe !== undefined) return describe(who)
  // The versions of OpenSSL spell what stands before the alert differently.
  if (refusesOurs.test(code)) return wantsOurs(who)
  return code.endsWith('_ALERT_PROTOCOL_VERSION') ? oldTls(who) : null
}

export function describeConnectError(error: Error, who: string): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const trouble = describeTlsTrouble(code, who)
  if (trouble !== null) return trouble
  if (who === 'the provider') {
    return code === '' ? 'the connection to the provider failed' : `the connection failed (${code})`
  }
  return code === '' ? `${who} cannot be reached` : `${who} cannot be reached (${code})`
}
