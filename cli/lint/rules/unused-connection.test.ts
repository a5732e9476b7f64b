import { describe, expect, it } from 'vitest'
import { findings, manifest } from '../testing/lint.ts'

const find = async (name: string, top = '') =>
  await findings(
    'unused-connection',
    manifest(
      '- {name: r, match: {model: m}, targets: [{provider: local, model: a}], fallback: spare/b}',
      `providers:\n  local: {type: vllm}\n  spare: {type: ollama}\n  ${name}: {type: tgi}\n${top}`,
    ),
  )

describe('unused-connection', () => {
  it('stands at its name', async () => {
    expect(await find('tgi-old')).toEqual([
      '4 «tgi-old» no route uses the connection `tgi-old`; remove it, or name it as `provider` of a target',
    ])
    expect((await find('lokal'))[0]).toContain('did you mean `local`?')
  })

  it('not: what only a quota uses', async () => {
    const quota = 'limits: [{requests: 1, per: day}], on_exceeded: cheaper_model, cheaper_model: third/x'
    expect(await find('third', `quotas:\n  - {name: q, scope: everyone, ${quota}}\n`)).toEqual([])
  })
})
