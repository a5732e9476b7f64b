/** What the linter cannot express about gateway/core: the ways a decision could still depend on when it is asked. */
import { describe, expect, it } from 'vitest'
import { isTest, readText, sourceFiles, syntaxNodes, type SyntaxNode } from './sources.ts'

/** `new Date()`, `new Date` and `Date()` read the clock; with arguments they only convert. */
function readsClock(node: SyntaxNode): boolean {
  const callee = node['callee'] as SyntaxNode | undefined
  if (callee?.type !== 'Identifier' || callee['value'] !== 'Date') return false
  if (node.type === 'CallExpression') return true
  const given = node['arguments'] as readonly unknown[] | null | undefined
  return node.type === 'NewExpression' && (given ?? []).length === 0
}

/** A variable of the module itself: whoever calls second gets another answer than whoever called first. */
function remembersBetweenCalls(text: string): boolean {
  const [module] = syntaxNodes(text)
  const statements = (module?.['body'] ?? []) as readonly SyntaxNode[]
  return statements.some((statement) => {
    const declaration = statement.type === 'ExportDeclaration' ? (statement['declaration'] as SyntaxNode) : statement
    return declaration.type === 'VariableDeclaration' && declaration['kind'] !== 'const'
  })
}

const clockReaders = (text: string): number => [...syntaxNodes(text)].filter(readsClock).length

describe('gateway/core is pure', () => {
  const files = sourceFiles('gateway/core/**/*.ts').filter((file) => !isTest(file))

  it('finds the files', () => {
    expect(files.length).toBeGreaterThan(10)
  })

  it.each(['const at = new Date()', 'const at = new Date', 'const text = Date()'])('sees the clock in: %s', (text) => {
    expect(clockReaders(text)).toBe(1)
  })

  it.each(['const at = new Date(1)', "const ms = Date.parse('2026-08-01')", '// new Date()'])(
    'sees no clock in: %s',
    (text) => {
      expect(clockReaders(text)).toBe(0)
    },
  )

  it.each(['let count = 0', 'export let count = 0', 'var count = 0'])('sees memory in: %s', (text) => {
    expect(remembersBetweenCalls(text)).toBe(true)
  })

  it.each(['const count = 0', 'function f() { let count = 0 }', 'export const x = 1'])(
    'sees no memory in: %s',
    (text) => {
      expect(remembersBetweenCalls(text)).toBe(false)
    },
  )

  it('reads no clock', () => {
    expect(files.filter((file) => clockReaders(readText(file)) > 0)).toEqual([])
  })

  it('keeps nothing in its modules', () => {
    expect(files.filter((file) => remembersBetweenCalls(readText(file)))).toEqual([])
  })
})
