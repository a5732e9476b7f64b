/**
 * A vendor's name in a decision is how a gateway's routing turns into a list of special cases. Provider ids are
 * literals only where providers are described, where documents are defined, and where something is tried out.
 */
import { describe, expect, it } from 'vitest'
import { isTest, readText, sourceFiles, syntaxNodes } from './sources.ts'

const schema = JSON.parse(readText('schemas/routes.schema.json')) as { $defs: { ProviderId: { enum: string[] } } }
const providerIds = new Set(schema.$defs.ProviderId.enum)

/** Where the ids are at home. The simulators play vendors, so they are named after them. */
const home = /^(gateway\/core\/providers|gateway\/simulators|schemas)\//

/** Provider ids that stand in `text` as a whole string. Longer texts, such as a command's help, may name one. */
function namedProviders(text: string): string[] {
  const found: string[] = []
  // The name of a package that is imported names no provider, even where a vendor gave both the same name.
  const withoutImports = text.replaceAll(/(\bfrom\s+|\bimport\(\s*)(['"])[^'"]+\2/g, '$1$2$2')
  for (const node of syntaxNodes(withoutImports)) {
    if (node.type !== 'StringLiteral' && node.type !== 'TemplateElement') continue
    const value = node[node.type === 'StringLiteral' ? 'value' : 'cooked']
    if (typeof value === 'string' && providerIds.has(value)) found.push(value)
  }
  return found
}

describe('provider ids', () => {
  const files = sourceFiles('{bin,cli,gateway,tools}/**/*.{ts,cjs}').filter((file) => !isTest(file) && !home.test(file))

  it('knows at least the seventeen built-in ids', () => {
    expect(providerIds.size).toBeGreaterThanOrEqual(17)
    expect(files.length).toBeGreaterThan(10)
  })

  it.each(["const x = 'openai'", 'const x = `groq`', "const x = { 'azure-openai': 1 }", "if (id === 'bedrock') run()"])(
    'sees the id in: %s',
    (text) => {
      expect(namedProviders(text)).toHaveLength(1)
    },
  )

  it.each([
    "// 'openai' is a provider",
    "import x from 'openai'",
    "await import('openai')",
    "const x = 'openai-chat'",
    'const openai = 1',
    "import x from './openai.ts'",
  ])('sees none in: %s', (text) => {
    expect(namedProviders(text)).toEqual([])
  })

  it('stand nowhere else', () => {
    const offending = files.flatMap((file) => namedProviders(readText(file)).map((id) => ({ file, id })))
    expect(offending).toEqual([])
  })
})
