/** The values of the world that a word can be completed to. Nothing here fails: what cannot be read has none. */
import { readFile, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ValueKind } from '../completion/complete.ts'
import type { Context } from '../context.ts'
import { defaultEnvironment, readConfig } from './config.ts'
import { readPackage } from './package.ts'

/** All that begin with what is typed; folders end in a slash. */
export async function findValues(context: Context, kind: ValueKind, typed: string): Promise<readonly string[]> {
  try {
    const values = await lookUp(context, kind, typed)
    return values.filter((value) => value.startsWith(typed))
  } catch {
    return []
  }
}

async function lookUp(context: Context, kind: ValueKind, typed: string): Promise<readonly string[]> {
  switch (kind) {
    case 'file':
      return await listFiles(context, typed, () => true)
    case 'folder':
      return await listFiles(context, typed, () => false)
    case 'manifest':
      return await listFiles(context, typed, (name) => /[.](?:ya?ml|json)$/.test(name))
    case 'environment': {
      const reading = await readConfig(context)
      return reading === null ? [defaultEnvironment] : Object.keys(reading.config?.environments ?? {})
    }
    case 'provider':
      return await providerTypes()
    case 'schema': {
      const names = await readdir(join(readPackage().root, 'schemas'))
      return names.filter((name) => name.endsWith('.schema.json')).map((name) => name.replace('.schema.json', ''))
    }
    case 'rule': {
      const { ruleIds } = await import('../lint/rule-ids.ts')
      return ruleIds
    }
    case 'code': {
      const page = await readFile(join(readPackage().root, 'docs', 'diagnostics.md'), 'utf8')
      return [...page.matchAll(/^## (.+)$/gm)].map(([, code = '']) => code)
    }
    default:
      return kind satisfies never
  }
}

async function providerTypes(): Promise<readonly string[]> {
  const { providers } = await import('../../gateway/core/providers/index.ts')
  return Object.keys(providers)
}

/** What lies in the folder that the typed path leads to; hidden names only when a dot was typed. */
async function listFiles(context: Context, typed: string, takes: (name: string) => boolean): Promise<string[]> {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1)
  const home = context.env['HOME'] ?? ''
  const path = folder.startsWith('~/') ? join(home, folder.slice(2)) : resolve(context.cwd, folder)
  const entries = await readdir(path, { withFileTypes: true })
  return entries
    .filter(({ name }) => !name.startsWith('.') || typed.slice(folder.length).startsWith('.'))
    .flatMap((entry) => {
      if (entry.isDirectory()) return [`${folder}${entry.name}/`]
      return takes(entry.name) ? [`${folder}${entry.name}`] : []
    })
    .toSorted()
}
