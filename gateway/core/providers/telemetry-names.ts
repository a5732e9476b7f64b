/**
 * What OpenTelemetry's GenAI conventions call a provider in `gen_ai.provider.name`, where that differs from our id.
 * Source: https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/gen-ai-metrics.md, the
 * table of well-known values; checked 2026-11-23 against stored commit 004902b8cb70 (status: development).
 */
import type { ProviderId } from '../../../schemas/index.ts'

const telemetryNames: Partial<Record<ProviderId, string>> = {
  'azure-openai': 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  vertex: 'gcp.vertex_ai',
  gemini: 'gcp.gemini',
  mistral: 'mistral_ai',
  moonshot: 'moonshot_ai',
  xai: 'x_ai',
}

/** Every other provider goes by its id: the conventions allow names of one's own. */
export function telemetryNameOf(id: ProviderId): string {
  return telemetryNames[id] ?? id
}
