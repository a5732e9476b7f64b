/**
 * The soak: callers on three wires, providers in trouble, a reload every second, and the gateway killed now and then;
 * afterwards every acknowledged request must have its one record, and every decision must come out as it was.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../bench/harness/process.ts'
import { openFileStore } from '../../gateway/release/file-store.ts'
import { publish } from '../lifecycle/ground.ts'
import { Callers } from './callers.ts'
import { judge, type SoakReport } from './judge.ts'
import { Keeper } from './keeper.ts'
import { badManifestOf, makeTrouble, manifestOf, startWorld } from './world.ts'

export interface SoakOptions {
  readonly forMs: number
  readonly perSecond: number
  /** How often the gateway is killed, spread over the first half; the second half shows whether memory is flat. */
  readonly kills: number
  /** Of the last run, before memory is compared. */
  readonly warmUpMs: number
  readonly say: (line: string) => void
}

const reloadEveryMs = 1000
/** Every so many reloads the release is one that cannot be served. */
const badEvery = 15

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { forMs, perSecond, kills, say } = options
  const folder = mkdtempSync(join(tmpdir(), 'aigw-soak-'))
  const world = await startWorld()
  const store = await openFileStore({ folder: join(folder, 'store') })
  await publish(store, manifestOf(world, 0))
  const [port, adminPort] = [await freePort(), await freePort()]
  const keeper = new Keeper({ folder, port, adminPort, env: { SOAK_KEY: 'sk-provider-soak-0123456789' } })
  const endTrouble = makeTrouble(world)
  try {
    await keeper.start()
    const callers = new Callers(`http://127.0.0.1:${port}`)
    const reloads = new Repeated(reloadEveryMs, async (turn) => {
      await publish(store, turn % badEvery === 0 ? badManifestOf(world) : manifestOf(world, turn))
    })
    const killing = killNowAndThen(keeper, { kills, withinMs: forMs / 2, say })
    const telling = setInterval(() => say(`${callers.heard.length} answers, ${reloads.done} reloads`), 30_000)
    await callers.run(perSecond, forMs)
    await killing
    clearInterval(telling)
    await reloads.stop()
    await endTrouble()
    const { code } = await keeper.stop()
    say('judging …')
    const spool = join(folder, 'spool')
    return await judge({
      spool,
      heard: callers.heard,
      runs: keeper.runs,
      exitCode: code,
      reloads: reloads.done,
      ...options,
    })
  } finally {
    await endTrouble()
    await keeper.abandon()
    await Promise.all(Object.values(world).map((simulator) => simulator.close()))
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Killing {
  readonly kills: number
  readonly withinMs: number
  readonly say: (line: string) => void
}

async function killNowAndThen(keeper: Keeper, { kills, withinMs, say }: Killing): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    // Not in step with the reloads.
    await new Promise((resolve) => setTimeout(resolve, withinMs / kills - 371))
    await keeper.kill()
    await keeper.start()
    say(`killed and started again (${kill + 1} of ${kills})`)
  }
}

/** Does something again and again, one after the other. */
class Repeated {
  done = 0
  private stopped = false
  private readonly loop: Promise<void>

  constructor(everyMs: number, act: (turn: number) => Promise<void>) {
    this.loop = (async () => {
      while (!this.stopped) {
        const startedAt = performance.now()
        await act(this.done + 1)
        this.done += 1
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, everyMs - (performance.now() - startedAt))))
      }
    })()
  }

  async stop(): Promise<void> {
    this.stopped = true
    await this.loop
  }
}
