/** What the writer of a stream knows of one choice. */

export interface ToolState {
  id: string
  /** Number among the choice's calls; null until the name has come, because a call is announced with its name. */
  index: number | null
  /** Arguments that came before the name. */
  pending: string
  hasArguments: boolean
  readonly isCustom: boolean
}

export interface ChoiceState {
  readonly index: number
  finished: boolean
  /** Something a caller would see. */
  content: boolean
  /** By the dialect's own slot. */
  readonly tools: (ToolState | undefined)[]
  toolCount: number
  functionCall: 'none' | 'named' | 'with_arguments'
  /** Arguments of a call in the older form that came before its name. */
  unnamed: string
}

export function newChoice(index: number): ChoiceState {
  return { index, finished: false, content: false, tools: [], toolCount: 0, functionCall: 'none', unnamed: '' }
}
