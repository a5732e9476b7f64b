import { createHash } from 'node:crypto'
import { quote } from '../../../gateway/core/manifest/diagnostics.ts'
import type { ManifestCredential } from '../../../schemas/index.ts'
import type { ManifestRule } from '../rule.ts'

/**
 * What people write where a key is asked for. A hash keeps a key secret only as long as nobody can guess the key: of
 * these anybody can make the hash, and compare.
 */
const guesses = [
  '',
  ...`0 1 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 0000 00000000 a abc abc123 abcd admin
  admin123 aigw anything api api-key api_key apikey asdf changeme changeit default demo dev dummy example fake
  foo foobar gateway guest hello hunter2 key letmein llm local localhost master mykey my-key none nokey not-
  needed null pass passw0rd password password1 password123 placeholder prod production qwerty root sample secret
  secret123 sk sk- sk-1 sk-123 sk-1234 sk-12345 sk-123456 sk-abc sk-changeme sk-demo sk-dev sk-dummy sk-fake sk-
  key sk-local sk-none sk-no-key sk-no-key-required sk-openai sk-placeholder sk-prod sk-secret sk-test sk-xxx
  staging string temp test test-key test1 test123 testing testkey token undefined user welcome x xxx xxxx your-
  api-key YOUR_API_KEY your_api_key`.split(/\s+/),
]

export const weakKey: ManifestRule = {
  severity: 'error',
  summary: 'the hash of a key that anybody would guess',
  find({ manifest }, report) {
    const hashes = new Set(guesses.map(hash))
    manifest.credentials?.forEach((credential, index) => {
      const isGuessed = hashes.has(credential.key_hash)
      if (!isGuessed && !ownGuesses(credential).some((guess) => hash(guess) === credential.key_hash)) return
      const what = isGuessed ? 'a word that stands in every list of such words' : 'made from its own name'
      report({
        path: ['credentials', index, 'key_hash'],
        message: `the key of ${quote(credential.name)} can be guessed from its hash: it is ${what}`,
        help: `make a new one with \`aigw credential new ${credential.name}\`, and take the old one as known to everybody`,
      })
    })
  },
}

/** The line end is what `echo` adds before it is hashed. */
function ownGuesses({ name, organization, project }: ManifestCredential): string[] {
  return [name, organization, project].flatMap((word) =>
    word === undefined
      ? []
      : [word, `${word}-key`, `${word}_key`, `${word}123`, `sk-${word}`, `key-${word}`, `${word}\n`],
  )
}

function hash(key: string): string {
  return `sha256:${createHash('sha256').update(key).digest('hex')}`
}
