/** Where a citation has the address of its web page: under its place, or as the source itself. */
import type { LooseRecord } from '../../chat/loose.ts'
import { recordOf } from '../../chat/loose.ts'

export function webAddressOf({ location, source }: LooseRecord): unknown {
  return recordOf(recordOf(location)?.['web'])?.['url'] ?? source
}
