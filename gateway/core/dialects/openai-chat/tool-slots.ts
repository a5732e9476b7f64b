/** Which call a piece of a streamed tool call belongs to. Vendors say so by index, by id, or by nothing at all. */
import type { LooseRecord } from '../../chat/loose.ts'
import { countOf, textOf } from '../../chat/loose.ts'

interface Slot {
  readonly index: number | null
  readonly id: string | null
}

/**
 * The calls of one choice. A piece belongs to
 * - the call with its index; but an index that comes again with another id *and* a name is a new call (some servers
 *   number every parallel call 0, and others send a new id with every piece, though never with a name);
 * - without an index: the call with its id, or a new call when id or name is new;
 * - without anything: the call before.
 */
export class ToolSlots {
  private readonly slots: Slot[] = []

  slotOf(piece: LooseRecord, name: string): number {
    const index = countOf(piece['index'])
    const id = textOf(piece['id'])
    if (index !== null) {
      const known = this.slots.findLastIndex((slot) => slot.index === index)
      const open = this.slots[known]
      const another = open !== undefined && id !== null && open.id !== null && id !== open.id && name !== ''
      return open === undefined || another ? this.add({ index, id }) : known
    }
    if (id !== null) {
      const known = this.slots.findIndex((slot) => slot.id === id)
      return known === -1 ? this.add({ index, id }) : known
    }
    return name !== '' || this.slots.length === 0 ? this.add({ index, id }) : this.slots.length - 1
  }

  private add(slot: Slot): number {
    this.slots.push(slot)
    return this.slots.length - 1
  }
}
