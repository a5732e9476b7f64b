import { describe, expect, it } from 'vitest'
import { defaultLateness, Lateness } from './lateness.ts'

/** A loop that comes round after each of these gaps, with so many requests under way. */
class Loop {
  readonly lateness = new Lateness()
  open = 1000
  private nowMs = 0

  constructor() {
    this.lateness.sample(0, this.open)
  }

  round(...gapsMs: readonly number[]): number {
    for (const gapMs of gapsMs) {
      this.nowMs += gapMs
      this.lateness.sample(this.nowMs, this.open)
    }
    return this.lateness.mayBeOpen()
  }

  calm(ms: number): number {
    for (let passed = 0; passed < ms; passed += 20) this.round(20)
    return this.lateness.mayBeOpen()
  }
}

const unlimited = Number.POSITIVE_INFINITY

describe('a loop that is late', () => {
  it('for one moment, however long, limits nothing; nor do two that have nothing to do with each other', () => {
    const loop = new Loop()
    expect(loop.round(20, 20, 3000, 20)).toBe(unlimited)
    loop.calm(1000)
    expect(loop.round(200, 20)).toBe(unlimited)
  })

  it('moment after moment keeps fewer under way, the later the fewer', () => {
    const loop = new Loop()
    expect(loop.round(120, 120)).toBe(800)
    const later = new Loop()
    expect(later.round(120, 20, 20, 900)).toBe(500)
  })

  it('waits until its limit is kept before it lowers it again', () => {
    const loop = new Loop()
    expect(loop.round(150, 150, 150, 150, 400)).toBe(800)
    loop.open = 800
    expect(loop.round(150)).toBe(640)
  })

  it('never keeps out the few whom it is not late for', () => {
    const loop = new Loop()
    loop.open = defaultLateness.fewest
    expect(loop.round(500, 500, 500)).toBe(unlimited)
    loop.open = defaultLateness.fewest + 1
    expect(loop.round(500, 500)).toBe(defaultLateness.fewest)
  })

  it('keeps out those who come while it is late again, before it has come round', () => {
    const loop = new Loop()
    expect(loop.lateness.admits(90, 1000)).toBe(true)
    expect(loop.lateness.admits(5000, 1000)).toBe(true)
    loop.round(150)
    expect(loop.lateness.admits(150 + 20 + 79, 1000)).toBe(true)
    expect(loop.lateness.admits(150 + 20 + 80, 1000)).toBe(false)
    expect(loop.lateness.mayBeOpen()).toBe(800)
    expect(loop.lateness.admits(150 + 20 + 80, 799)).toBe(true)
  })

  it('tells about how long one waits for it', () => {
    const loop = new Loop()
    expect(loop.lateness.waitMs()).toBe(0)
    loop.round(...Array.from({ length: 30 }, () => 220))
    expect(loop.lateness.waitMs()).toBeGreaterThan(90)
    expect(loop.lateness.waitMs()).toBeLessThan(110)
    loop.calm(10_000)
    expect(loop.lateness.waitMs()).toBeLessThan(1)
  })
})

describe('a limit', () => {
  it('stays while the loop is neither late nor calm', () => {
    const loop = new Loop()
    loop.round(150, 150)
    loop.open = 800
    expect(loop.round(...Array.from({ length: 100 }, () => 60))).toBe(800)
  })

  it('stays for a while though all that made it necessary have gone', () => {
    const loop = new Loop()
    loop.round(150, 150)
    loop.open = 3
    expect(loop.calm(4_000)).toBe(800)
    expect(loop.calm(2_000)).toBe(unlimited)
  })

  it('is raised while the loop is calm and somebody is held back, and lifted when nobody has been for a while', () => {
    const loop = new Loop()
    loop.round(150, 150)
    const raised = loop.calm(2_000)
    expect(raised).toBeGreaterThan(800 * 1.05 ** 5)
    expect(raised).toBeLessThan(800 * 1.05 ** 11)
    loop.open = 10
    expect(loop.calm(4_000)).toBe(raised)
    expect(loop.calm(2_000)).toBe(unlimited)
  })

  it('does not flap: held at what the loop can just carry, it moves by a twentieth at a time', () => {
    const loop = new Loop()
    loop.round(150, 150)
    const seen: number[] = []
    // What the loop carries without being late; every request beyond it makes it later.
    const carries = 500
    for (let round = 0; round < 2000; round += 1) {
      loop.open = Math.min(5000, loop.lateness.mayBeOpen())
      const beyond = Math.max(0, loop.open - carries)
      seen.push(loop.round(20 + beyond * 2))
    }
    const settled = seen.slice(1000)
    expect(Math.min(...settled)).toBeGreaterThan(carries * 0.7)
    expect(Math.max(...settled)).toBeLessThan(carries * 1.3)
  })

  it('counts nothing of a time in which nobody looked', () => {
    const loop = new Loop()
    loop.round(150)
    loop.lateness.rest()
    expect(loop.round(60_000)).toBe(unlimited)
    expect(loop.round(150)).toBe(unlimited)
  })
})
