import { expect, test } from 'vitest'
import { readManifest } from '../read.ts'

const read = (text: string) => readManifest(text, { file: 'routes.yaml', variables: {} })

test.each([
  ['a tag and the name of a model', 'models:\n  !Bearer DoNotShow0123456789abcdef#x/gpt-4o: {context_window: 1}\n'],
  ['a connection and a model', 'models:\n  ? "Bearer DoNotShow0123/456789abcdef"\n  : {context_window: 1}\n'],
  ['a key of a mapping', 'Bearer DoNotShow0123456789abcdef: 1\n'],
])('a key that YAML, or a name, cuts into %s is found, and no part of it is told', (_what, text) => {
  const { diagnostics } = read(text)
  expect(diagnostics.map(({ code }) => code)).toContain('literal-secret')
  expect(JSON.stringify(diagnostics)).not.toContain('DoNotShow')
})
