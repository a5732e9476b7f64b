/**
 * What models of this language take, by the names their maker gives them: the API answers 400 to images or reasoning
 * asked of a model without. Models of other names (private deployments, the newest) are taken to know all of it.
 *
 * Sources, read 2026-11-24: the maker's model pages (https://docs.cohere.com/docs/models and the page of each model
 * named there), its reference of the chat API ("only compatible with models Command-r7b and newer": `tool_choice`) and
 * its page on structured outputs (Command A does not hold calls to their schemas, the R models do).
 */
import type { ModelKind } from '../dialect.ts'

export interface ModelTraits {
  readonly readsImages: boolean
  /** Can it be asked to reason? */
  readonly reasons: boolean
  /** Does it take `tool_choice`? */
  readonly choosesTools: boolean
  /** Does it take `strict_tools`? */
  readonly strictTools: boolean
}

const unknownModel: ModelTraits = { readsImages: true, reasons: true, choosesTools: true, strictTools: false }
const textOnly: ModelTraits = { readsImages: false, reasons: false, choosesTools: true, strictTools: false }
const beforeToolChoice: ModelTraits = { ...textOnly, choosesTools: false }

interface Family {
  /** Its members' names hold this. */
  readonly name: string
  readonly traits: ModelTraits
  /** One of them, for documents. */
  readonly model: string
}

/** The first that fits counts, so longer names stand before those they begin with. */
const families: readonly Family[] = [
  { name: 'command-a-plus', traits: unknownModel, model: 'command-a-plus-05-2026' },
  {
    name: 'command-a-reasoning',
    traits: { ...unknownModel, readsImages: false },
    model: 'command-a-reasoning-08-2025',
  },
  { name: 'command-a-vision', traits: { ...textOnly, readsImages: true }, model: 'command-a-vision-07-2025' },
  { name: 'command-a-translate', traits: textOnly, model: 'command-a-translate-08-2025' },
  { name: 'command-a', traits: textOnly, model: 'command-a-03-2025' },
  { name: 'command-r7b', traits: { ...textOnly, strictTools: true }, model: 'command-r7b-12-2024' },
  { name: 'command-r', traits: { ...beforeToolChoice, strictTools: true }, model: 'command-r-08-2024' },
  { name: 'command', traits: beforeToolChoice, model: 'command' },
  { name: 'aya-vision', traits: { ...beforeToolChoice, readsImages: true }, model: 'c4ai-aya-vision-32b' },
  { name: 'aya', traits: beforeToolChoice, model: 'c4ai-aya-expanse-32b' },
]

/** The traits of a model; the same object for models of one family. */
export function traitsOf(model: string): ModelTraits {
  const name = model.toLowerCase()
  // Versions of Command A that are not here yet may know more than the first one did.
  if (/command-a-(?!\d|plus|reasoning|vision|translate)/.test(name)) return unknownModel
  return families.find((family) => name.includes(family.name))?.traits ?? unknownModel
}

export const modelKinds: readonly ModelKind[] = [
  ...families
    .map(({ name, model }): ModelKind => ({ family: name, from: null, before: null, model }))
    .toSorted((one, other) => (one.family < other.family ? -1 : 1)),
  { family: 'models of other names', from: null, before: null, model: '' },
]
