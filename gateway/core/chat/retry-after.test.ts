/** The forms in which vendors tell when a limit opens again, beyond those that the dialects' own tests show. */
import { describe, expect, it } from 'vitest'
import { parseDuration, readLimitReset, readRetryHeader } from './retry-after.ts'

const date = 'Tue, 10 Nov 2026 10:00:00 GMT'

describe('the resets of used-up limits', () => {
  it.each<[string, Record<string, string>, number | null]>([
    ['a duration of hours', { 'x-ratelimit-reset-requests': '1h2m3.5s' }, 3_723_500],
    ['no time at all', { 'x-ratelimit-reset-requests': '0s' }, 0],
    ['seconds with a fraction', { 'x-ratelimit-reset-tokens-minute': '11.38' }, 11_380],
    ['a moment as a date', { 'x-ratelimit-reset-requests': '2026-11-10T10:00:45Z', date }, 45_000],
    ['a moment as a date, without a clock', { 'x-ratelimit-reset-requests': '2026-11-10T10:00:45Z' }, null],
    [
      'a vendor in front and the reset at the end',
      {
        'anthropic-ratelimit-requests-reset': '2026-11-10T10:00:05Z',
        'anthropic-ratelimit-requests-remaining': '12',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-10T10:00:30Z',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        date,
      },
      30_000,
    ],
    ['tokens in a header of their own', { 'x-tokenlimit-reset': '2', 'x-tokenlimit-remaining': '0' }, 2000],
    ['by size', { 'ratelimitbysize-reset': '34', 'ratelimitbysize-remaining': '0' }, 34_000],
    ['by size, with something left', { 'ratelimitbysize-reset': '34', 'ratelimitbysize-remaining': '7' }, null],
    ['all in one header', { ratelimit: '"api";r=0;t=55' }, 55_000],
    ['all in one header, several', { ratelimit: '"api";r=3;t=55, "day";r=0;t=90' }, 90_000],
    ['all in one header, with something left', { ratelimit: '"api";r=3;t=55' }, null],
    ['a name that only looks alike', { 'x-reset-ratelimit': '5', 'my-ratelimit-reset-page': '5' }, null],
  ])('%s', (_name, headers, expected) => {
    expect(readLimitReset(headers, '')).toBe(expected)
  })

  it('come after what the provider says of this very request', () => {
    const headers = { 'retry-after': '3', 'x-ratelimit-reset-requests': '60s' }
    expect(readLimitReset(headers, 'Please try again in 9s')).toBe(3000)
    expect(readLimitReset({ 'x-ratelimit-reset-requests': '60s' }, 'Please try again in 9s')).toBe(60_000)
  })
})

describe('words', () => {
  it.each([
    ['request reached max organization RPM: 3, please try again after 1 seconds', 1000],
    ['Please wait 51 seconds before retrying.', 51_000],
    ['Please try again in 7m12.576s.', 432_576],
    ['Wait for it.', null],
  ])('%s', (message, expected) => {
    expect(readLimitReset({}, message)).toBe(expected)
  })
})

it('milliseconds win over seconds', () => {
  expect(readRetryHeader({ 'retry-after-ms': '1250', 'retry-after': '2' })).toBe(1250)
})

it.each(['', 's', '1', '1x', '1s x', '-1s'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull()
})
