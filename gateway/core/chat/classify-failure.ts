/**
 * What a provider's refusal means: its status and its words in, one of our classes out (CONTRACTS, section 1). The
 * words come first where they say more than the status does: a bad key told as 400, a used-up balance told as 429, a
 * long prompt told as 413. No dialect decides this for itself.
 */
import { scrubKeys } from './errors.ts'
import type { ErrorWords } from './error-body.ts'
import type { FailureClass, ProviderFailure } from './failure.ts'
import { readLimitReset, readRetryHeader } from './retry-after.ts'

export interface Refusal {
  /** Status to judge by: the reply's own, the one an error inside a 200 names, or 0 when only words can tell. */
  readonly judgedStatus: number
  /** Status to report: 200 for an error inside an answer. */
  readonly status: number
  readonly words: ErrorWords
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Makes a failure of a refusal; keys in the provider's words are removed. */
export function refusalFailure(refusal: Refusal): ProviderFailure {
  const { words, status } = refusal
  const headers = words.limits === undefined ? refusal.headers : { ...words.limits, ...refusal.headers }
  const message = words.message === '' ? `the provider answered ${status} and said nothing` : words.message
  const failureClass = classify(refusal)
  const limited = failureClass === 'rate_limited' || failureClass === 'quota'
  return {
    class: failureClass,
    status,
    message: scrubKeys(message),
    code: words.code,
    type: words.type,
    param: words.param,
    retryAfterMs: limited ? readLimitReset(headers, words.message) : readRetryHeader(headers),
  }
}

interface Rule {
  readonly class: FailureClass
  readonly status: (status: number) => boolean
  /** Codes and types, in lower case, compared whole. */
  readonly codes: ReadonlySet<string>
  /** Tried on the message. */
  readonly says: RegExp | null
}

const noCodes: ReadonlySet<string> = new Set()
const anyRefusal = (status: number): boolean => status === 0 || (status >= 400 && status < 500)
const aboutTheRequest = (status: number): boolean => status === 0 || status === 400 || status === 413 || status === 422
const aboutTheContent = (status: number): boolean => aboutTheRequest(status) || status === 403
const aboutTheModel = (status: number): boolean => aboutTheRequest(status) || status === 404 || status === 415

/**
 * First match wins. Codes and wordings: recorded errors, `fixtures/errors/constructed.json` and the vendors' error
 * pages as the reference page quotes them (section 8), checked 2026-11-23.
 */
const rules: readonly Rule[] = [
  {
    // One vendor gives a used-up rate the code of a used-up account, and a link that tells which it is
    // (https://github.com/anomalyco/opencode/issues/23722, checked 2026-11-24).
    class: 'rate_limited',
    status: (status) => status === 0 || status === 429,
    codes: noCodes,
    says: /error-code#(?:token-limit|rate-limit)/i,
  },
  {
    class: 'quota',
    status: anyRefusal,
    codes: new Set([
      'insufficient_quota',
      'insufficient_balance',
      'billing_error',
      'billing_hard_limit_reached',
      'billing_not_active',
      'exceeded_current_quota_error',
      'arrearage',
      'allocationquota.freetieronly',
      'contract_spend_limit_reached',
      'enforced_spend_limit_reached',
      'linked_organization_billing_unavailable',
      'linked_organization_spend_limit_reached',
    ]),
    says: /insufficient (?:balance|credit|fund|quota)|balance is too low|out of credits|used all available credits|spending limit|key limit exceeded|reached your specified [a-z ]{0,40}usage limits/i,
  },
  {
    class: 'rate_limited',
    status: anyRefusal,
    codes: new Set(['rate_limit_exceeded', 'rate_limited', 'rate_limit_error', 'too_many_requests', 'throttling']),
    says: /rate limit (?:exceeded|reached)|too many requests/i,
  },
  {
    // A full queue is told as 503: the server is well, and only has enough to do.
    class: 'rate_limited',
    status: (status) => status === 0 || status === 503,
    codes: noCodes,
    says: /maximum pending requests exceeded/i,
  },
  {
    class: 'content_filtered',
    status: aboutTheContent,
    codes: new Set([
      'content_filter',
      'content_policy_violation',
      'data_inspection_failed',
      'datainspectionfailed',
      'responsibleaipolicyviolation',
    ]),
    says: /content management policy|content policy|content filter|input was flagged|prompt was flagged|violates usage guidelines|safety system|inappropriate content|unsafe or sensitive content/i,
  },
  {
    class: 'context_length',
    status: aboutTheRequest,
    codes: new Set(['context_length_exceeded', 'exceed_context_size_error']),
    says: /maximum (?:context|prompt) length|context (?:length|window|size|limit)[^.]{0,60}exceed|exceed[^.]{0,60}context (?:length|window|size|limit)|(?:prompt|input) is too long|too many (?:input |prompt )?tokens|reduce the length|tokens \+ `?max_new_tokens|maximum model length|must have less than \d+ tokens|exceeded model token limit|keep the first \d+ tokens when|tokens to keep from the initial prompt|(?:prompt|input)[^.]{0,60}exceeds?[^.]{0,60}tokens|range of input length/i,
  },
  {
    // What the engine behind a server says of the request comes out as 500 from some versions of it.
    class: 'context_length',
    status: (status) => status === 500,
    codes: new Set(['exceed_context_size_error']),
    says: /(?:prompt|input)[^.]{0,40}exceeds the (?:available )?context (?:length|size)/i,
  },
  {
    class: 'unsupported_by_target',
    status: (status) => status === 500 || aboutTheRequest(status),
    codes: noCodes,
    says: /missing data required for image input/i,
  },
  {
    // The model, not the caller, wrote a call or a document that does not parse.
    class: 'server_error',
    status: aboutTheRequest,
    codes: new Set(['tool_use_failed', 'json_validate_failed', 'output_parse_failed']),
    says: null,
  },
  {
    class: 'misconfigured',
    status: aboutTheRequest,
    codes: new Set([
      'invalid_api_key',
      'api_key_invalid',
      'authentication_error',
      'invalid_model',
      'model_not_found',
      'deploymentnotfound',
      'operationnotsupported',
      'model_decommissioned',
      'organization_on_hold',
      'organization_type_not_supported',
      'parent_organization_required',
      'claude_code_key_creator_not_member',
      'cmek_key_disabled',
      'cmek_key_network_blocked',
    ]),
    says: /(?:incorrect|invalid|missing|expired|wrong) api[ -]?key|api[ -]?key[\w\s]{0,20}(?:not valid|invalid|incorrect|expired|missing)|organi[sz]ation has been disabled|invalid model\b|not a valid model|model[^.]{0,80}(?:does not exist|not found)|model ["'][^"']{1,200}["'] not found/i,
  },
  {
    class: 'unsupported_by_target',
    status: aboutTheModel,
    codes: new Set(['unsupported_parameter', 'unsupported_value', 'unknown_parameter', 'extra_forbidden']),
    says: /not supported\b|(?:does not|doesn't) support|unsupported (?:parameter|value|feature|field)|\bis unsupported\b|is deprecated for this model|maximum allowed number of output tokens|no endpoints found that support|supports at most|extra inputs are not permitted|unrecognized request argument|unknown (?:parameter|field|name|variant)|unexpected message role|unexpected role|roles must alternate|should alternate with|only supports? (?:stream|stop|auto)|for non-streaming calls|incompatible with thinking|requires --enable-auto-tool-choice|is not a multimodal model|at most \d+ (?:image|audio|video)|only [\d.]+ is allowed for this model|`?reasoning_content`?[^.]{0,40}(?:is missing|must be passed back|field in the assistant)/i,
  },
]

/**
 * One vendor says what it means in numbers of its own (https://docs.z.ai/api-reference/api-code and
 * https://docs.bigmodel.cn/cn/api/api-code, checked 2026-11-24), in the language of its storefront, and under statuses
 * that mean something else: a used-up or locked account is 429 there.
 */
const numberedCodes: ReadonlyMap<string, FailureClass> = new Map([
  ['1110', 'misconfigured'],
  ['1111', 'misconfigured'],
  ['1112', 'misconfigured'],
  ['1113', 'quota'],
  ['1121', 'misconfigured'],
  ['1211', 'misconfigured'],
  ['1212', 'unsupported_by_target'],
  ['1220', 'misconfigured'],
  ['1221', 'misconfigured'],
  ['1222', 'misconfigured'],
  ['1261', 'context_length'],
  ['1301', 'content_filtered'],
  ['1302', 'rate_limited'],
  ['1303', 'rate_limited'],
  ['1304', 'quota'],
  ['1305', 'rate_limited'],
  ['1308', 'quota'],
  ['1309', 'quota'],
  ['1310', 'quota'],
  ['1311', 'misconfigured'],
  ['1312', 'rate_limited'],
])

/** Statuses that mean something of their own; 434 is a vendor's, 498 another's, 499 that of proxies and of a third. */
const statusClasses: ReadonlyMap<number, FailureClass> = new Map([
  [401, 'misconfigured'],
  [402, 'quota'],
  [403, 'misconfigured'],
  [404, 'misconfigured'],
  [405, 'misconfigured'],
  [407, 'misconfigured'],
  [408, 'timeout'],
  // The model was taken out of service.
  [410, 'misconfigured'],
  [424, 'server_error'],
  [429, 'rate_limited'],
  [434, 'misconfigured'],
  [498, 'server_error'],
  // The provider took us for gone, which we were not.
  [499, 'server_error'],
])

function classify({ judgedStatus, words }: Refusal): FailureClass {
  const numbered = anyRefusal(judgedStatus) ? numberedCodes.get(words.code ?? '') : undefined
  if (numbered !== undefined) return numbered
  const names = [words.code, words.type, words.innerCode].filter((name) => name !== null)
  for (const rule of rules) {
    if (!rule.status(judgedStatus)) continue
    if (names.some((name) => rule.codes.has(name.toLowerCase()))) return rule.class
    if (rule.says?.test(words.message) === true) return rule.class
  }
  const byStatus = statusClasses.get(judgedStatus)
  if (byStatus !== undefined) return byStatus
  // A redirect is never followed: the base URL is wrong.
  if (judgedStatus >= 300 && judgedStatus < 400) return 'misconfigured'
  return judgedStatus >= 400 && judgedStatus < 500 ? 'invalid_request' : 'server_error'
}
