/**
 * `/metrics` in Prometheus' text format. Loaded at the first scrape, so that a gateway nobody scrapes, and every command,
 * never pays for the library. Each gateway has a registry of its own; the library's global one is not used.
 */
import { setImmediate } from 'node:timers/promises'
import { Counter, Gauge, Registry } from 'prom-client'
import type { Metric, NumberMetric, Scrape } from './definition.ts'
import { gatewayMetrics } from './gateway-metrics.ts'
import { renderHistogram } from './histogram-text.ts'
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
      if (metric.type !== 'histogram') registerNumber(metric, { registry: this.registry, scraped })
    }
  }

  async render(scrape: Scrape): Promise<string> {
    const texts: string[] = []
    for (const metric of metrics) {
      // Another scrape may have come in between.
      this.scrape = scrape
      texts.push(
        metric.type === 'histogram'
          ? await renderHistogram(metric, scrape)
          : await this.registry.getSingleMetricAsString(metric.name),
      )
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
