/** Values with something wrong in them, for laws about what must be survived. */
import fc from 'fast-check'

const rubbish = fc.constantFrom<unknown[]>(
  null,
  '',
  'x',
  0,
  -1,
  1.5,
  1e300,
  true,
  [],
  {},
  [[]],
  'constructor',
  '__proto__',
)

/** The value with one of its parts gone, or something else in its place. */
export function spoilt(value: unknown): fc.Arbitrary<unknown> {
  return fc.tuple(fc.nat(40), rubbish, fc.boolean()).map(([at, instead, isGone]) => {
    const copy: unknown = structuredClone(value)
    const places: (readonly [holder: object, key: string])[] = []
    const walk = (holder: unknown): void => {
      if (typeof holder !== 'object' || holder === null) return
      for (const key of Object.keys(holder)) {
        places.push([holder, key])
        walk(Reflect.get(holder, key))
      }
    }
    walk(copy)
    const place = places[at % Math.max(places.length, 1)]
    if (place === undefined) return copy
    if (isGone) Reflect.deleteProperty(...place)
    else Reflect.set(...place, instead)
    return copy
  })
}
