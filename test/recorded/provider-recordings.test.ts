/** What the docs say was recorded of a provider's chat API is what lies among the recordings. */
import { describe, expect, it } from 'vitest'
import { providers } from '../../gateway/core/providers/index.ts'
import type { DialectId, Provider } from '../../gateway/core/providers/provider.ts'
import { type Recordings, recordingsOf } from '../../gateway/core/providers/recordings.ts'
import type { Exchange } from './fixtures.ts'
import { missingFixtures, readExchanges } from './fixtures.ts'

const why = missingFixtures === null ? '' : ` (skipped: ${missingFixtures})`

/** The recordings call one language by its version. */
const apiOf = (dialect: DialectId) => (dialect === 'cohere-chat' ? 'cohere-v2' : dialect)

/** Not what was typed by a person or framed anew. */
function recordingsIn(exchanges: readonly Exchange[]): Recordings {
  if (exchanges.some(({ fidelity, request }) => fidelity === 'recorded' && request !== null)) return 'exchanges'
  return exchanges.some(({ fidelity }) => fidelity === 'reply-only') ? 'replies' : 'none'
}

function exchangesOf({ id, dialect }: Provider): Exchange[] {
  return dialect === null ? [] : readExchanges(apiOf(dialect)).filter(({ provider }) => provider === id)
}

describe.skipIf(missingFixtures !== null)(`what was recorded of each provider${why}`, () => {
  it.each(Object.values(providers).map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
    expect(recordingsOf(id)).toBe(recordingsIn(exchangesOf(provider)))
  })
})
