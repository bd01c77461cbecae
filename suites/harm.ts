/**
 * What happens to somebody if a requirement fails. Each chapter has a class, and so has every requirement: its own, or
 * its chapter's. What is to be done first follows from it.
 */
import { type ChapterId, REQUIREMENT_IDS, type RequirementId } from './requirement-ids.js';

/** The classes, worst first. */
export const HARMS = ['takeover', 'leak', 'breakage', 'polish'] as const;
export type Harm = (typeof HARMS)[number];

/** Each class in a sentence of its own. */
export const HARM_SENTENCES: Readonly<Record<Harm, string>> = {
  takeover: 'Somebody can lose an account or a token.',
  leak: 'Data can leak to those who must not see it.',
  breakage: 'Clients that do everything right break.',
  polish: 'Clients and users get by, but less well.',
};

const OF_CHAPTERS: Readonly<Record<ChapterId, Harm>> = {
  discovery: 'breakage',
  client: 'breakage',
  authz: 'breakage',
  consent: 'takeover',
  token: 'breakage',
  idtoken: 'breakage',
  refresh: 'breakage',
  pkce: 'takeover',
  org: 'leak',
  api: 'takeover',
  pat: 'takeover',
  revoke: 'takeover',
  introspect: 'leak',
  userinfo: 'leak',
  robust: 'breakage',
  agents: 'breakage',
};

/** Those that are better or worse than their chapter. */
export const EXCEPTIONS: Readonly<Record<Harm, readonly RequirementId[]>> = {
  takeover: [
    'discovery-forwarded-headers',
    'discovery-jwks-public-only',
    'discovery-jwks-key-size',
    'client-redirect-https',
    'client-redirect-localhost-lookalike',
    'client-redirect-userinfo',
    'client-redirect-script-scheme',
    'client-redirect-wildcard',
    'client-redirect-host-forms',
    'client-redirect-space',
    'client-manage-others',
    'client-update-id',
    'client-update-validated',
    'client-delete-tokens',
    'client-deleted-refused',
    'client-settings-owner-only',
    'authz-redirect-unregistered',
    'authz-redirect-exact-path',
    'authz-redirect-exact-query',
    'authz-redirect-exact-origin',
    'authz-redirect-confusion',
    'authz-redirect-duplicate',
    'authz-state-echo',
    'authz-scope-undeclared',
    'authz-iss',
    'authz-prompt-login',
    'authz-max-age',
    'authz-max-age-zero',
    'authz-id-token-hint',
    'token-unguessable',
    'token-auth-basic-wrong',
    'token-auth-post-wrong',
    'token-auth-missing',
    'token-auth-unknown-client',
    'token-code-single-use',
    'token-code-replay-revokes',
    'token-code-concurrent',
    'token-code-expires',
    'token-code-altered',
    'token-code-client-bound',
    'token-redirect-mismatch',
    'token-redirect-missing',
    'idtoken-signature',
    'idtoken-alg-none',
    'idtoken-key-headers',
    'idtoken-aud',
    'idtoken-sub',
    'idtoken-nonce',
    'refresh-public-rotation',
    'refresh-reuse-revokes',
    'refresh-concurrent',
    'refresh-scope-wider',
    'refresh-client-bound',
    'refresh-client-auth',
    'refresh-invalid',
    'refresh-token-altered',
    'refresh-expired',
    'refresh-access-token-refused',
    'org-foreign-refused',
    'org-selection-required',
    'userinfo-invalid-token',
    'robust-header-injection',
    'robust-cookie-flags',
  ],
  leak: [
    'client-public-no-secret',
    'client-no-store',
    'client-settings-login-first',
    'authz-error-no-open-redirect',
    'consent-referrer',
    'consent-no-secrets',
    'consent-redirect-status',
    'token-no-store',
    'token-credentials-in-query',
    'token-grant-in-query',
    'idtoken-aud-others',
    'token-id-token-unasked',
    'refresh-scope-narrower',
    'api-query-token',
    'userinfo-shared-cache',
    'pat-shown-once',
    'robust-no-stack-trace',
    'robust-cors-credentials',
  ],
  breakage: [
    'pkce-s256',
    'org-selection',
    'org-token',
    'org-sub-type-unknown',
    'org-default-user',
    'api-bearer',
    'api-scheme-case',
    'api-challenge-grammar',
    'api-accept-any',
    'api-token-lifetime',
    'api-malformed-header',
    'pat-accepted',
    'revoke-unknown-token',
    'revoke-revoked-token',
    'revoke-hint-unknown',
    'introspect-active',
    'introspect-claims',
    'userinfo-get',
    'userinfo-sub',
    'userinfo-post',
    'userinfo-claim-types',
    'userinfo-cors',
  ],
  polish: [
    'discovery-recommended',
    'discovery-jwks-media-type',
    'client-secret-expiry',
    'client-grant-coherence',
    'client-error-format',
    'client-unsupported-values',
    'authz-parameter-duplicate',
    'authz-response-parameters',
    'authz-error-characters',
    'authz-prompt-none-error-code',
    'consent-application',
    'consent-logo-terms-policy',
    'consent-a11y-names',
    'consent-a11y-keyboard',
    'token-prefixes',
    'token-expires-in',
    'token-parameter-repeated',
    'token-auth-two-methods',
    'api-challenge-bare',
    'api-invalid-token-error',
    'api-insufficient-scope',
    'api-two-methods',
    'pkce-challenge-syntax',
    'pkce-verifier-syntax',
    'userinfo-claim-empty',
    'introspect-no-store',
    'robust-unicode',
    'robust-long-state',
    'robust-nosniff',
  ],
};

/** @returns the class of a requirement; that of most for an id that this catalog doesn't know */
export function findHarm(id: string): Harm {
  const own = HARMS.find((harm) => EXCEPTIONS[harm].some((one) => one === id));
  return own ?? findChapterHarm(id) ?? 'breakage';
}

/** @returns the class of a requirement's chapter */
export function findChapterHarm(id: string): Harm | undefined {
  const chapters = Object.entries(OF_CHAPTERS);
  return chapters.find(([chapter]) => listIds(chapter).includes(id))?.[1];
}

function listIds(chapter: string): readonly string[] {
  const found = Object.entries(REQUIREMENT_IDS).find(([id]) => id === chapter);
  return found?.[1] ?? [];
}
