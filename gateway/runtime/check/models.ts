/** Lists of models, as providers give them: which names are on one, read as loosely as they are written. */
import { isRecord, parseJson } from '../../core/chat/loose.ts'
import type { ModelList } from '../../core/providers/provider.ts'

/** The names on the list; null when the text holds no such list. */
export function readModels(body: string, list: ModelList): ReadonlySet<string> | null {
  const reply = parseJson(body)
  // Where the reply is said to be the list, some servers wrap it all the same.
  const entries = Array.isArray(reply) ? reply : isRecord(reply) ? reply[list.key ?? 'data'] : undefined
  if (!Array.isArray(entries)) return null
  const names = new Set<string>()
  for (const entry of entries) {
    const name: unknown = isRecord(entry) ? entry[list.name] : undefined
    if (typeof name === 'string') names.add(name)
  }
  return names
}

/** Is the model of a target on the list? */
export function isListed(model: string, names: ReadonlySet<string>, { prefix = '', suffix = '' }: ModelList): boolean {
  return [model, prefix + model, model + suffix].some((spelling) => names.has(spelling))
}
