/** What a metric is: its name, and how its values are read off the gateway when somebody scrapes. */
import type { InstanceDetails } from '../../release/instance-details.ts'
import type { OverloadReport } from '../overload/overload.ts'
import type { Reloads } from '../reload/loader.ts'
import type { Description } from '../status.ts'
import type { Counts } from './counts.ts'
import type { ReadDistribution } from './distribution.ts'
import type { SpoolDisk } from './spool-disk.ts'

/** The gateway at one moment. */
export interface Scrape {
  readonly counts: Counts
  readonly status: Description & InstanceDetails
  readonly reloads: Reloads
  /** Callers whose answer has not gone out to its last byte. */
  readonly answering: number
  /** Is load being turned away? */
  readonly shedding: boolean
  readonly overload: OverloadReport
  /** Open connections by listener. */
  readonly connections: Readonly<Record<string, number>>
  /** null: no audit trail, or its folder cannot be read. */
  readonly disk: SpoolDisk | null
  readonly process: ProcessUsage
}

export interface ProcessUsage {
  readonly cpuSeconds: number
  readonly residentBytes: number
  readonly startedAtSeconds: number
  readonly eventLoopActiveSeconds: number
  readonly eventLoopIdleSeconds: number
}

/** A label that is absent has the empty value, as Prometheus sees it. */
export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  readonly value: number
}

export interface DistributionSample {
  readonly labels: Labels
  readonly distribution: ReadDistribution
}

interface Described {
  readonly name: string
  /** One sentence without a full stop. */
  readonly help: string
  readonly labels: readonly string[]
  /** The name in OpenTelemetry's conventions, where they have one. */
  readonly convention?: string
}

export interface NumberMetric extends Described {
  readonly type: 'counter' | 'gauge'
  readonly read: (scrape: Scrape) => Iterable<Sample>
}

export interface HistogramMetric extends Described {
  readonly type: 'histogram'
  readonly read: (scrape: Scrape) => Iterable<DistributionSample>
}

export type Metric = NumberMetric | HistogramMetric

/** One number without labels. */
export function single(value: number): readonly Sample[] {
  return [{ labels: {}, value }]
}

/** The same, absent where there is nothing to say. */
export function optional(value: number | null | undefined): readonly Sample[] {
  return value === null || value === undefined ? [] : single(value)
}

/** Unix seconds of an ISO 8601 time. */
export function secondsOf(time: string): number {
  return Date.parse(time) / 1000
}
