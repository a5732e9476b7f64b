/**
 * What is known of how targets answer, gathered from a capture in one pass. Each target keeps a bounded sample, chosen
 * by hash so that the same capture gives the same sample on any machine. An attempt that we ourselves broke off at
 * 800 ms shows "more than 800 ms", never 800 ms: when such an observation is drawn, a longer one is drawn in its place.
 */
import type { AttemptEnd } from '../../gateway/core/engine/events.ts'
import { hashText } from '../../gateway/core/routing/draw.ts'

/** One observed attempt, in microseconds from its start. */
export interface Observation {
  readonly firstContentUs: number | null
  readonly totalUs: number
  /** True: we broke it off, so it would have taken longer than `totalUs`. */
  readonly censored: boolean
  readonly end: AttemptEnd
}

/** An attempt of the past; null: it shows nothing, because it never ended. */
export interface SeenAttempt {
  readonly target: string
  readonly observation: Observation | null
}

const sampleSize = 2048

interface Sample {
  seen: number
  readonly kept: Observation[]
}

export class Evidence {
  private readonly samples = new Map<string, Sample>()

  /** Adds every attempt of one recorded request. */
  add(id: string, seen: readonly SeenAttempt[]): void {
    seen.forEach(({ target, observation }, index) => {
      if (observation === null) return
      let sample = this.samples.get(target)
      if (sample === undefined) {
        sample = { seen: 0, kept: [] }
        this.samples.set(target, sample)
      }
      sample.seen += 1
      if (sample.kept.length < sampleSize) sample.kept.push(observation)
      else {
        const place = hashText(`${id}/${index}`, 0x7f4a7c15) % sample.seen
        if (place < sampleSize) sample.kept[place] = observation
      }
    })
  }

  knows(target: string): boolean {
    return this.samples.has(target)
  }

  /** An observation of this target; `draw` lies in (0, 1). Null: none was recorded. */
  draw(target: string, draw: number): Observation | null {
    const kept = this.samples.get(target)?.kept
    return kept?.[Math.floor(draw * kept.length)] ?? null
  }

  /** An observation that took longer than this; null: none was seen to. */
  drawLonger(target: string, longerThanUs: number, draw: number): Observation | null {
    const kept = this.samples.get(target)?.kept ?? []
    const longer = kept.filter((one) => !one.censored && (one.firstContentUs ?? one.totalUs) > longerThanUs)
    return longer[Math.floor(draw * longer.length)] ?? null
  }
}
