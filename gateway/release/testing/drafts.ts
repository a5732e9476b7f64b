/** Drafts that differ only where a test says so. */
import type { ReleaseDraft } from '../../../schemas/index.ts'
import { buildDraft } from '../release.ts'

export function draftNamed(name: string, author: string | null = null): ReleaseDraft {
  const manifest = {
    ai_routes: [{ name, match: { model: '*' }, targets: [{ provider: 'openai', model: 'gpt-4o-mini' }] }],
  }
  return buildDraft({
    source: { manifest, variables: {}, git: null, author },
    resolved: manifest,
    created_at: '2026-11-23T09:00:00.000Z',
  })
}
