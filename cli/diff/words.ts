/** Values of a manifest as a person reads them in a sentence. Whatever could be a secret is not repeated. */
import type { Fields, NormalRoute } from './normalise.ts'

const hidden = '(hidden)'

/** For messages. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'none'
  if (typeof value === 'string') return value === '' ? '""' : withoutUserinfo(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') return 'something that is no JSON'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(describe).join(', ')
  const members = Object.entries(value)
  const [only] = members
  if (members.length === 1 && only !== undefined && (only[0] === 'env' || only[0] === 'file')) {
    return `${only[0]} ${String(only[1])}`
  }
  return describeLimit(value) ?? `{${members.map(([key, member]) => `${key}: ${describe(member)}`).join(', ')}}`
}

/** `{requests: 60, per: minute}` → `60 requests per minute`. */
function describeLimit(value: object): string | null {
  if (!('per' in value)) return null
  const { per, ...amounts } = value
  const parts = Object.entries(amounts).map(([unit, amount]) => `${String(amount)} ${unit}`)
  return `${parts.join(', ')} per ${String(per)}`
}

/** For `before` and `after`: the value, with what might be a secret taken out. */
export function redact(value: unknown, path: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((item) => redact(item, path))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redact(member, [...path, key])]))
  }
  if (typeof value !== 'string') return value
  return isLiteralHeader(path) ? hidden : withoutUserinfo(value)
}

/** A header of a connection may hold a key written as plain text; a `match` on a header is routing and is shown. */
export function isLiteralHeader(path: readonly string[]): boolean {
  const index = path.lastIndexOf('headers')
  return index !== -1 && index === path.length - 2 && path[index - 1] !== 'match'
}

function withoutUserinfo(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, `$1${hidden}@`)
}

/** `gpt-4o-mini → 60 % anthropic/claude-haiku-4-5, 40 % openai/gpt-4o-mini, then ollama/llama-3.1`. */
export function describeRoute(route: NormalRoute): string {
  const match = route.fields['match']
  const conditions = typeof match === 'object' && match !== null ? Object.entries(match) : []
  const from = conditions.map(([key, value]) => (key === 'model' ? describe(value) : `${key} ${describe(value)}`))
  const weights = route.targets.map(({ fields }) => Number(fields['weight'] ?? 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const isShared = route.fields['strategy'] === 'weighted' && route.targets.length > 1
  const to = route.targets.map(({ key }, index) => (isShared ? `${percent(weights[index] ?? 0, total)} ${key}` : key))
  const then = route.fallbacks.map((fallback) => `then ${fallback}`)
  return `${from.length === 0 ? 'any request' : from.join(', ')} → ${[...to, ...then].join(', ')}`
}

/** `input $0.15, output $0.6 per million tokens, context 128000`. */
export function describeModel(facts: Fields): string {
  const { context_window: contextWindow, usd_per_million: price, ...rest } = facts
  const parts: string[] = []
  if (typeof price === 'object' && price !== null) {
    const prices = Object.entries(price).map(([what, usd]) => `${what} $${describe(usd)}`)
    parts.push(`${prices.join(', ')} per million tokens`)
  }
  if (contextWindow !== undefined) parts.push(`context ${describe(contextWindow)}`)
  return [...parts, ...Object.entries(rest).map(([name, value]) => `${name} ${describe(value)}`)].join(', ')
}

function percent(part: number, whole: number): string {
  return `${Number(((whole === 0 ? 0 : part / whole) * 100).toFixed(1))} %`
}

/** 1 → `1st`. */
export function ordinal(position: number): string {
  const lastTwo = position % 100
  const suffix = lastTwo >= 11 && lastTwo <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][position % 10] ?? 'th')
  return `${position}${suffix}`
}
