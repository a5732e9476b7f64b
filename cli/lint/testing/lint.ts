/** A manifest through one rule of lint, as a test writes it. */
import type { Diagnostic } from '../../../gateway/core/manifest/diagnostics.ts'
import type { RequestFacts } from '../../../gateway/core/engine/events.ts'
import { seedForIndex } from '../../../gateway/core/routing/draw.ts'
import type { ReplayRequest } from '../../replay/request.ts'
import { summariseCapture } from '../capture.ts'
import { type LintOptions, type LintedText, fixText, lintText } from '../lint.ts'
import type { RuleId } from '../rule-ids.ts'

export const now = Date.parse('2026-11-23T09:00:00Z')

export interface LintTestOptions {
  readonly severities?: LintOptions['severities']
  readonly variables?: Readonly<Record<string, string>>
  readonly requests?: readonly ReplayRequest[]
  readonly nowMs?: number
}

export function optionsFor({ severities = {}, variables = {}, requests, nowMs = now }: LintTestOptions): LintOptions {
  const capture: LintOptions['capture'] =
    requests === undefined ? null : async (table) => await summariseCapture(table, each(requests))
  return { file: 'routes.yaml', variables, severities, nowMs, capture }
}

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  for (const item of items) yield await Promise.resolve(item)
}

export async function lint(text: string, options: LintTestOptions = {}): Promise<LintedText> {
  return await lintText(text, optionsFor(options))
}

/** The text after every safe change. */
export async function fix(text: string, options: LintTestOptions = {}): Promise<string> {
  return (await fixText(text, optionsFor(options))).text
}

/**
 * What one rule says, as `LINE «what is marked there» message; help`. The manifest must be valid: a rule never sees one
 * that is not.
 */
export async function findings(rule: RuleId, text: string, options: LintTestOptions = {}): Promise<string[]> {
  const { diagnostics, isValid } = await lint(text, options)
  if (!isValid) throw new Error(`the manifest of the test is not valid: ${diagnostics[0]?.message}`)
  return diagnostics.filter(({ code }) => code === rule).map((diagnostic) => tell(diagnostic, text.split('\n')))
}

function tell({ line, column, endLine, endColumn, message, help }: Diagnostic, lines: readonly string[]): string {
  const marked = (lines[line - 1] ?? '').slice(column - 1, endLine === line ? (endColumn ?? column) - 1 : undefined)
  return `${line} «${marked}» ${message}; ${help ?? ''}`
}

/** A manifest around some routes: connections to a cloud and to one's own machines. */
export function manifest(routes: string, top = ''): string {
  return `${top}ai_routes:\n${routes.replaceAll(/^(?=.)/gm, '  ')}\n`
}

export interface RequestInput {
  readonly model: string
  readonly operation?: RequestFacts['operation']
  readonly fields?: readonly string[]
  readonly has?: RequestFacts['features']['has']
  readonly stream?: boolean
  readonly credential?: string
  readonly unknown?: ReplayRequest['unknown']
  readonly seen?: ReplayRequest['seen']
}

export function request(input: RequestInput): ReplayRequest {
  const {
    model,
    operation = 'chat',
    fields = [],
    has = [],
    stream = false,
    credential = null,
    unknown = new Set(),
    seen = [],
  } = input
  return {
    index: 0,
    id: '',
    process: '',
    arrivedUs: 0,
    unknown,
    seen,
    hungUpAfterUs: null,
    outputTokens: null,
    facts: {
      seed: seedForIndex(1, 1),
      operation,
      model,
      credential,
      organization: null,
      headers: {},
      features: { stream, has, fields, messages: 1, promptCharacters: 10, images: 0, maxOutputTokens: null },
      estimate: { inputTokens: 10, outputTokens: null, family: 'characters-4' },
      stickySeeds: {},
    },
  }
}

/** An answer of a target that took so long. */
export function answered(
  target: string,
  totalMs: number,
  firstContentMs: number | null = null,
): ReplayRequest['seen'][0] {
  const firstContentUs = firstContentMs === null ? null : firstContentMs * 1_000
  const end = { class: 'ok', usage: null, status: 200, retryAfterMs: null } as const
  return { target, observation: { firstContentUs, totalUs: totalMs * 1_000, censored: false, end } }
}
