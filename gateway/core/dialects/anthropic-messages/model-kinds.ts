/** The kinds of models that the rows of the loss table tell apart, for documents. */
import type { ModelKind } from '../dialect.ts'
import { generations } from '../../models/claude.ts'

/** Newer generations stand first there; here the oldest of a family does. */
function kindsOf(family: string): ModelKind[] {
  const versions = generations.filter(({ families }) => families.includes(family)).map(({ from }) => from)
  return versions
    .map(([major, minor], index) => {
      const next = versions[index - 1]
      return {
        family: `claude-${family}`,
        from: `${major}.${minor}`,
        before: next === undefined ? null : next.join('.'),
        model: `claude-${family}-${major}-${minor}`,
      }
    })
    .toReversed()
}

const families = [...new Set(generations.flatMap((generation) => generation.families))]

export const modelKinds: readonly ModelKind[] = [
  ...families.toSorted().flatMap(kindsOf),
  { family: 'models of other names', from: null, before: null, model: '' },
]
