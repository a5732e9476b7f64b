/**
 * So that one mistake does not hide the next: brings a value that its grammar refuses into a shape that can be checked.
 * A misspelt key is read as the one that was meant, what cannot be read is taken out, and what is missing is made up.
 * Nothing made here is ever used; only problems with what really stands in the text are kept.
 */
import type { ValidationProblem, ValidationResult } from '../../../schemas/index.ts'
import { type DocumentPath, PathSet, closest } from './diagnostics.ts'

export interface Repair<Value> {
  /** null: too little is left. */
  readonly value: Value | null
  /** What the grammar has against it, at its place in the text. */
  readonly problems: readonly GrammarProblem[]
  /** From a path of `value` to the one in the text; null for what was made up. */
  readonly placeOf: (path: DocumentPath) => DocumentPath | null
  /** Was there something of this name that had to be taken out? */
  readonly isLost: (name: string) => boolean
}

export interface GrammarProblem {
  readonly problem: ValidationProblem
  /** A key that is misspelt: what stands under it is read, and has problems of its own. */
  readonly isRead: boolean
}

export interface RepairRequest<Value> {
  readonly validate: (value: unknown) => ValidationResult<Value>
  /** What may stand under a required key, by its name; for a list with one entry, that entry stands for any. */
  readonly stubs: Readonly<Record<string, unknown>>
}

/** What a misspelt key holds, and what is in that, comes to light one level a round. */
const mostRounds = 6

export function repair<Value>(
  value: unknown,
  problems: readonly ValidationProblem[],
  request: RepairRequest<Value>,
): Repair<Value> {
  const work = new Work(structuredClone(value), request.stubs)
  let found = problems
  for (let round = 0; round < mostRounds; round += 1) {
    work.mend(found)
    const result = request.validate(work.value)
    if (result.valid) return { value: result.value, ...work.facts() }
    found = result.problems
  }
  return { value: null, ...work.facts() }
}

class Work {
  readonly value: unknown
  readonly #told: GrammarProblem[] = []
  readonly #lost = new Set<string>()
  /** By the path in the text: where in `#told`. */
  readonly #toldAt = new Map<string, number>()
  readonly #stubs: Readonly<Record<string, unknown>>
  /** By the path it has now: the key as it stands in the text. */
  readonly #renamed = new Map<string, string>()
  readonly #madeUp = new Set<string>()
  /** What was told in earlier rounds: of what overlaps with it, there is no more to say. */
  readonly #toldBefore = new PathSet()
  readonly #readBefore = new PathSet()
  #remembered = 0

  constructor(value: unknown, stubs: Readonly<Record<string, unknown>>) {
    this.value = value
    this.#stubs = stubs
  }

  mend(problems: readonly ValidationProblem[]): void {
    for (const { problem, isRead } of this.#told.slice(this.#remembered)) {
      ;(isRead ? this.#readBefore : this.#toldBefore).add(pathOf(problem))
    }
    this.#remembered = this.#told.length
    const others = problems.filter((problem) => !this.#rename(problem))
    for (const problem of others) {
      // Already there under another spelling.
      if (problem.keyword === 'required' && this.#isRenamed(pathOf(problem))) continue
      this.#tell(problem, false)
      if (problem.keyword === 'required') this.#makeUp(pathOf(problem))
      else this.#takeOut(pathOf(problem))
    }
  }

  facts(): Omit<Repair<never>, 'value'> {
    return {
      problems: this.#told,
      placeOf: (path) => this.#placeOf(path),
      isLost: (name) => this.#lost.has(name),
    }
  }

  #placeOf(path: DocumentPath): DocumentPath | null {
    const isMadeUp = path.some((_, index) => this.#madeUp.has(JSON.stringify(path.slice(0, index + 1))))
    return isMadeUp ? null : this.#inText(path)
  }

  #inText(path: DocumentPath): DocumentPath {
    return path.map((segment, index) => this.#renamed.get(JSON.stringify(path.slice(0, index + 1))) ?? segment)
  }

  #isRenamed(path: DocumentPath): boolean {
    return this.#renamed.has(JSON.stringify(path))
  }

  #rename(problem: ValidationProblem): boolean {
    const { key, keyword, segments, knownKeys } = problem
    if (key === null || keyword !== 'additionalProperties') return false
    const parent = at(this.value, segments)
    const meant = closest(key, knownKeys)
    if (meant === null || !isRecord(parent) || Object.hasOwn(parent, meant)) return false
    this.#tell(problem, true)
    parent[meant] = parent[key]
    Reflect.deleteProperty(parent, key)
    this.#renamed.set(JSON.stringify([...segments, meant]), key)
    return true
  }

  /** What follows from a repair is no news. */
  #tell(problem: ValidationProblem, isRead: boolean): void {
    const path = pathOf(problem)
    if (this.#placeOf(path) === null) return
    if (this.#isRenamed(path) && (problem.keyword === 'type' || problem.keyword === 'required')) {
      this.#unread(path)
      return
    }
    const segments = this.#inText(problem.segments)
    const place = problem.key === null ? segments : [...segments, problem.key]
    if (this.#toldBefore.overlaps(place)) return
    if (!this.#readBefore.has(place) && this.#readBefore.hasBelow(place)) return
    this.#toldAt.set(JSON.stringify(place), this.#told.length)
    this.#told.push({ problem: { ...problem, segments }, isRead })
  }

  /** What stands under the misspelt key is of another kind than under the one it resembles. */
  #unread(path: DocumentPath): void {
    const place = this.#inText(path)
    const index = this.#toldAt.get(JSON.stringify(place))
    const told = index === undefined ? undefined : this.#told[index]
    if (index === undefined || told === undefined) return
    this.#told[index] = { ...told, isRead: false }
    this.#toldBefore.add(place)
  }

  #makeUp(path: DocumentPath): void {
    const key = String(path.at(-1))
    const parent = at(this.value, path.slice(0, -1))
    if (!isRecord(parent) || !Object.hasOwn(this.#stubs, key)) return
    parent[key] = structuredClone(this.#stubs[key])
    this.#madeUp.add(JSON.stringify(path))
  }

  /** Entries of lists stay, or the others would be counted wrongly: another takes the place, or the list goes. */
  #takeOut(path: DocumentPath): void {
    const parent = at(this.value, path.slice(0, -1))
    const last = path.at(-1)
    if (last === undefined) return
    if (!Array.isArray(parent)) {
      if (!isRecord(parent)) return
      const gone = parent[last]
      for (const name of [String(last), ...(isRecord(gone) ? Object.keys(gone) : [])]) this.#lost.add(name)
      Reflect.deleteProperty(parent, last)
      return
    }
    const entry: unknown = [this.#stubs[String(path.at(-2))]].flat()[0]
    if (entry === undefined) {
      this.#takeOut(path.slice(0, -1))
      return
    }
    parent[Number(last)] = structuredClone(entry)
    this.#madeUp.add(JSON.stringify(path))
  }
}

export function pathOf({ segments, key }: ValidationProblem): DocumentPath {
  return key === null ? segments : [...segments, key]
}

function at(root: unknown, path: DocumentPath): unknown {
  let value = root
  for (const segment of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Object.getOwnPropertyDescriptor(value, segment)?.value
  }
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
