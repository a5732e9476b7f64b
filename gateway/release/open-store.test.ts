import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openStore } from './open-store.ts'

describe('openStore', () => {
  test.each([
    ['file:.aigw', 'file:///work/.aigw'],
    ['file:stores/dev', 'file:///work/stores/dev'],
    ['file:/srv/aigw', 'file:///srv/aigw'],
    ['file:///srv/aigw', 'file:///srv/aigw'],
    ['file:a%20b', 'file:///work/a%20b'],
    ['file:50%', 'file:///work/50%25'],
  ])('%s', async (url, place) => {
    expect((await openStore(url, { folder: join('/work') })).url).toBe(place)
  })

  test.each([
    ['redis://localhost', 'redis:'],
    ['https://gateway.internal', 'https:'],
    ['.aigw', 'file:.aigw'],
    ['file:', 'names no folder'],
  ])('refuses %s by name', async (url, message) => {
    await expect(openStore(url, { folder: '/work' })).rejects.toMatchObject({ problem: 'unsupported' })
    await expect(openStore(url, { folder: '/work' })).rejects.toThrow(message)
  })
})
