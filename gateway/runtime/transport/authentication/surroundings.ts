/** What the gateway gives to those who look for credentials. */
import type { ResolvedSecrets } from '../headers.ts'

export interface Surroundings {
  readonly secrets: ResolvedSecrets
  /** The gateway's own, not the process's. */
  readonly environment: Readonly<Record<string, string | undefined>>
}
