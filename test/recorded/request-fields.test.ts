/** OpenAI's own description of a request against the parts that the loss tables have rows for. */
import { expect, it } from 'vitest'
import { requestFields } from '../../gateway/core/chat/request-fields.ts'
import { missingFixtures, readContract } from './fixtures.ts'

interface Definition {
  readonly properties?: Readonly<Record<string, unknown>>
  readonly allOf?: readonly (Definition & { readonly $ref?: string })[]
}

function propertiesOf(name: string): string[] {
  const { $defs } = readContract() as { $defs: Readonly<Record<string, Definition>> }
  const collect = (definition: Definition): string[] => [
    ...Object.keys(definition.properties ?? {}),
    ...(definition.allOf ?? []).flatMap((part) =>
      part.$ref === undefined ? collect(part) : propertiesOf(part.$ref.replace('#/$defs/', '')),
    ),
  ]
  return collect($defs[name] ?? {})
}

it.skipIf(missingFixtures !== null)(`every field OpenAI has stands in the loss tables ${missingFixtures ?? ''}`, () => {
  const asked = new Set(propertiesOf('CreateChatCompletionRequest'))
  expect(asked.size).toBeGreaterThan(30)
  asked.delete('model')
  // These are told apart by what they hold: `tool_choice[none]`, `messages[].name` …
  const covered = new Set(requestFields.map((field) => field.replace(/\[.*/, '')))
  expect([...asked].filter((field) => !covered.has(field))).toEqual([])
})
