/** A histogram as plain numbers: cheap enough for every request, rendered only when somebody asks. */

/** What OpenTelemetry's GenAI conventions recommend for durations, in seconds (checked 2026-11-23). */
export const durationBounds: readonly number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
]

/** The same for numbers of tokens: powers of four. */
export const tokenBounds: readonly number[] = [
  1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
]

/** For our own part of a request, in seconds: it is measured in fractions of a millisecond. */
export const overheadBounds: readonly number[] = [
  0.0001, 0.0002, 0.0004, 0.0008, 0.0016, 0.0032, 0.0064, 0.0128, 0.0256, 0.0512, 0.1024, 0.4096, 1.6384,
]

/** A distribution as whoever renders it sees it. */
export interface ReadDistribution {
  /** Upper bounds, each inclusive, in ascending order. */
  readonly bounds: readonly number[]
  /** How many fell under each bound and over the one before; the last counts what exceeds all bounds. */
  readonly counts: Readonly<Float64Array>
  readonly sum: number
  readonly count: number
}

export class Distribution implements ReadDistribution {
  readonly bounds: readonly number[]
  readonly counts: Float64Array
  sum = 0
  count = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const { bounds, counts } = this
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1
    counts[bucket] = (counts[bucket] ?? 0) + 1
    this.sum += value
    this.count += 1
  }
}
