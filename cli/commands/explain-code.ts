/** `aigw validate --explain`: the part of the page of diagnostics that a code leads to. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { didYouMean } from '../../gateway/core/manifest/diagnostics.ts'
import { CommandError, type Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { readPackage } from '../io/package.ts'
import { isRuleId } from '../lint/rule-ids.ts'
import { renderPage } from '../views/lint.ts'

/** True: lists the codes. */
export async function explainCode(context: Context, code: string | true): Promise<ExitCode> {
  const page = await readFile(join(readPackage().root, 'docs', 'diagnostics.md'), 'utf8')
  const parts = new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part] as const),
  )
  if (code === true) {
    context.stdout.write([...parts.keys(), ''].join('\n'))
    return exitCodes.done
  }
  const part = parts.get(code)
  if (part === undefined) throw unknownCode(code, [...parts.keys()])
  context.stdout.write(renderPage(`# ${part.trimEnd()}\n`, context.stdout))
  return exitCodes.done
}

function unknownCode(code: string, known: readonly string[]): CommandError {
  if (isRuleId(code)) {
    return new CommandError(`"${code}" is a rule of lint`, { details: [`Try: aigw lint --explain ${code}`] })
  }
  const hint = didYouMean(code, known)?.help
  const details = [...(hint === undefined ? [] : [hint]), '`aigw validate --explain` lists the codes.']
  return new CommandError(`there is no code "${code}"`, { details })
}
