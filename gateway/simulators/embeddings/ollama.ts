/** Ollama's `/api/embed`: https://docs.ollama.com/api/embed, checked 2026-11-24. Fields it does not know it does not mind. */
import { type Manner, fieldsOf, refuse, sum, textsIn } from './manner.ts'

export const ollamaManner: Manner = {
  isEmbeddings: (path) => path === '/api/embed',
  modelOf: ({ body }) => fieldsOf(body)['model'],
  read({ body }) {
    const { model, input, dimensions = null } = fieldsOf(body)
    if (typeof model !== 'string') return refuse('model is required')
    const inputs = typeof input === 'string' ? [input] : textsIn(input)
    if (inputs === null) return refuse('invalid input type')
    return { ask: { model, inputs, dimensions: typeof dimensions === 'number' ? dimensions : null, base64: false } }
  },
  answer({ ask, vectors, tokens }) {
    const durations = { total_duration: 14_143_917, load_duration: 1_019_500 }
    const body = { model: ask.model, embeddings: vectors, ...durations, prompt_eval_count: sum(tokens) }
    return { status: 200, body: JSON.stringify(body) }
  },
  fail: ({ status, message }) => ({ status, body: JSON.stringify({ error: message ?? `simulated ${status}` }) }),
}
