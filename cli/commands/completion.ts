/** `aigw completion`: the script for a shell; and what that script asks while somebody types. */
import { complete } from '../completion/complete.ts'
import { type Shell, completionScripts } from '../completion/scripts.ts'
import type { CommandShape } from '../completion/tree.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { findValues } from '../io/completion-values.ts'

export async function printCompletionScript(context: Context, shell: Shell): Promise<ExitCode> {
  context.stdout.write(completionScripts[shell])
  return await Promise.resolve(exitCodes.done)
}

/** One candidate a line, with a tab and what it is. Never fails: there is nobody to read it. */
export async function answerShell(
  context: Context,
  root: CommandShape,
  { shell, words }: { readonly shell: string; readonly words: readonly string[] },
): Promise<ExitCode> {
  const whole = shell === 'bash' ? joinSplitWords(words) : words
  const { typed, before, candidates, kinds } = complete(root, whole)
  const found = await Promise.all(kinds.map(async (kind) => await findValues(context, kind, typed)))
  const all = [...candidates, ...found.flat().map((value) => ({ value, description: '' }))]
  // Bash replaces only what stands after the last break of its own; the others replace the whole word.
  const word = `${before}${typed}`
  const cut = shell === 'bash' ? Math.max(word.lastIndexOf('='), word.lastIndexOf(':')) + 1 : 0
  const lines = all.map(
    ({ value, description }) => `${`${before}${value}`.slice(cut)}\t${firstSentence(description)}\n`,
  )
  context.stdout.write([...new Set(lines)].join(''))
  return exitCodes.done
}

/** Bash breaks words at `=` and `:`; `--format=json` comes as three. */
function joinSplitWords(words: readonly string[]): string[] {
  const joined: string[] = []
  let isOpen = false
  for (const word of words) {
    const isBreak = word === '=' || word === ':'
    if (joined.length > 0 && (isBreak || isOpen)) joined.push(`${joined.pop() ?? ''}${word}`)
    else joined.push(word)
    isOpen = isBreak
  }
  return joined
}

function firstSentence(text: string): string {
  return text.split('\n')[0]?.replaceAll('\t', ' ') ?? ''
}
