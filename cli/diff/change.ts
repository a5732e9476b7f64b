/** One difference between two manifests, by meaning. */
export type ChangeKind = 'added' | 'removed' | 'changed' | 'moved'

export type Subject =
  | 'route'
  | 'target'
  | 'fallback'
  | 'connection'
  | 'credential'
  | 'quota'
  | 'policy'
  | 'model'
  | 'setting'

export interface Change {
  readonly kind: ChangeKind
  readonly subject: Subject
  /** Where, by names rather than positions: `ai_routes.chat.targets.openai/gpt-4o-mini.weight`. */
  readonly path: string
  /** In a sentence, without the path: `weight 60 → 50`. */
  readonly message: string
  /** null: was not there. */
  readonly before: unknown
  /** null: is not there any more. */
  readonly after: unknown
  /** Of what is added where the order counts: its place there, from 1. Of what is moved, `after` is the place. */
  readonly position?: number
}

/** `ai_routes`, `a.b`, `targets` → `ai_routes["a.b"].targets`. */
export function joinPath(...names: readonly string[]): string {
  return names
    .map((name, index) => {
      if (!/^[\w/:@*-]+$/.test(name)) return `[${JSON.stringify(name)}]`
      return index === 0 ? name : `.${name}`
    })
    .join('')
}

/** The first names of a path made by `joinPath`: the thing that a change belongs to. */
export function splitPath(path: string): string[] {
  const names: string[] = []
  for (const [, quoted, bare] of path.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\.?([^.[]+)/g)) {
    if (quoted !== undefined) names.push(String(JSON.parse(quoted)))
    else if (bare !== undefined) names.push(bare)
  }
  return names
}
