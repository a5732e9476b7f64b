/** What the caller was sent, gathered for the audit trail while a stream goes by. */
import type { ChatCompletionChunk } from '../../schemas/index.ts'

interface GatheredCall {
  name: string
  arguments: string
}

/** A stream may go on for ever; what is kept of it may not. Characters. */
const mostKept = 64 * 1024 * 1024

export class AnswerText {
  private kept = 0
  private content = ''
  private reasoning = ''
  private refusal = ''
  private readonly calls: GatheredCall[] = []
  finishReason: string | null = null

  add(chunk: ChatCompletionChunk): void {
    for (const choice of chunk.choices) {
      if (choice.finish_reason !== null && choice.index === 0) this.finishReason = choice.finish_reason
      const { delta } = choice
      if (this.kept > mostKept) continue
      if (typeof delta.content === 'string') this.content += this.counted(delta.content)
      if (typeof delta.reasoning_content === 'string') this.reasoning += this.counted(delta.reasoning_content)
      if (typeof delta.refusal === 'string') this.refusal += this.counted(delta.refusal)
      if (delta.tool_calls === undefined) continue
      for (const call of delta.tool_calls) {
        const gathered = (this.calls[call.index] ??= { name: '', arguments: '' })
        gathered.name += call.function?.name ?? ''
        gathered.arguments += this.counted(call.function?.arguments ?? '')
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
      ...(this.kept > mostKept && { truncated: true }),
    })
  }

  private counted(text: string): string {
    this.kept += text.length
    return text
  }
}
