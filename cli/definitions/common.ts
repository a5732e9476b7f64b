/** What the definitions of all commands share: the flags every command has, and the shape of their help. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'

/** What a definition needs besides commander: the world, and where the exit code of the command goes. */
export interface Registrar {
  readonly context: Context
  /** Wraps a command so that its exit code becomes the process's. */
  readonly action: <Arguments extends readonly unknown[]>(
    command: (...values: Arguments) => Promise<ExitCode>,
  ) => (...values: Arguments) => Promise<void>
}

export interface CommonOptions {
  readonly format: string
  readonly quiet: boolean
}

/** Flags every command has. The first format is the default. */
export function addCommonOptions(command: Command, formats: readonly string[] = ['human', 'json']): Command {
  return command
    .addOption(new Option('--format <format>', 'how results are written').choices(formats).default(formats[0]))
    .option('-q, --quiet', 'say nothing on stderr but errors', false)
    .option('--no-color', 'no colours (NO_COLOR does the same)')
}

/** Where the admin listener's token is read from. Its text is no option: other users see a command line. */
export function addAdminTokenOptions(command: Command): Command {
  return command
    .option('--admin-token-env <name>', 'variable with the token of the admin listener (default: AIGW_ADMIN_TOKEN)')
    .option('--admin-token-file <file>', 'file with it')
}

/** The block every command's help ends with. */
export function examples(...lines: readonly string[]): string {
  return ['', lines.length === 1 ? 'Example:' : 'Examples:', ...lines.map((line) => `  $ ${line}`), ''].join('\n')
}

/** `30s`, `500ms`, `2m` or a bare number of seconds, as milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text)
  if (match === null) throw new InvalidArgumentError('Expected a duration such as 500ms, 30s or 2m.')
  const factor = { ms: 1, s: 1_000, m: 60_000 }[match[2] ?? 's'] ?? 1_000
  return Math.round(Number(match[1]) * factor)
}

/** One that is none would be over before anything has begun. */
export function parsePositiveDuration(text: string): number {
  const ms = parseDuration(text)
  if (ms === 0) throw new InvalidArgumentError('Expected 1ms or more.')
  return ms
}

/** A flag that takes a duration; its default is shown as a person would write it. */
export function durationOption(flags: string, description: string, seconds: number): Option {
  return new Option(flags, description).argParser(parseDuration).default(seconds * 1_000, `${seconds}s`)
}

export function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('Expected a port between 0 and 65535 (0: any free one).')
  }
  return port
}

/** A whole number from 0. */
export function parseCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

/** A whole number from 1. */
export function parsePositive(text: string): number {
  const amount = parseCount(text)
  if (amount === 0) throw new InvalidArgumentError('Expected a whole number from 1.')
  return amount
}

/** A whole number from 1. */
export function parseRevision(text: string): number {
  const revision = parseCount(text)
  if (revision === 0) throw new InvalidArgumentError('Revisions count from 1.')
  return revision
}
