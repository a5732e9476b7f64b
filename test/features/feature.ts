/** What a feature is: a request, and how to tell from what came out whether a provider gets and gives it. */
import type { Actor } from './actor.ts'

export const featureGroups = [
  'Conversation',
  'Tools',
  'Shape of the answer',
  'Images, audio and files',
  'Reasoning',
  'Length and sampling',
  'Account',
  'Usage',
  'Failures',
  'Embeddings',
] as const

export type FeatureGroup = (typeof featureGroups)[number]

/**
 * exact, approximated, dropped and refused as in the loss table; absent: the provider does not give it, whatever it is
 * asked for, so that nothing was lost on the way.
 */
export type Verdict = 'exact' | 'approximated' | 'dropped' | 'refused' | 'absent'

export interface Observed {
  readonly verdict: Verdict
  /** Half a sentence; empty where there is nothing to say. */
  readonly how: string
}

export interface Feature {
  readonly group: FeatureGroup
  /** Heads a column. */
  readonly title: string
  /** Rows of the loss table that it hangs on: what was observed must be the worst of them. None: no row speaks of it. */
  readonly parts: readonly string[]
  /** Throws when what came out is none of the verdicts: a part that is lost without being told, above all. */
  readonly observe: (actor: Actor) => Promise<Observed>
}

export const exact: Observed = { verdict: 'exact', how: '' }

export function absent(how: string): Observed {
  return { verdict: 'absent', how }
}
