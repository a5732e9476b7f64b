/** `aigw.yaml`, and which environment a command is about. */
import { didYouMean } from '../../gateway/core/manifest/diagnostics.ts'
import type { Diagnostic, Problem } from '../../gateway/core/manifest/diagnostics.ts'
import type { Config, Gates } from '../../schemas/index.ts'
import type { Context } from '../context.ts'
import { CommandError } from '../context.ts'
import { isRuleId, ruleIds } from '../lint/rule-ids.ts'
import { InvalidDocumentsError } from './documents.ts'
import { readTextIfThere } from './files.ts'

export const configFile = 'aigw.yaml'
export const defaultEnvironment = 'local'
const defaultStore = 'file:.aigw'

export interface ConfigReading {
  readonly text: string
  /** null when it has errors. */
  readonly config: Config | null
  readonly diagnostics: readonly Diagnostic[]
}

export interface TargetEnvironment {
  readonly name: string
  readonly storeUrl: string
  readonly variables: Readonly<Record<string, string>>
  readonly gates: Gates
  /** False: there is no `aigw.yaml`, and `variables` are those of this process. */
  readonly isConfigured: boolean
}

/** null when there is no such file. Never throws for what stands in it. */
export async function readConfig(context: Context): Promise<ConfigReading | null> {
  const text = await readTextIfThere(context, configFile)
  return text === null ? null : await parseConfig(text, configFile)
}

export async function parseConfig(text: string, file: string): Promise<ConfigReading> {
  const [{ readDocument }, { validateConfig }] = await Promise.all([
    import('../../gateway/core/manifest/document.ts'),
    import('../../schemas/validate-config.ts'),
  ])
  const request = { file, variables: null, validate: validateConfig, check: checkConfig }
  const { value, diagnostics } = readDocument(text, request)
  return { text, config: value, diagnostics }
}

/**
 * The environment a command acts on: the named one, else `local`, else the only one there is. Throws `CommandError`
 * and `InvalidDocumentsError`.
 */
export async function resolveEnvironment(context: Context, name: string | undefined): Promise<TargetEnvironment> {
  const reading = await readConfig(context)
  if (reading === null) {
    if (name !== undefined && name !== defaultEnvironment) {
      throw new CommandError(`there is no environment "${name}": without ${configFile} the only one is "local"`)
    }
    const variables = definedVariables(context.env)
    return { name: defaultEnvironment, storeUrl: defaultStore, variables, gates: {}, isConfigured: false }
  }
  if (reading.config === null) {
    throw new InvalidDocumentsError(reading.diagnostics, new Map([[configFile, reading.text]]))
  }
  const { environments } = reading.config
  const names = Object.keys(environments)
  const wanted = name ?? (names.includes(defaultEnvironment) || names.length > 1 ? defaultEnvironment : names[0])
  const environment = wanted === undefined ? undefined : environments[wanted]
  if (wanted === undefined || environment === undefined) {
    const hint = name === undefined ? undefined : didYouMean(name, names)?.help
    throw new CommandError(
      name === undefined ? 'which environment? Name one with --env' : `there is no environment "${name}"`,
      { details: [...(hint === undefined ? [] : [hint]), `${configFile} has ${names.join(', ')}`] },
    )
  }
  return {
    name: wanted,
    storeUrl: environment.store,
    variables: environment.variables ?? {},
    gates: environment.gates ?? {},
    isConfigured: true,
  }
}

/**
 * For a bare manifest: the variables of `local`, where `aigw.yaml` has it, else the process's own. An `aigw.yaml` that is
 * broken or has no `local` is no reason not to look at a manifest.
 */
export async function variablesOfLocal(context: Context): Promise<Readonly<Record<string, string>>> {
  const reading = await readConfig(context)
  const local = reading?.config?.environments[defaultEnvironment]
  return local === undefined ? definedVariables(context.env) : (local.variables ?? {})
}

function definedVariables(env: Context['env']): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return Object.fromEntries(entries)
}

/** What the schema cannot say. */
function checkConfig({ environments, lint }: Config): Problem[] {
  const names = Object.keys(environments)
  const unknownRules = Object.keys(lint?.rules ?? {}).filter((rule) => !isRuleId(rule))
  const rules = unknownRules.map((rule): Problem => {
    const help = didYouMean(rule, ruleIds)?.help ?? '`aigw lint --explain` lists the rules'
    const message = `there is no lint rule \`${rule}\``
    return { code: 'unknown-rule', path: ['lint', 'rules', rule], message, help, spot: { part: 'key' } }
  })
  const promotions = names.flatMap((name): Problem[] => {
    const from = environments[name]?.promoted_from
    if (from === undefined || (from !== name && names.includes(from))) return []
    const path = ['environments', name, 'promoted_from']
    const why = from === name ? 'an environment cannot be promoted from itself' : `there is no environment \`${from}\``
    return [{ code: 'unknown-environment', path, message: why, ...didYouMean(from, names) }]
  })
  return [...promotions, ...rules]
}
