import { describe, expect, it } from 'vitest'
import { failed } from './failures.ts'
import { formsOf, withoutSecrets } from './without-secrets.ts'

const key = 'odd!pro"vider/key=canary'
const forms = formsOf(key)
const clean = (message: string): string => withoutSecrets(failed('server_error', message), forms).message

describe('withoutSecrets', () => {
  it.each([
    ['as it is', key],
    ['in JSON', JSON.stringify(key).slice(1, -1)],
    ['in JSON, with its slash escaped', key.replaceAll('/', '\\/')],
    ['in an address', encodeURIComponent(key)],
    ['in base64', Buffer.from(key).toString('base64')],
    ['in base64 without its end', Buffer.from(key).toString('base64').replace(/=+$/, '')],
  ])('removes a key %s', (_how, told) => {
    expect(clean(`before ${told} after ${told}`).replaceAll('=', '')).toBe('before [removed] after [removed]')
  })

  it('removes it from every field that is told', () => {
    const failure = { ...failed('invalid_request', key), code: `c ${key}`, type: `t ${key}`, param: `p ${key}` }
    expect(withoutSecrets(failure, forms)).toMatchObject({
      message: '[removed]',
      code: 'c [removed]',
      type: 't [removed]',
      param: 'p [removed]',
    })
    expect(withoutSecrets(failed('timeout', 'late'), forms)).toEqual(failed('timeout', 'late'))
  })

  it('removes what is left of a key where a long message was cut', () => {
    for (let length = 4; length < key.length; length += 1) {
      expect(clean(`said ${key.slice(0, length)}…`)).toBe('said [removed]…')
    }
    expect(clean('said no…')).toBe('said no…')
    // Without a cut it is a word like any other.
    expect(clean(`said ${key.slice(0, 5)}`)).toBe(`said ${key.slice(0, 5)}`)
  })
})
