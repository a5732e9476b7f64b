import { Chalk, type ChalkInstance } from 'chalk'
import type { Output } from '../context.ts'

/** Colours for one stream, or none: whether a stream takes them was decided once, in `main.ts`. */
export function makePaint(output: Output): ChalkInstance {
  return new Chalk({ level: output.color ? 1 : 0 })
}
