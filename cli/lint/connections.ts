/** What several rules ask about connections. */
import type { Connection } from '../../gateway/core/routing/table.ts'

/**
 * Who runs the machines, as far as a manifest shows: the vendor of a cloud service, else the host. Two connections of one
 * vendor fall together.
 */
export function vendorOf({ provider, baseUrl, deployment }: Connection): string {
  const isVendors = deployment === 'cloud' && provider.keyVariable !== null
  const isElsewhere = provider.baseUrl !== null && provider.baseUrl !== baseUrl
  return isVendors && !isElsewhere ? provider.title : hostOf(baseUrl)
}

export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl
}

/** Regions that are stated. */
export function regionsOf(connections: readonly Connection[]): Set<string> {
  return new Set(connections.flatMap(({ region }) => region ?? []))
}

/** Is the connection the vendor's own service? Then what the vendor says of its models holds there. */
export function isVendorsOwn({ provider, baseUrl }: Connection): boolean {
  return provider.baseUrl !== null && provider.baseUrl === baseUrl
}
