/** What stands in every chunk of a stream, and never changes once the first was made. */
import type { ChatCompletionChunk, ChunkChoice, CompletionUsage, ServiceTier } from '../../../schemas/index.ts'
import type { DecodeContext } from '../dialects/dialect.ts'

/** What is said once about the whole answer; null where the provider has not said it. */
export interface AnswerHead {
  readonly id: string | null
  readonly createdSeconds: number | null
  readonly model: string | null
  readonly systemFingerprint: string | null
  readonly serviceTier: ServiceTier
}

export class ChunkHead {
  /** Travels with the next chunk of a choice. */
  padding: string | null = null
  private readonly fallback: DecodeContext
  private id: string | null = null
  private created: number | null = null
  private model: string | null = null
  private fingerprint: string | null = null
  private tier: ServiceTier = null

  constructor(context: DecodeContext) {
    this.fallback = context
  }

  get answerId(): string {
    return this.id ?? this.fallback.fallbackId
  }

  note(head: AnswerHead): void {
    this.id ??= head.id
    this.created ??= head.createdSeconds
    this.model ??= head.model
    this.fingerprint ??= head.systemFingerprint
    this.tier ??= head.serviceTier
  }

  chunk(choice: ChunkChoice): ChatCompletionChunk {
    const chunk = this.bare([choice])
    if (this.fallback.includeUsage) chunk.usage = null
    if (this.padding !== null) {
      chunk.obfuscation = this.padding
      this.padding = null
    }
    return chunk
  }

  usageChunk(usage: CompletionUsage): ChatCompletionChunk {
    const chunk = this.bare([])
    chunk.usage = usage
    return chunk
  }

  private bare(choices: ChunkChoice[]): ChatCompletionChunk {
    const { fallback, fingerprint, tier } = this
    const chunk: ChatCompletionChunk = {
      id: this.id ?? fallback.fallbackId,
      object: 'chat.completion.chunk',
      created: this.created ?? fallback.createdSeconds,
      model: this.model ?? fallback.model,
      choices,
    }
    if (fingerprint !== null) chunk.system_fingerprint = fingerprint
    if (tier !== null) chunk.service_tier = tier
    return chunk
  }
}
