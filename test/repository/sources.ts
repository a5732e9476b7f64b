/** What the suites about the repository share: where it is, which files it holds, and their syntax. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSync } from '@swc/core'

export const repositoryRoot = path.resolve(import.meta.dirname, '../..')

/** Paths of our own TypeScript files below `patterns`, relative to the root, sorted; generated code is left out. */
export function sourceFiles(...patterns: string[]): string[] {
  return globSync(patterns, { cwd: repositoryRoot })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => !/(^|\/)(node_modules|dist|generated)\//.test(file))
    .toSorted()
}

export function isTest(file: string): boolean {
  return /\.test\.ts$|(^|\/)(testing|__fixtures__)\/|^(test|bench|examples)\//.test(file)
}

export function readText(file: string): string {
  return readFileSync(path.join(repositoryRoot, file), 'utf8')
}

export interface SyntaxNode {
  readonly type: string
  readonly [key: string]: unknown
}

/** Every node of a file's syntax tree, depth first. Comments are not in it, so words in them do not count. */
export function* syntaxNodes(text: string): Generator<SyntaxNode> {
  yield* walk(parseSync(text, { syntax: 'typescript', target: 'es2024' }))
}

function* walk(value: unknown): Generator<SyntaxNode> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item)
    return
  }
  if (typeof value !== 'object' || value === null) return
  if ('type' in value && typeof value.type === 'string') yield value as SyntaxNode
  for (const child of Object.values(value)) yield* walk(child)
}
