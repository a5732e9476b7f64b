import { describe, expect, it } from 'vitest'
import { modelKinds } from './model-kinds.ts'
import type { ModelTraits } from './models.ts'
import { nearestLevel, traitsOf } from './models.ts'

/** How it thinks, and what else it takes: s(ampling), n, p(enalties), j(son beside tools), v(alidated), c(alls signed), l(ast). */
function lettersOf(traits: ModelTraits): string {
  const { sampling, severalAnswers, penalties, toolsBesideJson, validatesCalls, signsCalls, prefill } = traits
  const all = {
    s: sampling,
    n: severalAnswers,
    p: penalties,
    j: toolsBesideJson,
    v: validatesCalls,
    c: signsCalls,
    l: prefill,
  }
  return Object.entries(all)
    .map(([letter, has]) => (has ? letter : '-'))
    .join('')
}

function thinkingOf({ thinking }: ModelTraits): string {
  if (thinking === null) return 'none'
  if ('least' in thinking) return `${thinking.least} to ${thinking.greatest}${thinking.canBeOff ? ' or 0' : ''}`
  return thinking.map((level) => level[0]).join('')
}

const rows: readonly (readonly [name: string, thinking: string, rest: string])[] = [
  ['gemini-1.5-pro-002', 'none', 'snp---l'],
  ['gemini-2.0-flash', 'none', 'snp---l'],
  ['gemini-2.0-flash-lite-001', 'none', 'snp---l'],
  ['gemini-2.5-pro', '128 to 32768', 'snp-v-l'],
  ['models/gemini-2.5-flash', '1 to 24576 or 0', 'snp-v-l'],
  ['gemini-2.5-flash-preview-09-2025', '1 to 24576 or 0', 'snp-v-l'],
  ['gemini-2.5-flash-lite', '512 to 24576 or 0', 'snp-v-l'],
  ['gemini-3-pro-preview', 'LH', 's--jvcl'],
  ['gemini-3.1-pro-preview-customtools', 'LMH', 's--jvcl'],
  ['gemini-3-flash-preview', 'MLMH', 's--jvcl'],
  ['gemini-3.5-flash', 'MLMH', 's--jvcl'],
  ['gemini-3.1-flash-lite', 'MLMH', 's--jvcl'],
  ['gemini-3.5-flash-lite', 'MLMH', '---jvc-'],
  ['gemini-3.6-flash', 'MLMH', '---jvc-'],
  ['gemini-3.7-flash', 'LMH', '---jvc-'],
  ['gemini-3.8-flash', 'LMH', '---jvc-'],
  ['gemini-4-argon', 'LMH', '---jvc-'],
  // Of tomorrow, or without a version: as carefully as the newest.
  ['gemini-5.2-neon', 'LMH', '---jvc-'],
  ['gemini-3.9-krypton', 'LMH', '---jvc-'],
  ['gemini-flash-latest', 'LMH', '---jvc-'],
  // They draw or speak.
  ['gemini-2.5-flash-image', 'none', '---jv--'],
  ['gemini-3-pro-image-preview', 'none', '---jv--'],
  ['gemini-2.5-pro-preview-tts', 'none', '---jv--'],
  // Not the maker's own closed ones.
  ['gemma-3-27b-it', 'none', 's-p----'],
  ['a-model', 'none', 's-p----'],
]

describe('traits of a model', () => {
  it.each(rows)('%s', (name, thinking, rest) => {
    const traits = traitsOf(name)
    expect([thinkingOf(traits), lettersOf(traits)]).toEqual([thinking, rest])
  })

  it('are the same object for models that are alike', () => {
    expect(traitsOf('gemini-3.8-flash')).toBe(traitsOf('gemini-3.7-flash-001'))
    expect(traitsOf('gemini-2.5-flash')).toBe(traitsOf('gemini-2.5-flash-preview-05-20'))
  })
})

describe('kinds of models, for documents', () => {
  it('are bounded by each other, and each names one of its own', () => {
    expect(modelKinds.filter(({ family }) => family === 'gemini flash')).toEqual([
      { family: 'gemini flash', from: '1', before: '2.5', model: 'gemini-2.0-flash' },
      { family: 'gemini flash', from: '2.5', before: '3', model: 'gemini-2.5-flash' },
      { family: 'gemini flash', from: '3', before: '3.6', model: 'gemini-3-flash' },
      { family: 'gemini flash', from: '3.6', before: '3.7', model: 'gemini-3.6-flash' },
      { family: 'gemini flash', from: '3.7', before: '4', model: 'gemini-3.7-flash' },
      { family: 'gemini flash', from: '4', before: null, model: 'gemini-4-argon' },
    ])
    const traits = modelKinds.map(({ model }) => traitsOf(model))
    // Two families share their first and their last generation with the third.
    expect(new Set(traits).size).toBe(13)
  })
})

describe('the nearest level', () => {
  it('is not above the one asked for, if there is such a one', () => {
    expect(nearestLevel(['LOW', 'HIGH'], 'MEDIUM')).toBe('LOW')
    expect(nearestLevel(['LOW', 'HIGH'], 'HIGH')).toBe('HIGH')
    expect(nearestLevel(['LOW', 'MEDIUM', 'HIGH'], 'MINIMAL')).toBe('LOW')
  })
})
