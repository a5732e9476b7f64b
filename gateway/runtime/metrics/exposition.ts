/**
 * `/metrics` in Prometheus' text format. Loaded at the first scrape, so that a gateway nobody scrapes, and every command,
 * never pays for the library. Each gateway has a registry of its own; the library's global one is not used.
 */
import { setImmediate } from 'node:timers/promises'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { DistributionSample, HistogramMetric, Labels, Metric, NumberMetric, Scrape } from './definition.ts'
import { gatewayMetrics } from './gateway-metrics.ts'
import { overloadMetrics } from './overload-metrics.ts'
import { processMetrics } from './process-metrics.ts'
import { requestMetrics } from './request-metrics.ts'

/** Everything there is, in the order it is shown. */
export const metrics: readonly Metric[] = [...requestMetrics, ...gatewayMetrics, ...processMetrics, ...overloadMetrics]

export class Exposition {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE
  private readonly registry = new Registry()
  private scrape: Scrape | null = null

  constructor() {
    const scraped = (): Scrape => {
      if (this.scrape === null) throw new Error('metrics were asked for without a gateway to read them off')
      return this.scrape
    }
    for (const metric of metrics) {
      if (metric.type === 'histogram') this.registry.registerMetric(new CountedHistogram(metric, scraped))
      else registerNumber(metric, { registry: this.registry, scraped })
    }
  }

  async render(scrape: Scrape): Promise<string> {
    this.scrape = scrape
    const texts: string[] = []
    for (const { name } of metrics) {
      texts.push(await this.registry.getSingleMetricAsString(name))
      // Thousands of series take milliseconds to render; streams go on in between.
      await setImmediate()
    }
    return `${texts.join('\n\n')}\n`
  }
}

interface Registering {
  readonly registry: Registry
  readonly scraped: () => Scrape
}

function registerNumber({ name, help, labels, type, read }: NumberMetric, { registry, scraped }: Registering): void {
  const common = { name, help, labelNames: labels, registers: [registry] }
  // Without labels the library puts a zero where there may be nothing to say.
  const clear = (metric: Counter | Gauge): void => {
    metric.reset()
    if (labels.length === 0) metric.remove()
  }
  if (type === 'counter') {
    const counter: Counter = new Counter({
      ...common,
      collect() {
        clear(counter)
        for (const sample of read(scraped())) counter.inc(sample.labels, sample.value)
      },
    })
    return
  }
  const gauge: Gauge = new Gauge({
    ...common,
    collect() {
      clear(gauge)
      for (const sample of read(scraped())) gauge.set(sample.labels, sample.value)
    },
  })
}

/** A histogram whose buckets were counted elsewhere: the library can only count one value at a time. */
class CountedHistogram extends Histogram {
  private readonly definition: HistogramMetric
  private readonly scraped: () => Scrape

  constructor(definition: HistogramMetric, scraped: () => Scrape) {
    const { name, help, labels } = definition
    super({ name, help, labelNames: labels, registers: [] })
    this.definition = definition
    this.scraped = scraped
  }

  /** What the registry asks for in place of `get`, where a metric has it; the library's own knows only its own counts. */
  getForPromString(): { name: string; help: string; type: 'histogram'; values: Row[] } {
    const { name, help, type, read } = this.definition
    return { name, help, type, values: [...read(this.scraped())].flatMap((sample) => rowsOf(name, sample)) }
  }
}

interface Row {
  readonly metricName: string
  readonly labels: Labels
  readonly value: number
}

function rowsOf(name: string, { labels, distribution }: DistributionSample): Row[] {
  const { bounds, counts, sum, count } = distribution
  let total = 0
  const buckets = bounds.map((bound, bucket) => {
    total += counts[bucket] ?? 0
    return { metricName: `${name}_bucket`, labels: { ...labels, le: String(bound) }, value: total }
  })
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ]
}
