import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultConnectTimeoutMs, defaultIdleTimeoutMs } from '../../gateway/core/manifest/defaults.ts'
import { defaultLimits, maxJsonDepth } from '../../gateway/runtime/server/limits.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/network.md'), 'utf8')
const seconds = (ms: number) => `${ms / 1000} s`
const kib = (bytes: number) => `${bytes / 1024} KiB`

/** First and second cell of every row. */
const cells = new Map(
  [...page.matchAll(/^\| ([^|]+?) +\| ([^|]+?) +\|/gm)].map(([, name = '', value = '']) => [name, value]),
)

describe('docs/network.md', () => {
  it.each([
    ['connections (`--max-connections`)', defaultLimits.maxConnections.toLocaleString('en')],
    ['requests waiting on one connection', String(defaultLimits.maxWaiting)],
    ['all headers of a request', kib(defaultLimits.maxHeaderBytes)],
    ['number of headers', String(defaultLimits.maxHeaders)],
    ['body', `${defaultLimits.maxBodyBytes / 1024 / 1024} MiB`],
    ['body of a caller whose key is not known', kib(defaultLimits.maxStrangersBytes)],
    ['levels of JSON', String(maxJsonDepth)],
    ['time until the headers are there', seconds(defaultLimits.headersMs)],
    ['time until the body is there as well', seconds(defaultLimits.requestMs)],
    ['time for the TLS handshake', seconds(defaultLimits.handshakeMs)],
    ['time in which nothing of a waiting answer is taken', seconds(defaultLimits.stalledMs)],
    ['least that is taken of it in that time', kib(defaultLimits.leastTakenBytes)],
    ['`connect_timeout_ms`, TLS and proxy included', seconds(defaultConnectTimeoutMs)],
    ['`idle_timeout_ms`, silence inside an answer', seconds(defaultIdleTimeoutMs)],
  ])('says of "%s" what holds', (name, value) => {
    expect(cells.get(name)).toBe(value)
  })

  it('says how long idle connections are kept, on both sides', () => {
    expect(page).toMatch(new RegExp(`idle connection is kept +\\| ${seconds(defaultLimits.keepAliveMs)} +\\|`))
    expect(page).toMatch(/idle connection is kept +\| 60 s, or 2 s less than the provider says, at most 10 min +\|/)
  })
})
