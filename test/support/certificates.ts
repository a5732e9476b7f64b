/** Certificates for tests, made when they run: an authority of our own, and what it vouches for. */
import { generate } from 'selfsigned'

export interface Certificate {
  /** PEM. */
  readonly cert: string
  readonly key: string
}

export interface CertificateWish {
  /** Names it carries; default: localhost. */
  readonly names?: readonly string[]
  /** Is it good for 127.0.0.1? Default: unless it carries other names. */
  readonly loopback?: boolean
  /** Default: signed by itself. */
  readonly by?: Certificate
  readonly from?: Date
  readonly until?: Date
}

/** Elliptic curves, because they are made in no time. */
const kind = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const

export async function makeAuthority(name = 'Test authority'): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    ...kind,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  })
  return { cert, key }
}

export async function makeCertificate(wish: CertificateWish = {}): Promise<Certificate> {
  const { names = ['localhost'], loopback = wish.names === undefined, by, from, until } = wish
  const altNames = names.map((value) => ({ type: 2 as const, value }))
  const own = loopback ? [{ type: 7 as const, ip: '127.0.0.1' }] : []
  const { cert, private: key } = await generate([{ name: 'commonName', value: names[0] ?? 'test' }], {
    ...kind,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      { name: 'subjectAltName', altNames: [...altNames, ...own] },
    ],
    ...(by !== undefined && { ca: by }),
    ...(from !== undefined && { notBeforeDate: from }),
    ...(until !== undefined && { notAfterDate: until }),
  })
  return { cert, key }
}
