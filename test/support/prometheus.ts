/**
 * Reads Prometheus' text format (version 0.0.4) and puts up with nothing: a scraper that forgives would hide what a
 * stricter one chokes on. Source: https://prometheus.io/docs/instrumenting/exposition_formats/, checked 2026-11-23.
 */

export interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly series: readonly Series[]
}

export class Exposed {
  readonly families: readonly Family[]

  constructor(text: string) {
    this.families = parseFamilies(text)
  }

  family(name: string): Family {
    const family = this.families.find((one) => one.name === name)
    if (family === undefined) throw new Error(`there is no metric ${name}`)
    return family
  }

  /** All series of this name (`_count` and `_sum` of a histogram included) that have these labels. */
  series(name: string, labels: Readonly<Record<string, string>> = {}): readonly Series[] {
    return this.families
      .flatMap((family) => family.series)
      .filter((one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value))
  }

  /** Their sum; 0 where there are none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.series(name, labels).reduce((sum, { value }) => sum + value, 0)
  }
}

const helpLine = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/
const typeLine = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$/
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?|\+Inf)$/
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y

function parseFamilies(text: string): Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end')
  const families: { name: string; help: string; type: string; series: Series[] }[] = []
  let help: RegExpExecArray | null = null
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue
    const type: RegExpExecArray | null = help === null ? null : typeLine.exec(line)
    if (help !== null) {
      const [, name = '', words = ''] = help
      if (type?.[1] !== name) throw new Error(`no type follows the help of ${name}: ${line}`)
      if (families.some((one) => one.name === name)) throw new Error(`${name} comes twice`)
      families.push({ name, help: words, type: type[2] ?? '', series: [] })
      help = null
      continue
    }
    help = helpLine.exec(line)
    if (help === null) addSample(families.at(-1), line)
  }
  families.forEach(checkFamily)
  return families
}

function addSample(family: { name: string; type: string; series: Series[] } | undefined, line: string): void {
  const [, name, labels = '', value = ''] = sampleLine.exec(line) ?? []
  if (name === undefined) throw new Error(`this is no sample: ${line}`)
  const suffix = family === undefined || !name.startsWith(family.name) ? null : name.slice(family.name.length)
  const allowed = family?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  if (family === undefined || suffix === null || !allowed.includes(suffix)) {
    throw new Error(`${name} stands under ${family?.name ?? 'nothing'}`)
  }
  family.series.push({ name, labels: parseLabels(labels), value: value === '+Inf' ? Infinity : Number(value) })
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  label.lastIndex = 0
  while (label.lastIndex < text.length) {
    const [, name = '', value = ''] = label.exec(text) ?? []
    if (name === '') throw new Error(`these are no labels: ${text}`)
    if (name in labels) throw new Error(`${name} is there twice: ${text}`)
    labels[name] = value.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
  }
  return labels
}

function checkFamily({ name, type, series }: Family): void {
  const keys = series.map((one) => JSON.stringify([one.name, Object.entries(one.labels).map(String).sort()]))
  if (new Set(keys).size !== keys.length) throw new Error(`${name} has a series twice`)
  if (type === 'counter' && !name.endsWith('_total')) throw new Error(`the counter ${name} does not end in _total`)
  if (type === 'counter' && series.some(({ value }) => value < 0)) throw new Error(`the counter ${name} is negative`)
  if (type === 'histogram') checkHistogram(name, series)
}

/** Buckets count up to the one of +Inf, which is the count. */
function checkHistogram(name: string, series: readonly Series[]): void {
  const groups = Map.groupBy(series, ({ labels }) => JSON.stringify({ ...labels, le: undefined }))
  for (const [labels, group] of groups) {
    const buckets = group.filter((one) => one.name === `${name}_bucket`)
    const bounds = buckets.map((one) => (one.labels['le'] === '+Inf' ? Infinity : Number(one.labels['le'])))
    const isAscending = (values: readonly number[], strictly: boolean) =>
      values.every(
        (value, index) => index === 0 || (values[index - 1] ?? 0) < value || (!strictly && values[index - 1] === value),
      )
    const counts = buckets.map(({ value }) => value)
    const count = group.filter((one) => one.name === `${name}_count`)
    const sum = group.filter((one) => one.name === `${name}_sum`)
    if (!isAscending(bounds, true) || !isAscending(counts, false))
      throw new Error(`the buckets of ${name}${labels} are out of order`)
    if (bounds.at(-1) !== Infinity || count.length !== 1 || sum.length !== 1 || count[0]?.value !== counts.at(-1)) {
      throw new Error(`the histogram ${name}${labels} is not whole`)
    }
  }
}
