/** Every case by the name that `--only` takes, in the order of DESIGN section 10. */
import type { BenchCase } from '../harness/bench.ts'
import { startUp, validate } from './command-line.ts'
import { firstChunk, latency } from './latency.ts'
import { lint } from './lint.ts'
import { memory } from './memory.ts'
import { overload } from './overload.ts'
import { plainLarge, plainSmall } from './plain.ts'
import { replay } from './replay.ts'
import { routes } from './routes.ts'
import { stream } from './stream.ts'
import { translatedPlain, translatedStream } from './translated.ts'

export const cases: Readonly<Record<string, BenchCase>> = {
  plain: plainSmall,
  'plain-50kb': plainLarge,
  stream,
  'translated-plain': translatedPlain,
  'translated-stream': translatedStream,
  latency,
  'first-chunk': firstChunk,
  memory,
  overload,
  routes,
  'start-up': startUp,
  validate,
  lint,
  replay,
}
