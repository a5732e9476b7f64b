/**
 * What the models of a generation take: what their guides say
 * (https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/guides, read 2026-11-24), and what users were
 * refused (issues 1609 of googleapis/js-genai, 867 of googleapis/python-genai, 1052 of Zoo-Code-Org/Zoo-Code, 63 of
 * PublicAffairs/openai-gemini). A name without a version is taken for a model that takes most things and thinks not.
 */

export type Level = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH'

export interface ModelRules {
  /** null: thinking cannot be set. */
  readonly thinks: 'budget' | 'level' | null
  readonly levels: readonly Level[]
  readonly leastBudget: number
  readonly greatestBudget: number
  readonly canStopThinking: boolean
  readonly samples: boolean
  readonly mostCandidates: number
  readonly penalties: boolean
  readonly logprobs: boolean
  readonly toolsBesideJson: boolean
  readonly signs: boolean
  readonly prefill: boolean
  readonly mostTokens: number
}

const usual: ModelRules = {
  thinks: null,
  levels: [],
  leastBudget: 0,
  greatestBudget: 0,
  canStopThinking: true,
  samples: true,
  mostCandidates: 8,
  penalties: true,
  logprobs: true,
  toolsBesideJson: false,
  signs: false,
  prefill: true,
  mostTokens: 65_536,
}

export function rulesFor(model: string): ModelRules {
  const [, major, minor = '0', family = ''] = /gemini-(\d+)(?:\.(\d+))?-?(flash-lite|[a-z]*)/.exec(model) ?? []
  if (major === undefined) return usual
  const version = Number(major) * 100 + Number(minor)
  if (version < 205) return { ...usual, mostTokens: 8192 }
  if (version < 300) return budgetRules(family)
  const rules = levelRules(version, family)
  // Models that draw neither think on demand nor insist on signatures.
  return model.includes('-image') ? { ...rules, thinks: null, signs: false } : rules
}

function budgetRules(family: string): ModelRules {
  const isPro = family === 'pro'
  return {
    ...usual,
    thinks: 'budget',
    leastBudget: isPro ? 128 : family === 'flash-lite' ? 512 : 1,
    greatestBudget: isPro ? 32_768 : 24_576,
    canStopThinking: !isPro,
  }
}

function levelRules(version: number, family: string): ModelRules {
  const isLate = version >= 400 || (family === 'flash' && version >= 306) || (family === 'flash-lite' && version >= 305)
  return {
    ...usual,
    thinks: 'level',
    levels: levelsOf(version, family),
    samples: !isLate,
    prefill: !isLate,
    mostCandidates: 1,
    penalties: false,
    logprobs: false,
    toolsBesideJson: true,
    signs: true,
  }
}

function levelsOf(version: number, family: string): readonly Level[] {
  if (family === 'pro' && version === 300) return ['LOW', 'HIGH']
  if (family === 'pro' || version >= 400 || (family === 'flash' && version >= 307)) return ['LOW', 'MEDIUM', 'HIGH']
  return ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']
}
