/** What holds for every folder here. What each page says of its own commands is tested in `test/examples/`. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { validateCaptureLine } from '../schemas/validate-capture.ts'
import { repository } from '../test/cli/support.ts'
import { ExampleCopy, commandsOf, exampleNames, examples, readExample, rulesFound } from '../test/examples/example.ts'

/** A model retires on a day of the calendar, and no page here becomes wrong by it. */
const calendarRules = new Set(['retired-model'])

test('there are as many as were promised, and the list names each with its page', () => {
  expect(exampleNames.length).toBeGreaterThanOrEqual(8)
  const list = readExample('.', 'README.md')
  for (const name of exampleNames) expect(list).toContain(`](${name}/README.md)`)
})

test('commands are found in a page', () => {
  const page = ['Run', '', '    aigw lint', '', 'and `aigw plan`:', '', '    curl x \\', "      -d '{}'", ''].join('\n')
  expect(commandsOf(page)).toEqual(['aigw lint', "curl x -d '{}'"])
})

describe.each(exampleNames)('%s', (name) => {
  const files = readdirSync(join(examples, name))
  const manifests = files.filter((file) => file.endsWith('.yaml') && readExample(name, file).includes('ai_routes:'))

  test('has a page with commands, and a suite that tries them', () => {
    const page = readExample(name, 'README.md')
    expect(page).toMatch(/^# .+\n\n\S/)
    expect(page.split('\n').length).toBeLessThanOrEqual(60)
    expect(commandsOf(page).filter((command) => command.startsWith('aigw '))).not.toEqual([])
    expect(existsSync(join(repository, 'test', 'examples', `${name}.test.ts`))).toBe(true)
  })

  test('has valid manifests, with nothing that lint warns of', async () => {
    expect(manifests).toContain('routes.yaml')
    const copy = new ExampleCopy(name)
    const given = files.includes('aigw.yaml') ? [...manifests, 'aigw.yaml'] : manifests
    const { exitCode, stdout, stderr } = await copy.aigw('validate', '--fail-severity', 'warning', ...given)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const file of given) expect(stdout).toContain(`✓ ${file} is valid`)
    const lint = await copy.aigw('lint', '--format', 'json', ...manifests)
    expect(lint.stderr).toBe('')
    expect(rulesFound(lint.stdout).filter((rule) => !calendarRules.has(rule))).toEqual([])
  })

  test('explains every file it has', () => {
    const page = readExample(name, 'README.md')
    for (const file of files.filter((one) => one !== 'README.md')) expect(page).toContain(file)
  })

  test.runIf(files.includes('capture.ndjson'))('has a capture of the form the schema says, without content', () => {
    const text = readExample(name, 'capture.ndjson')
    const lines = text.trimEnd().split('\n')
    for (const line of lines) expect(validateCaptureLine(JSON.parse(line))).toMatchObject({ valid: true })
    expect(text).not.toMatch(/"(messages|answer)":[^\d]/)
    const routes = readExample(name, 'routes.yaml')
    for (const [, caller] of text.matchAll(/"credential":"(.*?)"/g)) expect(routes).toContain(`{name: ${caller},`)
  })
})
