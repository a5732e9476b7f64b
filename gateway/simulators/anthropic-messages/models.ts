/**
 * What one generation of models takes and the next refuses. From the pages "Troubleshooting thinking", "Errors" and
 * "Mid-conversation system messages" of the Claude platform's documentation, and from refusals that users reported (searched 2026-11-23). A name
 * that is none of Anthropic's counts as the generation 4.5, which the product note's routes call.
 */
export interface ModelRules {
  /** Temperature, top_p and top_k may differ from their defaults. */
  readonly samples: boolean
  /** Temperature or top_p, not both. */
  readonly samplesOneWay: boolean
  readonly thinking: readonly ('enabled' | 'adaptive')[]
  /** The conversation may end with an assistant message, which the answer goes on with. */
  readonly prefill: boolean
  readonly effort: boolean
  /** Messages with the role `system` after a user's. */
  readonly systemTurns: boolean
  readonly maxOutputTokens: number
}

interface Generation {
  readonly family: string
  readonly version: number
}

export function rulesFor(model: string): ModelRules {
  const { family, version } = generationOf(model)
  return {
    samples: version < 4.7,
    samplesOneWay: version >= 4.1,
    thinking: thinkingOf(version),
    prefill: version < 4.6,
    effort: version >= 4.6 || (family === 'opus' && version === 4.5),
    systemTurns: version > 5 || (version >= 4.8 && family !== 'sonnet'),
    maxOutputTokens: outputOf(family, version),
  }
}

/** `claude-haiku-4-5-20251001`, `claude-opus-5`, `claude-3-5-sonnet-20241022`. */
function generationOf(model: string): Generation {
  const newer = /claude-([a-z]+)-(\d+)(?:-(\d)(?!\d))?/.exec(model)
  const older = /claude-(\d)(?:-(\d))?-([a-z]+)/.exec(model)
  if (newer !== null) return { family: newer[1] ?? '', version: Number(`${newer[2] ?? ''}.${newer[3] ?? 0}`) }
  if (older !== null) return { family: older[3] ?? '', version: Number(`${older[1] ?? ''}.${older[2] ?? 0}`) }
  return { family: '', version: 4.5 }
}

function thinkingOf(version: number): ModelRules['thinking'] {
  if (version < 3.7) return []
  if (version < 4.6) return ['enabled']
  return version < 4.7 ? ['enabled', 'adaptive'] : ['adaptive']
}

function outputOf(family: string, version: number): number {
  if (version < 3.5) return 4_096
  if (version < 3.7) return 8_192
  if (family === 'opus' && version < 4.5) return 32_000
  return version < 4.6 ? 64_000 : 128_000
}
