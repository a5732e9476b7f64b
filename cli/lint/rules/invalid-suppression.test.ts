import { describe, expect, it } from 'vitest'
import { findings, fix, manifest } from '../testing/lint.ts'

const find = async (...comments: readonly string[]) =>
  await findings(
    'invalid-suppression',
    `${comments.map((comment) => `# ${comment}\n`).join('')}ai_routes:
  - {name: r, match: {model: m}, targets: [{provider: openai, model: a}]}
`,
  )

describe('invalid-suppression', () => {
  it('asks for a reason, and does not suppress until it has one', async () => {
    expect(await find('aigw-lint-disable-file single-target')).toEqual([
      '1 «# aigw-lint-disable-file single-target» this comment gives no reason, and suppresses nothing until it does; write `# aigw-lint-disable-file RULE -- why`',
    ])
    const text = manifest('- {name: r, match: {model: m}, targets: [{provider: openai, model: a}]}')
    expect(await findings('single-target', `# aigw-lint-disable-file single-target\n${text}`)).toHaveLength(1)
  })

  it.each([
    [
      'aigw-lint-disable-file singel-target -- why',
      'there is no rule `singel-target` to suppress; did you mean `single-target`?',
    ],
    ['aigw-lint-disable-file zzz -- why', 'there is no rule `zzz` to suppress; remove it'],
    ['aigw-lint-disable-file -- why', 'this comment names no rule, and suppresses nothing'],
    [
      'aigw-lint-disable-nextline single-target -- why',
      '`aigw-lint-disable-nextline` is nothing that lint knows; did you mean `disable-next-line`?',
    ],
    ['aigw-lint-off', '`aigw-lint-off` is nothing that lint knows; known are `aigw-lint-disable-next-line`'],
    [
      'aigw-lint-disable-file unused-suppression -- why',
      '`unused-suppression` judges comments, and no comment can suppress it',
    ],
  ])('%s', async (comment, message) => {
    const found = await find(comment)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })

  it.each(['aigw-lint-disable-file single-target -- why', 'single-target is fine here', 'see aigw-lint-disable-file'])(
    'not: %s',
    async (comment) => {
      expect(await find(comment)).toEqual([])
    },
  )

  it('is removed when it means nothing, and kept when somebody may have meant something', async () => {
    const text = manifest(
      '- {name: r, match: {model: m}, targets: [{provider: openai, model: a}]} # aigw-lint-disable-file zzz -- y',
    )
    expect(await fix(text)).toBe(text.replace(/ #.*/, ''))
    const typo = `# aigw-lint-disable-file singel-target -- y\n${text.replace(/ #.*/, '')}`
    expect(await fix(typo)).toBe(typo)
  })
})
