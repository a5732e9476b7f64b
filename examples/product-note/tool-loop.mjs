/**
 * An application that keeps a tool loop going, through OpenAI's own client, and tells who answered each turn. It knows one
 * address and one model; which provider serves it is the gateway's business.
 */
import OpenAI from 'openai'

const turns = Number(process.argv[2] ?? 12)
const pauseMs = Number(process.argv[3] ?? 1000)
let target = ''

const client = new OpenAI({
  baseURL: process.env.OPENAI_BASE_URL ?? 'http://127.0.0.1:8080/v1',
  apiKey: process.env.OPENAI_API_KEY ?? 'not needed here',
  maxRetries: 0,
  fetch: async (url, init) => {
    const response = await fetch(url, init)
    const attempts = response.headers.get('x-aigw-attempts')
    target = `${response.headers.get('x-aigw-target')}${attempts === '1' ? '' : `, attempt ${attempts}`}`
    return response
  },
})

const tools = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'Weather of a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
]

const messages = []

for (let turn = 1; turn <= turns; turn += 1) {
  if (messages.at(-1)?.role !== 'tool') messages.push({ role: 'user', content: 'Use get_weather once more.' })
  const stream = client.chat.completions.stream({ model: 'gpt-4o-mini', messages, tools, reasoning_effort: 'low' })
  const { message } = (await stream.finalChatCompletion()).choices[0]
  messages.push(message)
  const calls = message.tool_calls ?? []
  for (const call of calls) messages.push({ role: 'tool', tool_call_id: call.id, content: `sunny, the ${turn}th time` })
  console.log(`turn ${String(turn).padStart(2)}  ${calls.length > 0 ? 'tool call' : 'answer   '}  ${target}`)
  await new Promise((resolve) => setTimeout(resolve, pauseMs))
}
