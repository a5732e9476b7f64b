/** What an answer rests on: the citations that vendors put beside its text. */
import type { Annotation, Citation } from '../../../schemas/index.ts'
import type { LooseRecord } from './loose.ts'
import { isRecord, textOf } from './loose.ts'

/**
 * Gathers the citations of one answer: all of them as the provider gives them, and those of web pages in OpenAI's shape
 * as well, with the place of the text they stand for.
 */
export class Sources {
  readonly citations: Citation[] = []
  readonly annotations: Annotation[] = []
  private readonly addressOf: (citation: LooseRecord) => unknown

  /** `addressOf`: where a citation has the address of its web page. */
  constructor(addressOf: (citation: LooseRecord) => unknown = ({ url }) => url) {
    this.addressOf = addressOf
  }

  /** `start` and `end` are the places of the cited text in the whole answer, in UTF-16 units. */
  add(citations: readonly unknown[], start: number, end: number): void {
    for (const citation of citations) {
      if (!isRecord(citation)) continue
      this.citations.push(citation)
      const url = webAddress(this.addressOf(citation))
      if (url === null) continue
      const title = textOf(citation['title']) ?? ''
      this.annotations.push({
        type: 'url_citation',
        url_citation: { start_index: start, end_index: end, url, title },
      })
    }
  }
}

/** Percent-encoded, as the schema wants it; null for what is no web address. */
function webAddress(url: unknown): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null
  const { href } = new URL(url)
  return /^https?:\/\/[\x21\x23-\x3b\x3d\x3f-\x5a\x5f\x61-\x7a\x7e]*$/.test(href) ? href : null
}
