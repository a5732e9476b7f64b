/** Chat and embeddings on one route: a candidate that answers the one only, where the route can only take the other. */
import type { ManifestRoute, RoutesManifest } from '../../../../schemas/index.ts'
import { embeddingsWireOf } from '../../embeddings/wire.ts'
import { chatWireOf } from '../../providers/provider.ts'
import { type DocumentPath, quote } from '../diagnostics.ts'
import { type TargetName, findConnection, splitTarget, toList } from '../references.ts'
import type { RoutePlace } from './match.ts'

interface Candidate {
  readonly name: string
  readonly path: DocumentPath
  readonly chats: boolean
  readonly embeds: boolean
}

/**
 * A route takes chat and embeddings alike, so a target may answer one of them and not the other. But where one candidate
 * has embeddings only and another chat only, no request could be served by both; and where the route asks for what only
 * chat requests have, a candidate with embeddings only could never serve.
 */
export function checkOperations(route: ManifestRoute, { manifest, path, report }: RoutePlace): void {
  const candidates = candidatesOf(route, manifest, path)
  const chatOnly = candidates.find(({ chats, embeds }) => chats && !embeds)
  const condition = chatCondition(route)
  for (const { name, path: place, chats } of candidates) {
    if (chats) continue
    if (condition !== null) {
      const message = `${quote(name)} has embeddings only, and \`match.${condition}\` takes chat requests only`
      const help = `take \`${condition}\` out of \`match\`, or name a provider that answers chat requests`
      report({ code: 'embeddings-only', path: place, message, help })
    } else if (chatOnly !== undefined) {
      const message = `${quote(name)} has embeddings only and ${quote(chatOnly.name)} has none: no request could be served by both`
      const help = 'give chat and embeddings a route each'
      report({ code: 'embeddings-only', path: place, message, help })
    }
  }
}

/** What embeddings requests never are: streamed, or with tools, images or a schema. */
function chatCondition({ match }: ManifestRoute): 'stream' | 'has' | null {
  if (match.stream === true) return 'stream'
  return match.has !== undefined && match.has.length > 0 ? 'has' : null
}

/** Those whose provider is known; what is wrong with the others is told elsewhere. */
function candidatesOf(route: ManifestRoute, manifest: RoutesManifest, path: DocumentPath): Candidate[] {
  const candidates: Candidate[] = []
  const add = (target: TargetName, place: DocumentPath): void => {
    const provider = findConnection(manifest, target.provider)?.provider
    if (provider === undefined) return
    const chats = chatWireOf(provider, target.model).dialect !== null
    const embeds = embeddingsWireOf(provider, target.model) !== null
    candidates.push({ name: target.provider, path: place, chats, embeds })
  }
  route.targets.forEach((target, index) => add(target, [...path, 'targets', index, 'provider']))
  toList(route.fallback).forEach((text, index) => {
    const target = splitTarget(text)
    if (target !== null)
      add(target, typeof route.fallback === 'string' ? [...path, 'fallback'] : [...path, 'fallback', index])
  })
  return candidates
}
