import type { Scenario } from '../../schemas/index.ts'
import type { Context } from '../context.ts'
import { InvalidDocumentsError } from './documents.ts'
import { readText } from './files.ts'

/** Throws `CommandError` when the file cannot be read, `InvalidDocumentsError` when it is no scenario. */
export async function readScenario(context: Context, file: string): Promise<Scenario> {
  const text = await readText(context, file)
  const [{ readDocument }, { validateScenario }] = await Promise.all([
    import('../../gateway/core/manifest/document.ts'),
    import('../../schemas/validate-scenario.ts'),
  ])
  const { value, diagnostics } = readDocument(text, { file, variables: null, validate: validateScenario })
  if (value === null) throw new InvalidDocumentsError(diagnostics, new Map([[file, text]]))
  return value
}
