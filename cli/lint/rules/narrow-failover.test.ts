import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (route: string, top = '') =>
  await findings('narrow-failover', manifest(`- {name: r, match: {model: m}, ${route}}`, top))

const two = 'targets: [{provider: openai, model: a}], fallback: groq/a'

describe('narrow-failover', () => {
  it('names what is missing, and who is never asked', async () => {
    expect(await find(`${two}, failover: {on: [rate_limited, timeout]}`)).toEqual([
      '2 «on» `failover.on` of route `r` leaves out `server_error` and `connection`: a target that is down like that ' +
        'ends the request, and the other candidate is never asked; add `server_error` and `connection`, or leave `on` out: ' +
        'without it every class that another target may mend is in',
    ])
  })

  it.each([
    ['every way of being down', `${two}, failover: {on: [server_error, timeout, connection]}`],
    ['no list', `${two}, failover: {deadline_ms: 1000}`],
    ['nobody to fail over to', 'targets: [{provider: openai, model: a}], failover: {on: [quota]}'],
  ])('not: %s', async (_what, route) => {
    expect(await find(route)).toEqual([])
  })
})
