/** A token that is sent as it is, and renewed before it expires. */
import { formsOf } from '../without-secrets.ts'
import { type Authenticator, CredentialsError, type IdentifiedCall, type OutgoingCall } from './authenticator.ts'
import { type Lent, Renewing, type RenewingOptions } from './renewing.ts'

interface Sent {
  readonly header: readonly [name: string, value: string]
  readonly forms: readonly string[]
}

/** Kept, what no header can carry would make every call fail until it expires. */
function sendable(lent: Lent<string>): Lent<string> {
  if (/^[\x21-\x7e]+$/.test(lent.value)) return lent
  throw new CredentialsError('the token that came holds characters that no header can carry')
}

export class TokenAuthenticator implements Authenticator {
  private readonly renewing: Renewing<string>
  private sent: { readonly token: string; readonly as: Sent } | null = null

  constructor(options: RenewingOptions<string>) {
    const obtain: RenewingOptions<string>['obtain'] = async (signal) => sendable(await options.obtain(signal))
    this.renewing = new Renewing({ ...options, obtain })
  }

  async identify({ headers }: OutgoingCall): Promise<IdentifiedCall> {
    const { header, forms } = this.render(await this.renewing.get())
    return { headers: [...headers, ...header], secrets: forms }
  }

  refused(): void {
    this.renewing.drop()
  }

  close(): void {
    this.renewing.close()
  }

  private render(token: string): Sent {
    if (this.sent?.token !== token) {
      this.sent = { token, as: { header: ['authorization', `Bearer ${token}`], forms: formsOf(token) } }
    }
    return this.sent.as
  }
}
