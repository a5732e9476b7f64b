/**
 * One call to one provider: sends the request, and tells its listener what came back as it comes. It decides nothing;
 * a call that was aborted stays silent. A stale keep-alive connection that is reset before any byte came is replaced
 * once by a fresh one, inside the same call.
 */
import type { Dispatcher } from 'undici'
import { isReset } from './failures.ts'
import type { OriginPool } from './pools.ts'

export interface CallRequest {
  readonly pool: OriginPool
  readonly path: string
  /** Name, value, name, value …: the form that undici sends without touching. */
  readonly headers: readonly string[]
  readonly body: string | Uint8Array
}

export type ReplyHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface CallListener {
  onHead(status: number, headers: ReplyHeaders): void
  onData(bytes: Buffer): void
  onEnd(): void
  onError(error: Error): void
}

class CallAborted extends Error {}

export class Call implements Dispatcher.DispatchHandler {
  private readonly request: CallRequest
  private readonly listener: CallListener
  private controller: Dispatcher.DispatchController | null = null
  private aborted = false
  private over = false
  private heard = false
  private resent = false

  constructor(request: CallRequest, listener: CallListener) {
    this.request = request
    this.listener = listener
  }

  start(): void {
    this.send(this.request.pool.pool)
  }

  /** Ends the call at once; nothing more is told. */
  abort(): void {
    if (this.over) return
    this.aborted = true
    this.over = true
    this.controller?.abort(new CallAborted('aborted'))
  }

  /** Stops reading until `resume`: the caller takes no more for now. */
  pause(): void {
    this.controller?.pause()
  }

  resume(): void {
    this.controller?.resume()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.aborted) controller.abort(new CallAborted('aborted'))
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ReplyHeaders): void {
    this.heard = true
    // 1xx replies announce the real one.
    if (!this.over && status >= 200) this.listener.onHead(status, headers)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.over) this.listener.onData(chunk)
  }

  onResponseEnd(): void {
    this.request.pool.answered += 1
    if (this.over) return
    this.over = true
    this.listener.onEnd()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.over) return
    if (!this.heard && !this.resent && this.request.pool.answered > 0 && isReset(error)) {
      this.resend()
      return
    }
    this.over = true
    this.listener.onError(error)
  }

  private resend(): void {
    this.resent = true
    const client = this.request.pool.fresh()
    this.send(client)
    void client.close()
  }

  private send(dispatcher: Dispatcher): void {
    const { path, headers, body } = this.request
    try {
      dispatcher.dispatch({ method: 'POST', path, headers: [...headers], body }, this)
    } catch (error) {
      this.over = true
      this.listener.onError(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
