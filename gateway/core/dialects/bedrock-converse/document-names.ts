/**
 * Names of documents. One is demanded, and only "Alphanumeric characters, Whitespace characters (no more than one in a
 * row), Hyphens, Parentheses, Square brackets" may stand in it (types of the client, 3.1164.0, read 2026-11-24), and
 * underscores (recorded: `company_policy`); two documents of one request must not share one.
 */
const longest = 200

export class DocumentNames {
  private readonly taken = new Set<string>()
  /** How often a name was wanted, so that the next free one is found at once however many are alike. */
  private readonly copies = new Map<string, number>()

  nameOf(filename: string | null): string {
    // The ending says what the format says already.
    const stem = (filename ?? '').replace(/\.[A-Za-z0-9]{1,5}$/, '')
    const plain = stem
      .replace(/[^\w\s()[\]-]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, longest)
    const name = plain === '' ? 'document' : plain
    let unique = name
    let copy = this.copies.get(name) ?? 2
    for (; this.taken.has(unique); copy += 1) unique = `${name} ${copy}`
    this.copies.set(name, copy)
    this.taken.add(unique)
    return unique
  }
}
