/** The commands and flags of a command line as plain values, which is all that completion needs to know of it. */

export interface OptionShape {
  /** `--format`, `-q`: every way to write it. */
  readonly names: readonly string[]
  readonly description: string
  /** What its value is called in the help; null for a switch. */
  readonly value: string | null
  /** The value may be left out. */
  readonly isOptional: boolean
  readonly choices: readonly string[]
}

export interface ArgumentShape {
  readonly name: string
  readonly isVariadic: boolean
  readonly choices: readonly string[]
}

export interface CommandShape {
  readonly name: string
  readonly summary: string
  readonly options: readonly OptionShape[]
  readonly arguments: readonly ArgumentShape[]
  readonly commands: readonly CommandShape[]
}
