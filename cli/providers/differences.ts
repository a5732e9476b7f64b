/** What a provider does otherwise than the language it speaks, in words. Names as they stand on the wire are in backquotes. */
import type { Quirks } from '../../gateway/core/dialects/quirks.ts'

export function tellDifferences(quirks: Quirks): string[] {
  const {
    modelInPath,
    bodyVersion,
    withoutStructuredOutputs,
    developerAsSystem,
    toolCallIdLength,
    longestToolCallId,
    reasoningInToolLoops,
    contentRequired,
    renames = {},
    values = {},
    lists = [],
    usageUnasked,
    streamExtension,
    losses: _losses, // the loss table tells them
    ...untold
  } = quirks
  // tsc names a quirk that has no words here.
  untold satisfies Readonly<Record<string, never>>
  const told: string[] = []
  if (modelInPath) told.push('the model stands in the path, and the body names none')
  if (bodyVersion !== undefined) told.push(`the version of the API stands in the body: \`${bodyVersion}\``)
  if (withoutStructuredOutputs) told.push('structured outputs are not asked for, whatever the model can do elsewhere')
  if (developerAsSystem) told.push('messages of the role `developer` are sent as `system`')
  if (toolCallIdLength !== undefined) {
    told.push(
      `tool-call ids that are not ${toolCallIdLength} letters and digits are replaced, the same one always alike`,
    )
  }
  if (longestToolCallId !== undefined) {
    told.push(`tool-call ids of more than ${longestToolCallId} characters are replaced, the same one always alike`)
  }
  if (reasoningInToolLoops !== undefined) {
    const { modelPrefixes, placeholder } = reasoningInToolLoops
    const models = modelPrefixes.map((prefix) => `\`${prefix}…\``).join(' and ')
    const filler = placeholder === '' ? 'an empty text' : `\`${JSON.stringify(placeholder)}\``
    told.push(`models ${models} get ${filler} as the \`reasoning_content\` of answers without any, in tool loops`)
  }
  if (contentRequired) told.push('messages without content get an empty text')
  for (const [from, to] of Object.entries(renames)) told.push(`\`${from}\` is sent as \`${to}\``)
  for (const [field, words] of Object.entries(values)) {
    for (const [from, to] of Object.entries(words)) told.push(`\`${field}: ${from}\` is sent as \`${field}: ${to}\``)
  }
  for (const field of lists) told.push(`\`${field}\` is sent as a list, even for one value`)
  if (usageUnasked) told.push('`stream_options` is not sent: usage comes without being asked for')
  if (streamExtension !== undefined)
    told.push(`usage and errors are read from \`${streamExtension}\` of stream events too`)
  return told
}
