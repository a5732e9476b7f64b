import { describe, expect, it } from 'vitest'
import { findings, fix, manifest } from '../testing/lint.ts'

const route = (more = '') => `- {name: r, match: {model: m}, targets: [{provider: openai, model: a}]${more}}`
const two = route(', fallback: vllm/b')
const find = async (text: string) => await findings('unused-suppression', text)

describe('unused-suppression', () => {
  it.each([
    ['next-line', 'on the next line'],
    ['route', 'in its route'],
    ['file', 'in this file'],
  ])('for the %s', async (scope, where) => {
    const text = manifest(`# aigw-lint-disable-${scope} single-target -- why\n${two}`)
    expect(await find(text)).toEqual([
      `2 «# aigw-lint-disable-${scope} single-target -- why» \`single-target\` finds nothing ${where}: there is nothing to suppress; remove the comment`,
    ])
    expect(await fix(text)).toBe(manifest(two))
  })

  it('tells the part of a list that is unused, and leaves the rest', async () => {
    const text = manifest(`# aigw-lint-disable-next-line single-target, single-key, single-region -- why\n${route()}`)
    expect((await find(text))[0]).toContain('`single-key` and `single-region` find nothing on the next line')
    expect(await fix(text)).toBe(text)
  })

  it('a comment for another line is not for this one', async () => {
    expect(await find(manifest(`${route()}\n# aigw-lint-disable-next-line single-target -- why\n`))).toHaveLength(1)
    expect(await find(`# aigw-lint-disable-route single-target -- why\n${manifest(route())}`)).toHaveLength(1)
  })

  it.each([
    ['it suppresses', manifest(`# aigw-lint-disable-next-line single-target -- why\n${route()}`)],
    [
      'two of them do',
      manifest(
        `# aigw-lint-disable-next-line single-target -- a\n# aigw-lint-disable-next-line no-self-hosted-last-resort -- b\n${route()}`,
      ),
    ],
    ['its rule needs a capture', manifest(`# aigw-lint-disable-next-line recorded-loss -- why\n${route()}`)],
    ['it is invalid, which is another rule', manifest(`# aigw-lint-disable-next-line single-key\n${route()}`)],
  ])('not: %s', async (_what, text) => {
    expect(await find(text)).toEqual([])
  })

  it('a rule that is switched off has nothing to suppress', async () => {
    const text = manifest(`# aigw-lint-disable-next-line single-target -- why\n${route()}`)
    expect(await findings('unused-suppression', text, { severities: { 'single-target': 'off' } })).toHaveLength(1)
  })
})
