/**
 * What can stand where the cursor is: a pure function of the commands and of the words so far. Values that depend on the
 * world (files, environments) are named by their kind, and looked up by the caller.
 */
import type { ArgumentShape, CommandShape, OptionShape } from './tree.ts'

export interface Candidate {
  readonly value: string
  readonly description: string
}

export type ValueKind = 'file' | 'folder' | 'manifest' | 'environment' | 'provider' | 'schema' | 'rule' | 'code'

export interface Completion {
  /** What is being typed of the value: the part of the word that the candidates replace. */
  readonly typed: string
  /** What stands in the same word before it, such as `--format=`. */
  readonly before: string
  /** All that begin with `typed`. */
  readonly candidates: readonly Candidate[]
  /** What else may stand here. */
  readonly kinds: readonly ValueKind[]
}

/** `words`: all after the program's name; the last one is being typed, and may be empty. */
export function complete(root: CommandShape, words: readonly string[]): Completion {
  const typed = words.at(-1) ?? ''
  const place = walk(root, words.slice(0, -1))
  const { command, option, isPastOptions } = place
  if (option !== null && !(option.isOptional && typed.startsWith('-'))) {
    return of(typed, '', { choices: option.choices, kinds: kindsOfOption(place, option) })
  }
  const equals = typed.indexOf('=')
  if (!isPastOptions && typed.startsWith('--') && equals > 0) {
    const named = findOption(command, typed.slice(0, equals))
    if (named === null || named.value === null) return of('', typed, { choices: [], kinds: [] })
    const values = { choices: named.choices, kinds: kindsOfOption(place, named) }
    return of(typed.slice(equals + 1), typed.slice(0, equals + 1), values)
  }
  if (!isPastOptions && typed.startsWith('-')) return { ...nothing(typed), candidates: flagsOf(place, typed) }
  return completeWord(root, place, typed)
}

interface Place {
  readonly command: CommandShape
  /** Names of the commands so far. */
  readonly path: readonly string[]
  /** Words that are arguments of the command. */
  readonly positionals: number
  /** Flags that were given already. */
  readonly given: ReadonlySet<string>
  /** The flag whose value comes next. */
  readonly option: OptionShape | null
  /** After `--` nothing is a flag. */
  readonly isPastOptions: boolean
}

function walk(root: CommandShape, words: readonly string[]): Place {
  let place: Place = { command: root, path: [], positionals: 0, given: new Set(), option: null, isPastOptions: false }
  for (const word of words) place = step(place, word)
  return place
}

function step(place: Place, word: string): Place {
  const { command, path, option, isPastOptions, positionals, given } = place
  const isFlag = !isPastOptions && word.startsWith('-') && word !== '-'
  if (option !== null && !(option.isOptional && isFlag)) return { ...place, option: null }
  if (isFlag && word === '--') return { ...place, option: null, isPastOptions: true }
  if (isFlag) {
    const [name = word] = word.split('=')
    const found = findOption(command, name)
    const takesNext = found !== null && found.value !== null && !word.includes('=')
    return { ...place, option: takesNext ? found : null, given: new Set([...given, ...(found?.names ?? [name])]) }
  }
  const sub = positionals === 0 ? command.commands.find(({ name }) => name === word) : undefined
  if (sub === undefined) return { ...place, option: null, positionals: positionals + 1 }
  return { ...place, option: null, command: sub, path: [...path, word], given: new Set() }
}

function findOption(command: CommandShape, name: string): OptionShape | null {
  return command.options.find(({ names }) => names.includes(name)) ?? null
}

function completeWord(root: CommandShape, { command, path, positionals }: Place, typed: string): Completion {
  const takesCommand = positionals === 0 && (command.commands.length > 0 || path.join(' ') === 'help')
  const commands = takesCommand ? (path.join(' ') === 'help' ? root : command).commands : []
  const argument = command.arguments[positionals] ?? lastVariadic(command.arguments)
  const values = argument === null ? { choices: [], kinds: [] } : valuesOf(path, argument)
  const words = of(typed, '', values)
  const named = commands.map(({ name, summary }) => ({ value: name, description: summary }))
  return { ...words, candidates: [...startingWith(named, typed), ...words.candidates] }
}

function lastVariadic(all: readonly ArgumentShape[]): ArgumentShape | null {
  const last = all.at(-1)
  return last?.isVariadic === true ? last : null
}

function flagsOf({ command, given }: Place, typed: string): Candidate[] {
  const free = command.options.filter(({ names }) => !names.some((name) => given.has(name)))
  const flags = free.flatMap(({ names, description }) => {
    // The long form says what it is; the short one only when it is being typed.
    const shown = typed.startsWith('--') || typed === '-' ? names.filter((name) => name.startsWith('--')) : names
    return shown.map((value) => ({ value, description }))
  })
  return startingWith(flags, typed)
}

interface Values {
  readonly choices: readonly string[]
  readonly kinds: readonly ValueKind[]
}

function of(typed: string, before: string, { choices, kinds }: Values): Completion {
  const candidates = startingWith(
    choices.map((value) => ({ value, description: '' })),
    typed,
  )
  return { typed, before, candidates, kinds }
}

function nothing(typed: string): Completion {
  return { typed, before: '', candidates: [], kinds: [] }
}

function startingWith(candidates: readonly Candidate[], typed: string): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(typed))
}

// ---- what stands for what ----

const kindsByOption: Readonly<Record<string, readonly ValueKind[]>> = {
  '--env': ['environment'],
  '--manifest': ['manifest'],
  '--against': ['manifest'],
  '--spool': ['folder'],
}

/** By the command and the flag, where one flag means different things. */
const kindsByCommand: Readonly<Record<string, readonly ValueKind[]>> = {
  'validate --explain': ['code'],
  'lint --explain': ['rule'],
}

function kindsOfOption({ path }: Place, { names, value }: OptionShape): readonly ValueKind[] {
  const long = names.find((name) => name.startsWith('--')) ?? ''
  const own = kindsByCommand[`${path.join(' ')} ${long}`] ?? kindsByOption[long]
  if (own !== undefined) return own
  if (value === 'folder') return ['folder']
  return value === 'file' ? ['file'] : []
}

/** By the command and the name of the argument in its help. */
const kindsByArgument: Readonly<Record<string, readonly ValueKind[]>> = {
  'validate file': ['manifest'],
  'lint file': ['manifest'],
  'diff from': ['environment', 'manifest'],
  'diff to': ['environment', 'manifest'],
  'promote from': ['environment'],
  'promote to': ['environment'],
  'providers show type': ['provider'],
  'providers check name': ['provider'],
  'schema name': ['schema'],
}

const kindsByName: Readonly<Record<string, readonly ValueKind[]>> = {
  capture: ['file'],
  file: ['file'],
  folder: ['folder'],
  plan: ['file'],
}

function valuesOf(path: readonly string[], { name, choices }: ArgumentShape): Values {
  return { choices, kinds: kindsByArgument[`${path.join(' ')} ${name}`] ?? kindsByName[name] ?? [] }
}
