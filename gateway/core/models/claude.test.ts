import { describe, expect, it } from 'vitest'
import type { ModelTraits } from './claude.ts'
import { nearestEffort, traitsOf } from './claude.ts'

type Row = [string, number | null, ModelTraits['thinking'], ModelTraits['off'], ModelTraits['sampling'], string]

/** Name, greatest `max_tokens`, thinking, how it is left off, sampling, and what else: f(orced), s(chema), p(refill), m(iddle). */
const rows: readonly Row[] = [
  ['claude-3-haiku-20240307', 4096, 'none', 'omit', 'both', 'f-p-'],
  ['claude-3-5-sonnet-20241022', 8192, 'none', 'omit', 'both', 'f-p-'],
  ['claude-3-5-haiku-latest', 8192, 'none', 'omit', 'both', 'f-p-'],
  ['claude-3-7-sonnet-20250219', 64_000, 'budget', 'omit', 'both', 'f-p-'],
  ['claude-2.1', 4096, 'none', 'omit', 'both', 'f-p-'],
  ['claude-instant-1.2', 4096, 'none', 'omit', 'both', 'f-p-'],
  ['claude-sonnet-4-20250514', 64_000, 'budget', 'omit', 'one', 'f-p-'],
  ['claude-sonnet-4-0', 64_000, 'budget', 'omit', 'one', 'f-p-'],
  ['claude-opus-4-1-20250805', 32_000, 'budget', 'omit', 'one', 'f-p-'],
  ['claude-opus-4-20250514', 32_000, 'budget', 'omit', 'one', 'f-p-'],
  ['claude-haiku-4-5', 64_000, 'budget', 'omit', 'one', 'fsp-'],
  ['claude-haiku-4-5@20251001', 64_000, 'budget', 'omit', 'one', 'fsp-'],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 64_000, 'budget', 'omit', 'one', 'fsp-'],
  ['claude-opus-4-5-20251101', 64_000, 'budget', 'omit', 'one', 'fsp-'],
  ['claude-sonnet-4-6', 128_000, 'adaptive', 'omit', 'one', 'fs--'],
  ['claude-opus-4-6', 128_000, 'adaptive', 'omit', 'one', 'fs--'],
  ['claude-opus-4-7', 128_000, 'adaptive', 'omit', 'none', 'fs--'],
  ['claude-opus-4-8', 128_000, 'adaptive', 'omit', 'none', 'fs-m'],
  ['claude-sonnet-5', 128_000, 'adaptive', 'disabled', 'none', 'fs--'],
  ['claude-opus-5', 128_000, 'adaptive', 'disabled', 'none', 'fs-m'],
  ['claude-fable-5', 128_000, 'adaptive', 'never', 'none', 'fs-m'],
  ['claude-mythos-5-1', 128_000, 'adaptive', 'never', 'none', '-s-m'],
  ['claude-fable-5-2', 128_000, 'adaptive', 'never', 'none', '-s-m'],
  ['claude-opus-5-5', 128_000, 'adaptive', 'never', 'none', '-s-m'],
  ['claude-sonnet-5-5', 128_000, 'adaptive', 'between_tools', 'none', '-s-m'],
  ['claude-haiku-5-5', 128_000, 'adaptive', 'disabled', 'none', 'fs-m'],
  // Of tomorrow, or without a version: as carefully as the newest.
  ['claude-opus-6', 128_000, 'adaptive', 'never', 'none', '-s-m'],
  ['claude-epic-7', 128_000, 'adaptive', 'never', 'none', '-s--'],
  ['claude-mythos-preview', 128_000, 'adaptive', 'never', 'none', '-s--'],
  // Other makers' models.
  ['deepseek-chat', null, 'budget', 'disabled', 'both', 'f-p-'],
]

describe('what a model takes', () => {
  it.each(rows)('%s', (name, maxOutputTokens, thinking, off, sampling, rest) => {
    const traits = traitsOf(name)
    const letters = [traits.forcedTools, traits.structuredOutputs, traits.prefill, traits.systemTurns]
      .map((has, index) => (has ? 'fspm'[index] : '-'))
      .join('')
    expect({ ...traits, rest: letters }).toMatchObject({ maxOutputTokens, thinking, off, sampling, rest })
    expect(traitsOf(name.toUpperCase())).toBe(traits)
  })
})

describe('the nearest effort', () => {
  it.each([
    ['claude-opus-5', 'xhigh', 'xhigh'],
    ['claude-opus-4-6', 'xhigh', 'high'],
    ['claude-opus-4-6', 'max', 'max'],
    ['claude-opus-4-6', 'low', 'low'],
  ] as const)('of %s to %s is %s', (model, asked, expected) => {
    expect(nearestEffort(traitsOf(model), asked)).toBe(expected)
  })

  it('is none where there are none', () => {
    expect(nearestEffort(traitsOf('claude-haiku-4-5'), 'high')).toBeNull()
  })
})
