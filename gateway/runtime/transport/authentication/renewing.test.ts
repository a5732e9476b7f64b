import { describe, expect, it } from 'vitest'
import { CredentialsError } from './authenticator.ts'
import { type Lent, Renewing } from './renewing.ts'
import { safeReason } from './trouble.ts'

const hourMs = 3_600_000

interface Source {
  readonly renewing: Renewing<string>
  readonly asked: () => number
  /** Answers the oldest call that waits. */
  readonly give: (lifeMs: number) => Promise<void>
  readonly fail: (message: string) => Promise<void>
  readonly clock: { ms: number }
}

/** Gives out `t1`, `t2` and so on, each when a test says so. */
function open(timeoutMs = 60_000): Source {
  const clock = { ms: 1_000_000 }
  const waiting: PromiseWithResolvers<Lent<string>>[] = []
  let count = 0
  const renewing = new Renewing<string>({
    obtain: () => {
      count += 1
      const one = Promise.withResolvers<Lent<string>>()
      waiting.push(one)
      return one.promise
    },
    describe: (error) => new CredentialsError(`no token (${safeReason(error)})`),
    now: () => clock.ms,
    timeoutMs,
  })
  const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve))
  const next = () => {
    const one = waiting.shift()
    if (one === undefined) throw new Error('nobody has asked')
    return one
  }
  return {
    renewing,
    asked: () => count,
    give: async (lifeMs) => {
      next().resolve({ value: `t${count}`, expiresAtMs: clock.ms + lifeMs })
      await settled()
    },
    fail: async (message) => {
      next().reject(new Error(message))
      await settled()
    },
    clock,
  }
}

async function first(lifeMs = hourMs): Promise<Source> {
  const source = open()
  const got = source.renewing.get()
  await source.give(lifeMs)
  expect(await got).toBe('t1')
  return source
}

describe('something that is renewed', () => {
  it('is asked for once, however many want it', async () => {
    const { renewing, give, asked } = open()
    const all = Array.from({ length: 20 }, () => renewing.get())
    await give(hourMs)
    expect(new Set(await Promise.all(all))).toEqual(new Set(['t1']))
    expect(await renewing.get()).toBe('t1')
    expect(asked()).toBe(1)
  })

  it('is renewed ahead of its end, while nobody waits', async () => {
    const { renewing, give, asked, clock } = await first()
    clock.ms += hourMs - 300_001
    expect(await renewing.get()).toBe('t1')
    expect(asked()).toBe(1)
    clock.ms += 1
    expect(await Promise.all([renewing.get(), renewing.get()])).toEqual(['t1', 't1'])
    expect(asked()).toBe(2)
    await give(hourMs)
    expect(await renewing.get()).toBe('t2')
    expect(asked()).toBe(2)
  })

  it('is waited for once it is too old to arrive in time', async () => {
    const { renewing, give, clock } = await first()
    clock.ms += hourMs - 10_000
    const [one, other] = [renewing.get(), renewing.get()]
    await give(hourMs)
    expect(await Promise.all([one, other])).toEqual(['t2', 't2'])
  })

  it('is not thrown away because its renewal fails, nor asked for with every call', async () => {
    const { renewing, fail, give, asked, clock } = await first()
    clock.ms += hourMs - 200_000
    expect(await renewing.get()).toBe('t1')
    await fail('down')
    expect(await renewing.get()).toBe('t1')
    expect(asked()).toBe(2)
    clock.ms += 10_000
    expect(await renewing.get()).toBe('t1')
    await give(hourMs)
    expect(await renewing.get()).toBe('t3')
  })

  it('fails for all who wait, and is asked for again by the next', async () => {
    const { renewing, fail, give } = open()
    const all = [renewing.get(), renewing.get()]
    const told = Promise.allSettled(all)
    await fail('no route')
    for (const one of await told) expect(one).toMatchObject({ reason: { message: 'no token (no route)' } })
    const next = renewing.get()
    await give(hourMs)
    expect(await next).toBe('t2')
  })

  it('is given up when nothing comes', async () => {
    const { renewing } = open(20)
    await expect(renewing.get()).rejects.toThrow('no token (nothing came within 0.02 s)')
  })

  it('is given up when nobody asks any more, and its source is told', async () => {
    const told = Promise.withResolvers<void>()
    const renewing = new Renewing<string>({
      obtain: async (signal) => {
        signal.addEventListener('abort', () => told.resolve())
        return await new Promise<never>(() => {})
      },
      describe: (error) => new CredentialsError(safeReason(error)),
    })
    const awaited = renewing.get()
    renewing.close()
    await expect(awaited).rejects.toThrow('it is no longer wanted')
    await told.promise
  })

  it('is used on when it was refused and there is no other', async () => {
    const { renewing, give, fail, asked, clock } = await first()
    renewing.drop()
    const [one, other] = [renewing.get(), renewing.get()]
    await fail('down')
    expect(await Promise.all([one, other])).toEqual(['t1', 't1'])
    expect(await renewing.get()).toBe('t1')
    expect(asked()).toBe(2)
    clock.ms += 10_000
    renewing.drop()
    const third = renewing.get()
    await give(hourMs)
    expect(await third).toBe('t3')
  })

  it('is asked for anew when it was refused, and not with every refusal', async () => {
    const { renewing, give, asked, clock } = await first()
    renewing.drop()
    const second = renewing.get()
    await give(hourMs)
    expect(await second).toBe('t2')
    renewing.drop()
    expect(await renewing.get()).toBe('t2')
    expect(asked()).toBe(2)
    clock.ms += 10_000
    renewing.drop()
    const third = renewing.get()
    await give(hourMs)
    expect(await third).toBe('t3')
  })
})

