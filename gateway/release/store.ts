/**
 * Where releases live. A store is small on purpose: an append-only list of releases with one compare-and-swap, what
 * the gateways report about themselves, and one slot through which they are shown a release before it is published.
 * Every store passes `testing/conformance.ts`.
 */
import type { InstanceReport } from './instance.ts'
import type { Release, ReleaseDraft } from '../../schemas/index.ts'

/** The newest release of a store. */
export interface Head {
  readonly revision: number
  readonly hash: string
}

export type Publication =
  | { readonly ok: true; readonly release: Release }
  /** Somebody else published first. Nothing was written. */
  | { readonly ok: false; readonly head: Head | null }

/** A release on trial: every gateway compiles it and resolves its secrets before it may be published. */
export interface Candidate {
  readonly id: string
  readonly draft: ReleaseDraft
  /** Who is asking, for the message another `apply` prints meanwhile: `user@host`. */
  readonly by: string
}

/** A candidate as another process meets it. */
export interface SeenCandidate {
  readonly id: string
  readonly by: string
  /** null when this version cannot read it; `problem` says why. */
  readonly draft: ReleaseDraft | null
  readonly problem: string | null
}

export type Proposal =
  | { readonly ok: true }
  /** Another `apply` holds the slot. */
  | { readonly ok: false; readonly holder: { readonly id: string; readonly by: string } }

export interface ReleaseSummary {
  readonly revision: number
  /** null when the release cannot be read; `problem` says why. */
  readonly release: Release | null
  readonly problem: string | null
}

/** Which releases to list; without it all of them. */
export interface ReleaseRange {
  /** Only revisions greater than this one. */
  readonly above?: number
  /** At most so many, the newest. */
  readonly limit?: number
}

/** How long a proposed candidate blocks another one, should the process that proposed it be gone. */
export const candidateLeaseMs = 60_000

export interface ReleaseStore {
  readonly url: string
  /** True when this process may watch but not publish (a Kubernetes ConfigMap mount, for one). */
  readonly readOnly: boolean
  /** null: nothing was published yet. */
  head(): Promise<Head | null>
  /** Throws `StoreError` when there is no such release, or it is damaged or of a newer schema. */
  read(revision: number): Promise<Release>
  /** Becomes the next revision if and only if `expectedHead` (null: an empty store) is still the head. */
  publish(draft: ReleaseDraft, expectedHead: number | null): Promise<Publication>
  /** Newest first. A release that cannot be read is listed with its problem. */
  list(range?: ReleaseRange): Promise<readonly ReleaseSummary[]>
  /**
   * Calls back soon after the start, and after the head or the candidate has changed, once or several times; the
   * caller then asks for what it wants to know. Never keeps the process alive. Returns the function that stops it.
   */
  watch(onChange: () => void): () => void
  /**
   * Reports whose lease has not run out. How old they are is judged by the store's own clock, so that neither a gateway
   * nor a reader whose clock is wrong makes the living look dead; `at` is given by the reader's clock.
   */
  instances(): Promise<readonly InstanceReport[]>
  /** Writes or renews a lease of `instanceLeaseMs`. */
  report(instance: InstanceReport): Promise<void>
  /** Ends a lease: the process is going. */
  withdraw(process: string): Promise<void>
  proposeCandidate(candidate: Candidate): Promise<Proposal>
  /** null when none is proposed, or its lease has run out. */
  candidate(): Promise<SeenCandidate | null>
  /** Frees the slot if this candidate still holds it. */
  clearCandidate(id: string): Promise<void>
}

export type StoreProblem =
  /** No such folder, no permission, no connection. */
  | 'unavailable'
  | 'read_only'
  | 'not_found'
  /** Not a release, or its content and its hash disagree. */
  | 'damaged'
  /** Written by a newer major version of the schema. */
  | 'newer_schema'
  /** The URL names a kind of store that this version does not have. */
  | 'unsupported'

export class StoreError extends Error {
  readonly problem: StoreProblem

  constructor(problem: StoreProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.problem = problem
  }
}
