/** What the shell is told. When several hold: 1 first, then 5, 4, 3, 2. */
export const exitCodes = {
  done: 0,
  /** Could not do it: an unreadable file, a store that is away, a gateway that lags behind. */
  failed: 1,
  /** There are changes; only with `--detailed-exitcode`, as Terraform has it. */
  changes: 2,
  /** Findings at or above `--fail-severity`; an invalid document. */
  findings: 3,
  /** An assertion of a replay or a drill does not hold. */
  assertion: 4,
  /** Refused: a stale plan, or somebody else was first. */
  refused: 5,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const precedence: readonly ExitCode[] = [1, 5, 4, 3, 2, 0]

export function worstOf(...codes: readonly ExitCode[]): ExitCode {
  return precedence.find((code) => codes.includes(code)) ?? exitCodes.done
}
