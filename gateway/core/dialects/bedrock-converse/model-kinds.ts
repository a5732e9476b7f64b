/** The kinds of models that the rows of the loss table tell apart, for documents. */
import { generations } from '../../models/claude.ts'
import type { ModelKind } from '../dialect.ts'
import { families } from './models.ts'

/** Newer generations stand first there; here the oldest of a family does. */
function kindsOf(family: string): ModelKind[] {
  const versions = generations.filter((generation) => generation.families.includes(family)).map(({ from }) => from)
  return versions
    .map(([major, minor], index) => ({
      family: `anthropic.claude-${family}`,
      from: `${major}.${minor}`,
      before: versions[index - 1]?.join('.') ?? null,
      model: `anthropic.claude-${family}-${major}-${minor}`,
    }))
    .toReversed()
}

const claudes = [...new Set(generations.flatMap((generation) => generation.families))].toSorted()

export const modelKinds: readonly ModelKind[] = [
  ...families.map(({ name, model }) => ({ family: name, from: null, before: null, model })),
  { family: 'Claude before 3', from: null, before: null, model: 'anthropic.claude-v2:1' },
  ...claudes.flatMap(kindsOf),
  { family: 'models that an ARN hides', from: null, before: null, model: '' },
]
