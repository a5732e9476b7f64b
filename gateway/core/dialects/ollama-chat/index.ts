/**
 * Ollama's own chat API: `POST /api/chat`, one JSON object a line. Sources: its published OpenAPI document
 * (`fixtures/contracts/ollama.openapi.yaml`), twelve recorded exchanges, and for what neither says its server's public
 * code (https://github.com/ollama/ollama: `api/types.go`, `server/routes.go`); all read 2026-11-23.
 *
 * A model that is not in memory is loaded first, for minutes if it is large, and until then not one byte comes: neither
 * a status nor a line. Nothing here can tell that from a server that hangs; the times of the attempt decide.
 */
import type { Dialect } from '../dialect.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { decodeError } from './errors.ts'
import { foreign, losses } from './losses.ts'
import { openStream } from './stream.ts'

export const ollamaChat: Dialect = {
  id: 'ollama-chat',
  framing: 'ndjson',
  losses,
  foreign,
  encode,
  decode,
  openStream,
  decodeError,
}
