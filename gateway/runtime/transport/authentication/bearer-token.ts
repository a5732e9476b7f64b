/** A token that is sent as it is, and renewed before it expires. */
import { formsOf } from '../without-secrets.ts'
import type { Authenticator, IdentifiedCall, OutgoingCall } from './authenticator.ts'
import { Renewing, type RenewingOptions } from './renewing.ts'

interface Sent {
  readonly header: readonly [name: string, value: string]
  readonly forms: readonly string[]
}

export class TokenAuthenticator implements Authenticator {
  private readonly renewing: Renewing<string>
  private sent: { readonly token: string; readonly as: Sent } | null = null

  constructor(options: RenewingOptions<string>) {
    this.renewing = new Renewing(options)
  }

  async identify({ headers }: OutgoingCall): Promise<IdentifiedCall> {
    const { header, forms } = this.render(await this.renewing.get())
    return { headers: [...headers, ...header], secrets: forms }
  }

  refused(): void {
    this.renewing.drop()
  }

  private render(token: string): Sent {
    if (this.sent?.token !== token) {
      this.sent = { token, as: { header: ['authorization', `Bearer ${token}`], forms: formsOf(token) } }
    }
    return this.sent.as
  }
}
