import { describe, expect, it } from 'vitest'
import { findings, manifest, request } from '../testing/lint.ts'

const route = manifest('- {name: r, match: {model: m}, targets: [{provider: anthropic, model: a}], fallback: openai/b}')
const asked = (...fields: readonly string[]) => request({ model: 'm', fields })
const find = async (...requests: readonly ReturnType<typeof asked>[]) =>
  await findings('recorded-approximation', route, { requests })

describe('recorded-approximation', () => {
  it('tells what is asked for in another way, and which', async () => {
    const [found = '', ...others] = await find(asked('response_format[json_object]'), asked('tools'))
    expect(others).toEqual([])
    expect(found).toContain('1 of 2 recorded requests of route `r` asks for `response_format[json_object]`')
    expect(found).toContain('`anthropic/a` would be asked for in another way (as an instruction in the system prompt)')
  })

  it('does not claim to know how often a value was great', async () => {
    const [found = ''] = await find(asked('temperature'))
    expect(found).toContain('in another way where it is above 1, and how often it is was not recorded')
  })

  it('not: what is carried or left out, and without a capture', async () => {
    expect(await find(asked('tools', 'seed'))).toEqual([])
    expect(await findings('recorded-approximation', route)).toEqual([])
  })
})
