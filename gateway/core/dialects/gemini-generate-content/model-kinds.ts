/** The kinds of models that the rows of the loss table tell apart, for documents. */
import type { ModelKind } from '../dialect.ts'
import { generations } from './models.ts'

const families = ['flash', 'flash-lite', 'pro'] as const

function versionText([major, minor]: readonly [number, number]): string {
  return minor === 0 ? `${major}` : `${major}.${minor}`
}

/** Newer generations stand first there; here the oldest of a family does. Rows for any family bound those of each. */
function kindsOf(family: string): ModelKind[] {
  const rows = generations.filter((row) => row.family === family || row.family === null)
  const versions = rows.map(({ from }) => versionText(from))
  return versions
    .map((from, index) => ({
      family: `gemini ${family}`,
      from,
      before: versions[index - 1] ?? null,
      model: from === '4' ? 'gemini-4-argon' : `gemini-${from === '1' ? '2.0' : from}-${family}`,
    }))
    .toReversed()
}

export const modelKinds: readonly ModelKind[] = [
  ...families.flatMap(kindsOf),
  { family: 'gemini models that draw or speak', from: null, before: null, model: 'gemini-3-pro-image' },
  { family: 'models of other names', from: null, before: null, model: '' },
]
