/**
 * The certificate a listener shows, read from files and followed: a renewed one serves the next handshake, a broken one
 * changes nothing and is said once.
 */
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { watchFolders } from '../../release/file-watch.ts'
import type { Log } from '../log.ts'
import { pairFault } from '../transport/tls-material.ts'

export interface CertificateFiles {
  /** PEM; the certificate first, then those that vouch for it. */
  readonly cert: string
  readonly key: string
}

/** The same as text. */
interface Pair {
  readonly cert: string
  readonly key: string
}

const pollMs = 2_000

/** Two files are never replaced in one moment: this long they may not fit each other without a word. */
const settleMs = 1_500

export class ListenerCertificate {
  private readonly files: CertificateFiles
  private readonly log: Log
  private pair: Pair
  private told: string | null = null
  private settling: NodeJS.Timeout | null = null
  private readonly listeners: ((pair: Pair) => void)[] = []
  private readonly stopWatching: () => void

  /** Throws one sentence when they cannot be used. */
  constructor(files: CertificateFiles, log: Log) {
    this.files = files
    this.log = log
    const read = readPair(files)
    if ('fault' in read) throw new Error(read.fault)
    this.pair = read
    this.tellIfOver()
    this.stopWatching = watchFolders({
      folders: [...new Set([dirname(files.cert), dirname(files.key)])],
      pollMs,
      signature: async () => digestOf(files),
      onChange: () => this.look(),
    })
  }

  current(): Pair {
    return this.pair
  }

  onRenewed(listener: (pair: Pair) => void): void {
    this.listeners.push(listener)
  }

  stop(): void {
    this.stopWatching()
    if (this.settling !== null) clearTimeout(this.settling)
  }

  private look(last = false): void {
    if (this.settling !== null) clearTimeout(this.settling)
    this.settling = null
    const read = readPair(this.files)
    if (!('fault' in read)) {
      this.told = null
      if (read.cert !== this.pair.cert || read.key !== this.pair.key) this.renew(read)
      return
    }
    if (read.fault === this.told) return
    if (!last) {
      this.settling = setTimeout(() => this.look(true), settleMs).unref()
      return
    }
    this.told = read.fault
    const message = `${read.fault}; the certificate from before goes on being shown`
    this.log({ level: 'error', event: 'certificate_refused', message })
  }

  private renew(pair: Pair): void {
    this.pair = pair
    for (const listener of this.listeners) listener(pair)
    const { validTo } = new X509Certificate(pair.cert)
    const message = `the certificate in ${this.files.cert} is shown from now on, until ${validTo}`
    this.log({ level: 'info', event: 'certificate_renewed', message, fields: { valid_to: validTo } })
    this.tellIfOver()
  }

  private tellIfOver(): void {
    const { validTo } = new X509Certificate(this.pair.cert)
    if (Date.parse(validTo) > Date.now()) return
    const message = `the certificate in ${this.files.cert} has expired on ${validTo}: no caller will trust it`
    this.log({ level: 'error', event: 'certificate_expired', message, fields: { valid_to: validTo } })
  }
}

function readPair({ cert: certFile, key: keyFile }: CertificateFiles): Pair | { readonly fault: string } {
  const cert = readText(certFile)
  const key = readText(keyFile)
  if (cert === null) return { fault: `the certificate ${certFile} cannot be read` }
  if (key === null) return { fault: `the key ${keyFile} cannot be read` }
  const fault = pairFault({ cert, key }, { cert: `the certificate ${certFile}`, key: `the key ${keyFile}` })
  return fault === null ? { cert, key } : { fault }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function digestOf({ cert, key }: CertificateFiles): string {
  const digest = createHash('sha256')
  for (const file of [cert, key]) digest.update(readText(file) ?? 'gone').update('\0')
  return digest.digest('hex')
}
