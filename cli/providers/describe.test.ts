import { describe, expect, it } from 'vitest'
import { requestFields } from '../../gateway/core/chat/request-fields.ts'
import type { Dialect } from '../../gateway/core/dialects/dialect.ts'
import { dialects, lossTableOf } from '../../gateway/core/dialects/index.ts'
import { approximated, compileLosses, dropped } from '../../gateway/core/dialects/losses.ts'
import { openaiChat } from '../../gateway/core/dialects/openai-chat/index.ts'
import { noQuirks } from '../../gateway/core/dialects/quirks.ts'
import { embeddingsFields } from '../../gateway/core/embeddings/fields.ts'
import { embeddingsLossTableOf } from '../../gateway/core/embeddings/index.ts'
import { providers } from '../../gateway/core/providers/index.ts'
import type { Provider } from '../../gateway/core/providers/provider.ts'
import { rowsByModel } from './by-model.ts'
import { describeProvider, describeProviders } from './describe.ts'
import { tellDifferences } from './differences.ts'
import { groupOf, partGroups } from './parts.ts'

const all = describeProviders()
const byId = all.map((one) => [one.id, one] as const)

describe('what is said of providers', () => {
  it('is said of every one', () => {
    expect(all.map(({ id }) => id)).toEqual(Object.keys(providers))
  })

  it('puts every part of a request under one heading that is shown', () => {
    expect(Object.keys(groupOf).toSorted()).toEqual([...requestFields].toSorted())
    expect(new Set(Object.values(groupOf))).toEqual(new Set(partGroups))
  })

  it.each(byId)('%s: every part once, with the fate that the encoder goes by', (id, { losses, dialect }) => {
    if (dialect === null || dialects[dialect] === undefined) {
      expect(losses).toBeNull()
      return
    }
    const rows = losses?.flatMap((group) => group.rows) ?? []
    expect(rows.map(({ part }) => part).toSorted()).toEqual([...requestFields].toSorted())
    const table = compileLosses(dialects[dialect], providers[id].quirks.losses)
    for (const { part, fidelity, how } of rows) {
      expect([part, fidelity, how]).toEqual([
        part,
        table.rows.get(part)?.fidelity ?? 'exact',
        table.rows.get(part)?.how ?? how,
      ])
    }
    // A loss without a reason would be told as a bare word.
    expect(rows.filter(({ fidelity, how }) => fidelity !== 'exact' && how === '')).toEqual([])
  })

  it.each(byId)('%s is served exactly where its language is spoken', (id, { unavailable }) => {
    const { dialect } = providers[id]
    expect(unavailable === null).toBe(dialect === null || dialects[dialect] !== undefined)
  })

  it.each(byId)('%s: every part of an embeddings request once, with the fate that the encoder goes by', (id) => {
    const provider = providers[id]
    const { embeddings } = describeProvider(provider)
    expect(embeddings.map(({ path }) => path)).toEqual((provider.embeddings ?? []).map(({ path }) => path))
    for (const [index, { rows }] of embeddings.entries()) {
      const wire = provider.embeddings?.[index]
      const table = wire === undefined ? undefined : embeddingsLossTableOf(wire)
      expect(rows.map(({ part }) => part)).toEqual([...embeddingsFields])
      for (const { part, fidelity } of rows) expect(fidelity).toBe(table?.rows.get(part)?.fidelity ?? 'exact')
      expect(rows.filter(({ fidelity, how }) => fidelity !== 'exact' && how === '')).toEqual([])
    }
  })

  it('has the embeddings of one model, where a model is given', () => {
    const of = (model: string) => describeProvider(providers.bedrock, model).embeddings.map(({ language }) => language)
    expect(of('amazon.titan-embed-text-v2:0')).toEqual(['titan-embed-invoke'])
    expect(of('us.cohere.embed-v4:0')).toEqual(['cohere-embed-invoke'])
    expect(of('anthropic.claude-sonnet-4-5-20250929-v1:0')).toEqual([])
  })

  it("tells a provider's own row from its language's, and values that are affected", () => {
    const quirks = { losses: { temperature: approximated('at most 1', { above: 1 }), seed: dropped('no seeds') } }
    const { losses } = describeProvider({ ...providers['openai-compatible'], quirks })
    const rows = losses?.flatMap((group) => group.rows) ?? []
    expect(rows.find(({ part }) => part === 'seed')).toEqual({
      part: 'seed',
      fidelity: 'dropped',
      how: 'no seeds',
      above: null,
      from: 'provider',
    })
    expect(rows.find(({ part }) => part === 'temperature')).toMatchObject({ above: 1, from: 'provider' })
    expect(rows.filter(({ from }) => from === 'provider')).toHaveLength(2)
    expect(rows.find(({ part }) => part === 'messages[].reasoning_details')).toMatchObject({
      fidelity: openaiChat.losses['messages[].reasoning_details'].fidelity,
      from: 'language',
    })
  })

  it('tells the address of a region where there is none for all', () => {
    const { baseUrl, regionalUrl } = describeProvider(providers.vertex)
    expect(baseUrl).toBeNull()
    expect(regionalUrl).toMatch(/^https:\/\/\{region\}.*\{project\}/)
    expect(describeProvider(providers.openai).regionalUrl).toBeNull()
  })

  it.each<[Provider['auth'], string]>([
    [{ scheme: 'bearer' }, 'as `authorization: Bearer`'],
    [{ scheme: 'header', name: 'x-key' }, 'in the header `x-key`'],
    [{ scheme: 'none' }, 'no key is sent'],
  ])('%j', (auth, told) => {
    expect(describeProvider({ ...providers['openai-compatible'], auth, keyRequired: true }).authentication).toBe(told)
  })
})

