import type { ChatCompletionChunk } from '../../../schemas/index.ts'

/**
 * Chunks as JSON, for the one place where JSON.stringify is felt: most of a chunk is the same in every chunk of its
 * stream, so it is written once. The text is the same value as `JSON.stringify(chunk)`, its keys in another order.
 * One renderer a stream.
 */
export class ChunkRenderer {
  private id: string | null = null
  private created = 0
  private model = ''
  private fingerprint: string | undefined
  private tier: ChatCompletionChunk['service_tier']
  private head = ''

  render(chunk: ChatCompletionChunk): string {
    if (chunk.id !== this.id || chunk.created !== this.created || this.headDiffers(chunk)) this.writeHead(chunk)
    const { choices, usage, obfuscation } = chunk
    let text = this.head
    const [choice] = choices
    if (choices.length === 1 && choice !== undefined && choice.logprobs === null) {
      const reason = choice.finish_reason === null ? 'null' : `"${choice.finish_reason}"`
      const delta = JSON.stringify(choice.delta)
      text += `,"choices":[{"index":${choice.index},"delta":${delta},"logprobs":null,"finish_reason":${reason}}]`
    } else text += `,"choices":${JSON.stringify(choices)}`
    if (usage !== undefined) text += usage === null ? ',"usage":null' : `,"usage":${JSON.stringify(usage)}`
    if (obfuscation !== undefined) text += `,"obfuscation":${JSON.stringify(obfuscation)}`
    return `${text}}`
  }

  private headDiffers(chunk: ChatCompletionChunk): boolean {
    return (
      chunk.model !== this.model || chunk.system_fingerprint !== this.fingerprint || chunk.service_tier !== this.tier
    )
  }

  private writeHead(chunk: ChatCompletionChunk): void {
    const { id, object, created, model, system_fingerprint: fingerprint, service_tier: tier } = chunk
    this.id = id
    this.created = created
    this.model = model
    this.fingerprint = fingerprint
    this.tier = tier
    const head = { id, object, created, model, system_fingerprint: fingerprint, service_tier: tier }
    this.head = JSON.stringify(head).slice(0, -1)
  }
}
