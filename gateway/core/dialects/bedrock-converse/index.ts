/**
 * Amazon Bedrock's Converse API, which speaks to the models of many makers in one language. Source: the types of the
 * maker's own client (`@aws-sdk/client-bedrock-runtime` 3.1164.0), its documentation
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html) and the recorded exchanges, read
 * 2026-11-24. The model stands in the path, and so does the wish for a stream.
 */
import type { Dialect } from '../dialect.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { decodeError } from './errors.ts'
import { foreign, losses, modelLosses } from './losses.ts'
import { modelKinds } from './model-kinds.ts'
import { openStream } from './stream.ts'

export const bedrockConverse: Dialect = {
  id: 'bedrock-converse',
  framing: 'aws-event-stream',
  losses,
  modelLosses,
  modelKinds,
  foreign,
  encode,
  decode,
  openStream,
  decodeError,
}
