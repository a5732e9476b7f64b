import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { until } from '../../../test/support/gateway.ts'
import { followFile } from './file-source.ts'

const manifest = (name: string) => `
providers: {local: {type: ollama, base_url: "http://127.0.0.1:9"}}
ai_routes: [{name: ${name}, match: {model: m}, targets: [{provider: local, model: m}]}]
`

const takenDown: (() => void)[] = []
afterEach(() => {
  for (const takeDown of takenDown.splice(0)) takeDown()
})

/** Follows a file, and edits it when its first look has come so far as so many turns of the event loop bring it. */
async function editAfter(turns: number): Promise<{ readonly loaded: string[]; readonly undo: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'aigw-test-'))
  const file = join(folder, 'routes.yaml')
  const write = (name: string): void => {
    writeFileSync(`${file}.new`, manifest(name))
    renameSync(`${file}.new`, file)
  }
  write('first')
  const loaded: string[] = []
  const stop = await followFile({
    file,
    variables: {},
    loader: {
      load({ manifest: { ai_routes: routes } }) {
        loaded.push(routes[0]?.name ?? '')
        return null
      },
      refuse: (problem) => problem,
    },
    state: { bad: () => undefined, good: () => undefined },
  })
  takenDown.push(() => {
    stop()
    rmSync(folder, { recursive: true, force: true })
  })
  for (let turn = 0; turn < turns; turn += 1) {
    await setImmediate()
    // What the look asked of the file system is done, but what follows from it waits for this thread.
    const end = Date.now() + 2
    while (Date.now() < end);
  }
  write('second')
  return { loaded, undo: () => write('first') }
}

it('takes an edit, and its undoing at once, at whatever moment of the first look they come', async () => {
  // One after the other: the undoing has to come before the watch looks for the second time.
  for (let turns = 0; turns < 6; turns += 1) {
    const { loaded, undo } = await editAfter(turns)
    await until(`the edit after ${turns} turns is loaded`, () => loaded.at(-1) === 'second')
    undo()
    await until(`its undoing after ${turns} turns is loaded`, () => loaded.at(-1) === 'first')
    expect(loaded.slice(-3)).toEqual(['first', 'second', 'first'])
  }
})
