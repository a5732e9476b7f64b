/**
 * Puts the events of one process back into `seq` order. Records are written when requests end, so the events of a long
 * stream come late; each record says up to where everything is known, and no more than that is held back.
 */
export class OrderedEvents<Item> {
  private readonly heap: { seq: number; item: Item }[] = []

  add(seq: number, item: Item): void {
    const { heap } = this
    let index = heap.length
    const entry = { seq, item }
    heap.push(entry)
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = heap[parentIndex]
      if (parent === undefined || parent.seq <= seq) break
      heap[index] = parent
      index = parentIndex
    }
    heap[index] = entry
  }

  /** Takes out, in order, everything with a smaller `seq`. */
  *takeBelow(seq: number): Generator<Item> {
    for (;;) {
      const first = this.heap[0]
      if (first === undefined || first.seq >= seq) return
      this.removeFirst()
      yield first.item
    }
  }

  size(): number {
    return this.heap.length
  }

  private removeFirst(): void {
    const { heap } = this
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let childIndex = 2 * index + 1
      const left = heap[childIndex]
      const right = heap[childIndex + 1]
      if (left === undefined) break
      if (right !== undefined && right.seq < left.seq) childIndex += 1
      const child = heap[childIndex]
      if (child === undefined || child.seq >= last.seq) break
      heap[index] = child
      index = childIndex
    }
    heap[index] = last
  }
}
