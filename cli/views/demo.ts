/** How the demo looks: acts with a title, commands as they would be typed, answers with who gave them. */
import { readFile } from 'node:fs/promises'
import type { Output } from '../context.ts'
import { count } from '../wording.ts'
import { wrap } from './layout.ts'
import { makePaint } from './paint.ts'

export interface Stage {
  opening(gateway: string, providers: readonly { readonly name: string; readonly url: string }[]): void
  act(title: string, explanation: string): void
  note(text: string): void
  file(path: string): Promise<void>
  command(args: readonly string[]): void
  output(text: string): void
  exchange(one: { readonly question: string; readonly answer: string; readonly target: string | null }): void
  streamOpens(question: string, target: string | null): void
  piece(text: string): void
  streamEnds(): void
  served(one: ServedCall): void
  reloaded(one: Reload): void
  closing(tookMs: number): void
  /** The environment of child processes, so that their colours are ours. */
  environment(): Record<string, string>
}

export interface ServedCall {
  readonly call: number
  readonly status: number
  readonly target: string | null
  readonly attempts: string | null
}

export interface Reload {
  readonly before: string | null
  readonly now: string | null
  readonly piecesBefore: number
  readonly piecesAfter: number
}

export function makeStage(output: Output): Stage {
  const paint = makePaint(output)
  const line = (text = '') => output.write(`${text}\n`)
  const indented = (text: string) => text.replace(/^(?=.)/gm, '    ')
  let acts = 0
  return {
    ...makeConversation(output),
    opening(gateway, providers) {
      line(paint.bold('aigw') + paint.dim(` · a gateway on ${gateway}`))
      line(
        paint.dim(
          `       in front of ${providers.map((one) => `${one.name} (${one.url})`).join(', ')}, all simulated here`,
        ),
      )
    },
    act(title, explanation) {
      acts += 1
      line(`\n${paint.bold.cyan(`${acts}  ${title}`)}`)
      line(`${paint.dim(`   ${explanation}`)}\n`)
    },
    note: (text) => line(`\n${paint.dim(`   ${text}`)}\n`),
    async file(path) {
      line(`${indented((await readFile(path, 'utf8')).trimEnd())}\n`)
    },
    command: (args) => line(`  ${paint.dim('$')} ${paint.bold(`aigw ${args.map(quoted).join(' ')}`)}`),
    output: (text) => output.write(indented(text)),
    served({ call, status, target, attempts }) {
      const failed = Number(attempts) - 1
      const how = failed === 0 ? 'at once' : `after ${count(failed, 'failed attempt')}`
      line(`    call ${call}  ${paint.green(String(status))}  ${(target ?? '').padEnd(30)} ${paint.dim(how)}`)
    },
    reloaded({ before, now, piecesBefore, piecesAfter }) {
      line(
        `\n    The stream began on revision ${before}. When revision ${now} took over it had brought ${piecesBefore} pieces;`,
      )
      line(`    it ended whole, with ${paint.green(`${piecesAfter} pieces`)}. Nothing was cut.`)
    },
    closing(tookMs) {
      line(`\n${paint.bold(`That was everything, in ${Math.round(tookMs / 1000)} s. Nothing is left running.`)}`)
      line(
        paint.dim('Next: write a routes.yaml of your own, then "aigw validate", "aigw serve --manifest routes.yaml".'),
      )
    },
    environment: () => ({
      ...(output.color ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }),
      COLUMNS: String(widthOf(output)),
    }),
  }
}

function widthOf(output: Output): number {
  return Math.min(output.columns ?? 100, 100)
}

/** Questions and answers, whole or as they are streamed, each with who gave it. */
function makeConversation(output: Output): Pick<Stage, 'exchange' | 'streamOpens' | 'piece' | 'streamEnds'> {
  const paint = makePaint(output)
  const width = widthOf(output)
  let column = 0
  const say = (name: string, text: string) => {
    const [first = '', ...rest] = wrap(text, width - 14)
    output.write(`  ${paint.dim(name.padStart(9))}  ${first}\n`)
    for (const more of rest) output.write(`             ${more}\n`)
  }
  return {
    exchange({ question, answer, target }) {
      say('you', question)
      say('answer', `${answer} ${paint.green(`— ${target ?? 'nobody'}`)}`)
    },
    streamOpens(question, target) {
      say('you', question)
      output.write(`  ${paint.dim('streamed'.padStart(9))}  ${paint.green(`${target ?? 'nobody'}: `)}`)
      column = 15 + (target?.length ?? 6)
    },
    piece(text) {
      column += text.length
      if (column > width - 4 && text.startsWith(' ')) {
        output.write('\n            ')
        column = 12 + text.length
      }
      output.write(text)
    },
    streamEnds: () => output.write('\n'),
  }
}

function quoted(argument: string): string {
  return /[*\s]/.test(argument) ? `'${argument}'` : argument
}
