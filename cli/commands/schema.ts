/** `aigw schema`: the JSON Schemas of every document aigw reads, writes or sends. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { didYouMean } from '../../gateway/core/manifest/diagnostics.ts'
import { CommandError, type Context } from '../context.ts'
import type { CommonOptions } from '../definitions/common.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { readPackage } from '../io/package.ts'
import { type SchemaSummary, renderSchemas, renderSchemasJson } from '../views/schemas.ts'

const suffix = '.schema.json'

export async function schema(context: Context, name: string | undefined, options: CommonOptions): Promise<ExitCode> {
  const folder = join(readPackage().root, 'schemas')
  const names = (await readdir(folder))
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
  if (name === undefined) {
    const schemas = await Promise.all(names.toSorted().map(async (each) => await summarise(folder, each)))
    context.stdout.write(
      options.format === 'json' ? renderSchemasJson(schemas) : renderSchemas(schemas, context.stdout),
    )
    return exitCodes.done
  }
  const wanted = name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
  if (!names.includes(wanted)) {
    const hint = didYouMean(wanted, names)?.help
    throw new CommandError(`there is no schema "${name}"`, {
      details: [...(hint === undefined ? [] : [hint]), `There are ${names.toSorted().join(', ')}.`],
    })
  }
  context.stdout.write(await readFile(join(folder, `${wanted}${suffix}`), 'utf8'))
  return exitCodes.done
}

async function summarise(folder: string, name: string): Promise<SchemaSummary> {
  const value: unknown = JSON.parse(await readFile(join(folder, `${name}${suffix}`), 'utf8'))
  const description =
    typeof value === 'object' && value !== null && 'description' in value ? String(value.description) : ''
  // The first sentence is what fits beside a name.
  return { name, description: /^.*?[.](?= |$)/.exec(description)?.[0] ?? description }
}
