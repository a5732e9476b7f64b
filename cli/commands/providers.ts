/** `aigw providers`: who can be called, where, and what becomes of a request there. Reads nothing but the registry. */
import { didYouMean, quote } from '../../gateway/core/manifest/diagnostics.ts'
import { isProviderId } from '../../gateway/core/manifest/references.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import { CommandError, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { describeProvider, describeProviders } from '../providers/describe.ts'
import { renderProviderMarkdown, renderProvidersMarkdown } from '../views/providers-markdown.ts'
import { renderProvider, renderProviderJson, renderProviders, renderProvidersJson } from '../views/providers.ts'

export interface ShowProviderOptions extends CommonOptions {
  /** Only what is not carried exactly. */
  readonly lost: boolean
  readonly model: string | undefined
}

export function listProviders({ stdout }: Context, { format }: CommonOptions): ExitCode {
  const all = describeProviders()
  if (format === 'json') stdout.write(renderProvidersJson(all))
  else if (format === 'markdown') stdout.write(renderProvidersMarkdown(all))
  else stdout.write(renderProviders(all, stdout))
  return exitCodes.done
}

export function showProvider({ stdout }: Context, type: string, options: ShowProviderOptions): ExitCode {
  if (!isProviderId(type)) throw unknownType(type)
  const { format, lost: lostOnly, model = null } = options
  const described = describeProvider(providers[type], model)
  if (format === 'json') stdout.write(renderProviderJson(described, { lostOnly }))
  else if (format === 'markdown') stdout.write(renderProviderMarkdown(described, { lostOnly }))
  else stdout.write(renderProvider(described, { lostOnly, output: stdout }))
  return exitCodes.done
}

function unknownType(type: string): CommandError {
  const ids = Object.keys(providers)
  const hint = didYouMean(type, ids)?.help
  const details = [...(hint === undefined ? [] : [hint]), '`aigw providers list` shows which there are.']
  return new CommandError(`there is no provider type ${quote(type)}`, { details })
}
