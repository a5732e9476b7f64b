/**
 * What any release store must do, whatever it is made of. A store's own test calls `describeReleaseStore` with a way to
 * open the same fresh store several times, as several processes would.
 */
import { afterEach, beforeEach, describe } from 'vitest'
import { describeDamage } from './conformance/damage.ts'
import { describeFleet } from './conformance/fleet.ts'
import { describeOutage } from './conformance/outage.ts'
import { describePublishing } from './conformance/publishing.ts'
import { describeRacing } from './conformance/racing.ts'
import { Stage, type StoreUnderTest } from './conformance/stage.ts'

export type { Aging, StoreUnderTest } from './conformance/stage.ts'

export function describeReleaseStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`${name} is a release store`, () => {
    const stage = new Stage()
    beforeEach(async () => await stage.open(start))
    afterEach(async () => await stage.close())
    describePublishing(stage)
    describeDamage(stage)
    describeOutage(stage)
    describeFleet(stage)
    describeRacing(stage)
  })
}
