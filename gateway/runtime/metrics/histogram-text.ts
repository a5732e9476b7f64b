/**
 * Histograms in Prometheus' text format (version 0.0.4, prometheus.io/docs/instrumenting/exposition_formats, read
 * 2026-11-24). By hand, because there are thousands of rows in one: the labels of a series are written once and not once a
 * bucket, and streams go on in between.
 */
import { setImmediate } from 'node:timers/promises'
import type { DistributionSample, HistogramMetric, Labels, Scrape } from './definition.ts'

/** Series that are written in one go, less than a millisecond's worth. */
const seriesAtOnce = 20

/** With a line for what it is, and without a line's end after the last row. */
export async function renderHistogram({ name, help, read }: HistogramMetric, scrape: Scrape): Promise<string> {
  const lines = [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} histogram`]
  let series = 0
  for (const sample of read(scrape)) {
    lines.push(rowsOf(name, sample))
    series += 1
    if (series % seriesAtOnce === 0) await setImmediate()
  }
  return lines.join('\n')
}

function rowsOf(name: string, { labels, distribution }: DistributionSample): string {
  const { bounds, counts, sum, count } = distribution
  const told = tellLabels(labels)
  const before = told === '' ? '' : `${told},`
  const alone = told === '' ? '' : `{${told}}`
  let total = 0
  const rows = bounds.map((bound, bucket) => {
    total += counts[bucket] ?? 0
    return `${name}_bucket{${before}le="${bound}"} ${total}`
  })
  rows.push(
    `${name}_bucket{${before}le="+Inf"} ${count}`,
    `${name}_sum${alone} ${sum}`,
    `${name}_count${alone} ${count}`,
  )
  return rows.join('\n')
}

function tellLabels(labels: Labels): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}="${escapeValue(value)}"`)
    .join(',')
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`)
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', String.raw`\"`)
}
