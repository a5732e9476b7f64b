/**
 * The host names the region, which only the operator knows. Signed with the AWS credentials of the surroundings, unless
 * a Bedrock API key is given.
 */
import { searchTypes } from '../embeddings/input-type.ts'
import type { Provider } from './provider.ts'

export const bedrock: Provider = {
  id: 'bedrock',
  title: 'Amazon Bedrock',
  dialect: 'bedrock-converse',
  baseUrl: null,
  regional: { origin: 'https://bedrock-runtime.{region}.amazonaws.com', path: '' },
  chatPath: '/model/{model}/converse',
  streamPath: '/model/{model}/converse-stream',
  auth: { scheme: 'sigv4', service: 'bedrock' },
  keyVariable: 'AWS_BEARER_TOKEN_BEDROCK',
  keyRequired: false,
  deployment: 'cloud',
  // The list of models is on another host, with rights of its own.
  check: {
    call: 'chat',
    costs: 'a question of one word and one token of answer',
    source: {
      url: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html',
      checked: '2026-11-24',
    },
  },
  quirks: {},
  embeddings: [
    {
      language: 'titan-embed-invoke',
      path: '/model/{model}/invoke',
      models: { names: /(^|[./])titan-embed-text/, words: 'Titan text embeddings' },
      maxInputs: 1,
      quirks: { modelInPath: true },
      source: {
        url: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html',
        checked: '2026-11-24',
      },
    },
    {
      language: 'cohere-embed-invoke',
      path: '/model/{model}/invoke',
      models: { names: /(^|[./])cohere[.]embed/, words: 'Cohere’s embed models' },
      maxInputs: 96,
      quirks: {
        inputTypes: searchTypes,
        inputType: 'document',
        inputTypesClosed: true,
        modelInPath: true,
      },
      source: {
        url: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html',
        checked: '2026-11-24',
      },
    },
  ],
  source: {
    url: 'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html',
    checked: '2026-11-23',
  },
}
