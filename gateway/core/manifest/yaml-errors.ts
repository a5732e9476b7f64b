/** What the YAML library has against a text, in our words where they help more than its own. */
import { scrubKeys } from '../chat/errors.ts'

export interface Explanation {
  readonly code: string
  readonly message: string
  readonly help: string | null
}

export function explainYamlError(code: string, message: string): Explanation {
  const ours = explanations[code] ?? { code: 'yaml-syntax', message: null, help: null }
  // The library may quote what stands in the text, and that may be a key.
  return { ...ours, message: ours.message ?? decapitalise(scrubKeys(message)) }
}

/** `message` null: the library's own. */
const explanations: Readonly<Record<string, Omit<Explanation, 'message'> & { readonly message: string | null }>> = {
  TAB_AS_INDENT: { code: 'yaml-tab', message: 'a tab indents this line', help: 'YAML indents with spaces only' },
  MULTIPLE_DOCS: { code: 'yaml-documents', message: 'a second document begins here', help: 'one file, one document' },
  TAG_RESOLVE_FAILED: { code: 'yaml-tag', message: 'tags (`!…`) are not known here', help: 'leave the tag out' },
  BAD_INDENT: { code: 'yaml-syntax', message: null, help: 'entries of one block begin in the same column' },
}

function decapitalise(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
