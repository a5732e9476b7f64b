/** The page about failures, made of what the tests saw. */
import type { FailureClass } from '../../gateway/core/chat/failure.ts'
import { failureClasses, failureTraits } from '../../gateway/core/chat/failure.ts'
import { ways } from './ways.ts'

const effects = {
  counts: 'counts towards the breaker',
  cool_down: 'cool-down',
  alive: 'none',
  none: 'none',
} as const

const introduction = `# What a failure looks like to the caller

Made by \`test/failures/failures.test.ts\` of what the official \`openai\` client saw in front of a real gateway; do not
edit it by hand. A route has three targets in the order of priority. "First" means that the first target fails and the
others are well; "later" that the first fails with a \`server_error\` and the second as the row says; "every" that all
three fail as the row says. The commit point is the first byte sent to the caller: the first content of a stream, or the
whole of a plain answer. After it no other target runs.

An exhausted route that answers 429 or more says \`x-should-retry: false\`, so that OpenAI's clients do not ask three times.
`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export function renderPage(cell: (failure: FailureClass, column: string) => string): string {
  const rows = (columns: readonly string[]) =>
    failureClasses.map((failure) => [`\`${failure}\``, ...columns.map((column) => cell(failure, column))])
  const provoked = failureClasses.map((failure) => [
    `\`${failure}\``,
    ways[failure].before,
    ways[failure].after,
    failureTraits[failure].failsOver ? 'yes' : 'no',
    effects[failureTraits[failure].health],
  ])
  return `${introduction}
## What the provider does in these tests

${table(['class', 'before the commit point', 'after it', 'next target', 'health of the target'], provoked)}

## Plain requests

${table(['class', 'first', 'later', 'every', 'after the commit point'], rows(['plain first', 'plain later', 'plain every', 'plain after']))}

## Streams, before the commit point

${table(['class', 'first', 'later', 'every'], rows(['stream first', 'stream later', 'stream every']))}

## Streams, after the commit point

${table(['class', 'first', 'later'], rows(['stream after first', 'stream after later']))}
`
}
