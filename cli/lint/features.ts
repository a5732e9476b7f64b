/** What routes can ask of a request (`match.has`), and what becomes of it at a target. */
import { lossOf } from '../../gateway/core/dialects/losses.ts'
import type { CompiledTarget, RequestFeature } from '../../gateway/core/routing/table.ts'

/** The fields that carry each feature. Lost is a feature of which no field gets through. */
const fieldsOf: Readonly<Record<RequestFeature, readonly string[]>> = {
  tools: ['tools'],
  images: ['messages[].content[image_url].data', 'messages[].content[image_url].url'],
  json_schema: ['response_format[json_schema]'],
}

/** Why the target cannot carry the feature, in half a sentence; null when it can. */
export function whyLost(target: CompiledTarget, feature: RequestFeature): string | null {
  const losses = fieldsOf[feature].map((field) => lossOf(target.encode.losses, field))
  if (losses.some(({ fidelity }) => fidelity === 'exact' || fidelity === 'approximated')) return null
  return losses.find(({ how }) => how !== '')?.how ?? 'there is nothing like it'
}
