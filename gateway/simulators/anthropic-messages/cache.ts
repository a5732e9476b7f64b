/**
 * The prompt cache: what stands before a `cache_control` mark is written the first time and read the next. Prompts
 * shorter than 1,024 tokens are not cached (documentation page "Prompt caching", read 2026-11-23). Nothing expires.
 */
import type { Json } from '../answers/ask.ts'
import { isJson } from '../answers/ask.ts'
import { countTokens } from '../answers/text.ts'
import { hashText } from '../draw.ts'
import { refuse } from './shape.ts'

export interface CacheUse {
  readonly readTokens: number
  readonly writtenTokens: number
}

const shortestTokens = 1_024
const mostMarks = 4

interface Prefix {
  readonly hash: number
  readonly tokens: number
}

/** `blocks` are all parts of a prompt in the order the cache sees them: tools, system, messages. */
export function useCache(known: Set<number>, blocks: readonly Json[], marksLast: boolean): CacheUse {
  const prefixes = prefixesOf(blocks, marksLast).filter(({ tokens }) => tokens >= shortestTokens)
  const readTokens = Math.max(0, ...prefixes.filter(({ hash }) => known.has(hash)).map(({ tokens }) => tokens))
  const wholeTokens = prefixes.at(-1)?.tokens ?? 0
  for (const { hash } of prefixes) known.add(hash)
  return { readTokens, writtenTokens: wholeTokens - readTokens }
}

/** Throws `Refused`. */
export function checkMarks(blocks: readonly Json[]): void {
  const marks = blocks.filter(isMarked).length
  if (marks <= mostMarks) return
  refuse('messages', `A maximum of ${mostMarks} blocks with cache_control may be provided. Found ${marks}.`)
}

function prefixesOf(blocks: readonly Json[], marksLast: boolean): readonly Prefix[] {
  const prefixes: Prefix[] = []
  let hash = 0
  let characters = 0
  for (const [index, block] of blocks.entries()) {
    const { cache_control: mark, ...rest } = block
    const text = JSON.stringify(rest)
    hash = hashText(text, hash)
    characters += text.length
    if (isJson(mark) || (marksLast && index === blocks.length - 1)) {
      prefixes.push({ hash, tokens: countTokens(characters) })
    }
  }
  return prefixes
}

function isMarked(block: Json): boolean {
  return isJson(block['cache_control'])
}