describe('rows that depend on the model', () => {
  const rows = { seed: dropped('not there'), temperature: approximated('at most 1', { above: 1 }) }
  const dialect: Dialect = {
    ...openaiChat,
    modelLosses: (model) => (model === 'old' ? rows : model === 'middle' ? { seed: rows.seed } : {}),
    modelKinds: [
      { family: 'x', from: '1.0', before: '2.0', model: 'old' },
      { family: 'x', from: '2.0', before: '3.0', model: 'middle' },
      { family: 'x', from: '3.0', before: '4.0', model: 'new' },
      { family: 'x', from: '4.0', before: null, model: 'middle' },
      { family: 'y', from: '1.0', before: null, model: 'middle' },
      { family: 'others', from: null, before: null, model: 'new' },
    ],
  }

  it('are told by family and version, neighbours as one, and only where they differ', () => {
    expect(rowsByModel(dialect)).toEqual([
      { part: 'temperature', loss: rows.temperature, models: ['x from 1.0, before 2.0'] },
      { part: 'seed', loss: rows.seed, models: ['x from 1.0, before 3.0', 'x from 4.0', 'y from 1.0'] },
    ])
    expect(rowsByModel(openaiChat)).toEqual([])
  })

  it.each(byId)('of %s: what is told for a model is what its requests are encoded by', (id, { dialect: language }) => {
    const spoken = language === null ? undefined : dialects[language]
    for (const { model } of spoken?.modelKinds ?? []) {
      const table = lossTableOf(providers[id], model)
      const { losses, byModel } = describeProvider(providers[id], model)
      const told = losses?.flatMap((group) => group.rows).filter(({ fidelity }) => fidelity !== 'exact') ?? []
      expect(new Map(told.map(({ part, fidelity, how }) => [part, [fidelity, how]]))).toEqual(
        new Map([...table.rows].map(([part, { fidelity, how }]) => [part, [fidelity, how]])),
      )
      expect(byModel).toEqual([])
    }
    // A language whose rows depend on the model says for which models it knows that.
    expect(spoken?.modelKinds === undefined).toBe(spoken?.modelLosses === undefined)
    expect(describeProvider(providers[id]).byModel.length > 0).toBe(spoken?.modelLosses !== undefined)
  })
})

describe('models that are spoken to in another language', () => {
  const modelWires = [
    {
      modelPrefix: 'claude',
      dialect: 'anthropic-messages',
      chatPath: '/theirs/{model}',
      streamPath: '/theirs/{model}:stream',
      quirks: { modelInPath: true, losses: { seed: dropped('not with them') } },
      check: { call: 'chat', costs: 'a token', source: { url: '', checked: '' } },
    },
  ] as const
  const provider: Provider = { ...providers['openai-compatible'], modelWires }

  it('are told beside the rest', () => {
    const { dialect, chatPath, otherWires, check } = describeProvider(provider)
    expect({ dialect, chatPath, call: check.call }).toEqual({
      dialect: 'openai-chat',
      chatPath: '/chat/completions',
      call: 'GET',
    })
    expect(otherWires).toEqual([
      {
        modelPrefix: 'claude',
        dialect: 'anthropic-messages',
        chatPath: '/theirs/{model}',
        streamPath: '/theirs/{model}:stream',
      },
    ])
    expect(all.filter(({ id, otherWires: told }) => told.length !== (providers[id].modelWires ?? []).length)).toEqual(
      [],
    )
  })

  it('have a table of their own, by the name of one of them', () => {
    const told = describeProvider(provider, 'claude-opus-5-5')
    expect(told).toMatchObject({ dialect: 'anthropic-messages', chatPath: '/theirs/{model}', otherWires: [] })
    expect(told.check.call).toBe('chat')
    expect(told.differences).toEqual(['the model stands in the path, and the body names none'])
    const rows = told.losses?.flatMap((group) => group.rows) ?? []
    const table = lossTableOf(provider, 'claude-opus-5-5')
    for (const { part, fidelity } of rows)
      expect([part, fidelity]).toEqual([part, table.rows.get(part)?.fidelity ?? 'exact'])
    expect(rows.find(({ part }) => part === 'seed')).toMatchObject({ how: 'not with them', from: 'provider' })
    // Another model of the same provider is none of them.
    expect(describeProvider(provider, 'gemini').dialect).toBe('openai-chat')
  })
})

describe('what a provider does otherwise', () => {
  it.each([
    [{ modelInPath: true }, ['the model stands in the path, and the body names none']],
    [{ bodyVersion: 'v-1' }, ['the version of the API stands in the body: `v-1`']],
    [{ withoutStructuredOutputs: true }, [expect.stringContaining('structured outputs are not asked for')]],
    [{ developerAsSystem: true }, ['messages of the role `developer` are sent as `system`']],
    [{ toolCallIdLength: 9 }, [expect.stringContaining('9 letters and digits')]],
    [{ renames: { seed: 'random_seed', a: 'b' } }, ['`seed` is sent as `random_seed`', '`a` is sent as `b`']],
    [{ values: { tool_choice: { required: 'any' } } }, ['`tool_choice: required` is sent as `tool_choice: any`']],
    [{ lists: ['stop'] }, ['`stop` is sent as a list, even for one value']],
    [{ usageUnasked: true }, [expect.stringContaining('`stream_options` is not sent')]],
    [{ streamExtension: 'x_own' }, [expect.stringContaining('`x_own`')]],
    [{ losses: { seed: dropped('x') } }, []],
    [noQuirks, []],
  ] as const)('%j', (quirks, told) => {
    expect(tellDifferences(quirks)).toEqual(told)
  })
})