describe('what a library says', () => {
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${'a1'.repeat(30)}.${'b2'.repeat(30)}`
  it.each([
    [new Error(`bad assertion ${jwt} there`), 'bad assertion [removed] there'],
    [new Error('token ya29.a0AfH6SMBx-_y was revoked'), 'token [removed] was revoked'],
    [new Error('-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- is no key'), '[removed] is no key'],
    [new Error(`key wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY00 is off`), 'key [removed] is off'],
    [
      new Error("ENOENT: no such file or directory, open '/var/run/secrets/eks.amazonaws.com/serviceaccount/token'"),
      "ENOENT: no such file or directory, open '/var/run/secrets/eks.amazonaws.com/serviceaccount/token'",
    ],
    [
      new Error('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
      'no connection (ECONNREFUSED)',
    ],
    [
      Object.assign(new Error('x'), {
        response: { status: 400, data: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } },
      }),
      '400: invalid_grant, Invalid JWT Signature.',
    ],
    [Object.assign(new Error('x'), { response: { status: 502, data: '<html>' } }), 'the answer was 502'],
    [
      Object.assign(new Error("EACCES: permission denied, open '/run/key.json'"), { code: 'EACCES' }),
      "EACCES: permission denied, open '/run/key.json'",
    ],
    [
      Object.assign(new Error('DECODER routines::unsupported'), { code: 'ERR_OSSL_UNSUPPORTED' }),
      'DECODER routines::unsupported',
    ],
    [
      new Error('x', { cause: Object.assign(new Error('y'), { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' }) }),
      'the answer goes on and on',
    ],
    [new TypeError('fetch failed', { cause: new Error('unexpected redirect') }), 'unexpected redirect'],
    [new TypeError("Cannot read properties of null (reading 'private_key')"), 'it cannot be read'],
    ['text', 'for no reason that was told'],
  ])('%s', (error, told) => {
    expect(safeReason(error)).toBe(told)
  })

  it('is cut where it is long', () => {
    expect(safeReason(new Error('a b '.repeat(200)))).toHaveLength(200)
  })
})
