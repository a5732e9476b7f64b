/** What the laws of streams need alike in every language: bytes cut anywhere, a decoder fed with them, what came out. */
import { expect } from 'vitest'
import type { ChatCompletion, ChatCompletionChunk } from '../../../../schemas/index.ts'
import type { FrameReader } from '../../framing/frame-reader.ts'
import type { StreamDecoder, StreamStep } from '../dialect.ts'

/** The bytes in pieces; the places count from the beginning again where they lie behind the end. */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const bounds = [0, ...places.map((place) => place % bytes.length).sort((a, b) => a - b), bytes.length]
  return bounds.slice(1).map((bound, index) => bytes.subarray(bounds[index], bound))
}

/** Every step of one stream, its end included. */
export function stepsThrough(reads: readonly Uint8Array[], reader: FrameReader, decoder: StreamDecoder): StreamStep[] {
  const frames = [...reads.flatMap((read) => reader.push(read)), ...reader.end()]
  return [...frames.map((frame) => decoder.push(frame.data, frame.event)), decoder.end()]
}

/** The chunks of a stream that must have gone well to its end. */
export function chunksIn(steps: readonly StreamStep[]): ChatCompletionChunk[] {
  expect(steps.map((step) => step.failure).filter((failure) => failure !== null)).toEqual([])
  expect(steps.at(-1)?.done).toBe(true)
  return steps.flatMap((step) => step.chunks)
}

/** An empty text and none are the same to a client; a stream cannot tell them apart. */
export function settled(completion: ChatCompletion): ChatCompletion {
  const choices = completion.choices.map((choice) => ({
    ...choice,
    message: { ...choice.message, content: choice.message.content === '' ? null : choice.message.content },
  }))
  return { ...completion, choices }
}
