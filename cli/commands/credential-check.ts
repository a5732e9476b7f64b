/** `aigw credential check`: whose key is this, and would it be let in? The key comes in by a file or a pipe, never by name. */
import { CommandError, type Context, makeTalk } from '../context.ts'
import { findByKey, looksLikeKey, shortKeyHash } from '../credential/key.ts'
import { parseMoment, standingAt } from '../credential/standing.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { type CredentialSource, readCredentials } from '../io/credentials.ts'
import { readText } from '../io/files.ts'
import { type CheckedKey, renderCheckedKey } from '../views/credential.ts'

export interface CheckOptions extends CommonOptions, CredentialSource {
  readonly at: string | undefined
}

export async function checkCredential(context: Context, file: string, options: CheckOptions): Promise<ExitCode> {
  if (file === '-' && options.manifest === '-') {
    throw new CommandError('standard input is the key or the manifest, not both')
  }
  const atMs = momentOf(context, options.at)
  const { reading, credentials } = await readCredentials(context, options)
  if (file === '-' && context.isTerminal)
    makeTalk(context, options.quiet)('Paste the key, then press Enter and Ctrl-D.')
  const key = await readKey(context, file)
  const credential = findByKey(credentials, key)
  const isOpen = credentials.length === 0
  const checked: CheckedKey = {
    file: reading.file,
    at: new Date(atMs).toISOString(),
    credential: credential?.name ?? null,
    organization: credential?.organization ?? null,
    project: credential?.project ?? null,
    expires: credential?.expires ?? null,
    key_hash: credential === null ? null : shortKeyHash(credential.key_hash),
    state: isOpen ? 'open' : credential === null ? 'unknown' : standingAt(credential, atMs),
  }
  context.stdout.write(renderCheckedKey(checked, options.format, context.stdout))
  return checked.state === 'open' || checked.state === 'valid' ? exitCodes.done : exitCodes.findings
}

function momentOf(context: Context, text: string | undefined): number {
  if (text === undefined) return context.now()
  const moment = parseMoment(text)
  if (moment !== null) return moment
  throw new CommandError('--at is no time', { details: ['Write 2027-01-31, or 2027-01-31T18:00:00Z.'] })
}

async function readKey(context: Context, file: string): Promise<string> {
  let text: string
  try {
    text = await readText(context, file)
  } catch (error) {
    // Whoever wrote the key where a file belongs has shown it to their shell's history and to everybody's `ps`; not to
    // the log of a CI job as well.
    if (error instanceof CommandError && looksLikeKey(file)) throw keyAsArgument()
    throw error
  }
  const key = text.trim()
  const where = file === '-' ? 'standard input' : file
  if (key === '') throw new CommandError(`there is no key in ${where}`)
  if (/\s/.test(key)) throw new CommandError(`${where} holds more than one word, so it is no key`)
  return key
}

function keyAsArgument(): CommandError {
  return new CommandError('a key is never an argument: what stands on a command line can be read by others', {
    details: ['Pipe it in: aigw credential check < key.txt', 'And take this one as lost: make a new one.'],
  })
}
