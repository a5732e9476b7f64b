/** `aigw simulate`: providers to talk to without an account, until it is told to stop. */
import { providers as builtIn } from '../../gateway/core/providers/index.ts'
import { CommandError, makeTalk, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { readScenario } from '../io/scenario.ts'
import { renderSimulated } from '../views/simulated.ts'

export interface SimulateOptions extends CommonOptions {
  readonly port: number
  readonly host: string
  readonly scenario: string | undefined
  readonly seed: number
}

export async function simulate(context: Context, options: SimulateOptions): Promise<ExitCode> {
  const talk = makeTalk(context, options.quiet)
  const scenario = options.scenario === undefined ? null : await readScenario(context, options.scenario)
  const { noteCast, startSimulators } = await import('../../gateway/simulators/main.ts')
  let tellStop: () => void = () => {}
  const stopped = new Promise<void>((resolve) => (tellStop = resolve))
  const forget = context.onStop(() => tellStop())
  try {
    const { port, host, seed } = options
    const announced: string[] = []
    // What listens where is the result, shown below; what happens later is talk.
    let say = (line: string): void => void announced.push(line)
    const simulators = await startSimulators({ port, host, seed, scenario, log: (line) => say(line) }).catch(refuse)
    say = talk
    const isListed = (line: string) => simulators.providers.some(({ baseUrl }) => line.endsWith(baseUrl))
    const drill = announced.filter((line) => !isListed(line))
    const listed = simulators.providers.map(({ name, wire, baseUrl }) => {
      const provider = Object.values(builtIn).find(({ id }) => id === name)
      return { name, wire, baseUrl, keyVariable: provider?.keyRequired === true ? provider.keyVariable : null }
    })
    const shown = noteCast.flatMap((name) => listed.filter((one) => one.name === name))
    context.stdout.write(renderSimulated(listed, { format: options.format, shown }))
    for (const line of drill) talk(line)
    talk('Stop with Ctrl-C.')
    await stopped
    await simulators.close()
    return exitCodes.done
  } finally {
    forget()
  }
}

function refuse(error: unknown): never {
  const isBeyond = error instanceof Error && 'code' in error && error.code === 'ERR_SOCKET_BAD_PORT'
  const told = error instanceof Error ? error.message : String(error)
  throw new CommandError(isBeyond ? 'the ports after the first one reach beyond 65535' : told, {
    details: ['Choose where the first one listens with --port; 0 takes free ports.'],
    cause: error,
  })
}
