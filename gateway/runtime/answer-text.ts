/** What the caller was sent, gathered for the audit trail while a stream goes by. */
import type { ChatCompletionChunk } from '../../schemas/index.ts'

interface GatheredCall {
  name: string
  arguments: string
}

export class AnswerText {
  private content = ''
  private reasoning = ''
  private refusal = ''
  private readonly calls: GatheredCall[] = []
  finishReason: string | null = null

  add(chunk: ChatCompletionChunk): void {
    for (const choice of chunk.choices) {
      if (choice.finish_reason !== null && choice.index === 0) this.finishReason = choice.finish_reason
      const { delta } = choice
      if (typeof delta.content === 'string') this.content += delta.content
      if (typeof delta.reasoning_content === 'string') this.reasoning += delta.reasoning_content
      if (typeof delta.refusal === 'string') this.refusal += delta.refusal
      if (delta.tool_calls === undefined) continue
      for (const call of delta.tool_calls) {
        const gathered = (this.calls[call.index] ??= { name: '', arguments: '' })
        gathered.name += call.function?.name ?? ''
        gathered.arguments += call.function?.arguments ?? ''
      }
    }
  }

  /** JSON of what was sent; several choices of one stream stand one after the other. */
  render(): string {
    return JSON.stringify({
      content: this.content,
      ...(this.reasoning !== '' && { reasoning_content: this.reasoning }),
      ...(this.refusal !== '' && { refusal: this.refusal }),
      ...(this.calls.length > 0 && { tool_calls: this.calls }),
      finish_reason: this.finishReason,
    })
  }
}
