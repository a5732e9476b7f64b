/**
 * The host names the region, which only the operator knows. Signed with the AWS credentials of the surroundings, unless
 * a Bedrock API key is given.
 */
import type { Provider } from './provider.ts'

export const bedrock: Provider = {
  id: 'bedrock',
  title: 'Amazon Bedrock',
  dialect: 'bedrock-converse',
  baseUrl: null,
  chatPath: '/model/{model}/converse',
  streamPath: '/model/{model}/converse-stream',
  auth: { scheme: 'sigv4', service: 'bedrock' },
  keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
  keyRequired: false,
  deployment: 'cloud',
  quirks: {},
  source: {
    url: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html',
    checked: '2026-11-23',
  },
}
