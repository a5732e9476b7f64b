import { describe, expect, it } from 'vitest'
import { beginsWithOddSpace, findConflicts, findUnclosed } from './text-traps.ts'

describe('findUnclosed', () => {
  it.each([
    ['a: [1, 2]\nb: {c: "}"}\n', null],
    ['a: {b: 1\nc: [2]\n', ['{', 3]],
    ['a: [{b: 1}\n', ['[', 3]],
    ['a: "x\nb: 1\n', ['"', 3]],
    ["a: 'it''s\n", ["'", 3]],
    ["a: it's fine\nb: [\n", ['[', 16]],
    ['a: 1 # [ {\n', null],
    ['a: "\\""\n', null],
    ['a#b: [x]\n', null],
  ])('%j', (text, expected) => {
    const found = findUnclosed(text)
    expect(found === null ? null : [found.mark, found.offset]).toEqual(expected)
  })
})

describe('findConflicts', () => {
  const lastLines = (text: string): number[] => findConflicts(text).map(({ lastLine }) => lastLine)

  it.each<[string, number[]]>([
    ['<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n', [5]],
    ['<<<<<<< HEAD\r\na\r\n=======\r\nb\r\n>>>>>>> x\r\n', [5]],
    ['<<<<<<<\n>>>>>>>\nx\n<<<<<<<\n>>>>>>>', [2, 5]],
    ['x\n<<<<<<< HEAD\nto the end', [3]],
    ['=======\n>>>>>>> x\n', []],
    ['a: |\n  <<<<<<< not at the margin\n', []],
    ['<<<<<<<<<< more than seven\n', []],
  ])('%j', (text, expected) => {
    expect(lastLines(text)).toEqual(expected)
  })
})

it('knows spaces that are none', () => {
  expect(['\u00a0a', '  \u2003a', '\ufeffa'].map(beginsWithOddSpace)).toEqual([true, true, true])
  expect(['a', '  a', '\ta', 'a\u00a0b'].map(beginsWithOddSpace)).toEqual([false, false, false, false])
})
