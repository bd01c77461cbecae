/**
 * A step may fail in one place alone: the owner passes, and another requirement that does the same step under other
 * conditions fails. Then that one is what the report names.
 */
import type { RequirementId } from './requirement-ids.js';
import type { Status } from './result.js';

/** For owners of steps, the requirements that fail where the step fails under other conditions, best first. */
const RELATED_OWNERS: Readonly<Partial<Record<RequirementId, readonly RequirementId[]>>> = {
  'client-register': [
    'client-error-format',
    'client-required-fields',
    'client-register-echo',
    'agents-public-registration',
    'discovery-auth-methods',
  ],
  'authz-code-response': [
    'authz-story',
    'authz-state-optional',
    'authz-scope-order',
    'discovery-scope-values',
    'consent-login-first',
    'consent-asked',
    'client-redirect-loopback-ip',
  ],
  'token-exchange': [
    'token-auth-basic',
    'token-auth-post',
    'client-public-no-secret',
    'pkce-s256',
    'token-response-members',
    'robust-burst',
    'authz-story',
  ],
  'pkce-s256': ['client-public-no-secret', 'token-exchange'],
  'refresh-works': ['token-response-members', 'refresh-public-rotation', 'token-valid-at-once'],
  'client-read': ['client-update', 'client-update-omitted'],
  'token-id-token': ['refresh-id-token'],
  'userinfo-get': ['refresh-works', 'token-valid-at-once'],
  'revoke-refresh-token': ['token-valid-at-once'],
};

const isFailing = (status: Status | undefined): boolean => status === 'fail' || status === 'warn';

/**
 * Finds what a blocked result is blocked by.
 * @param owner the owner of the step that failed
 * @param statusOf the statuses of the report; undefined for what it doesn't have
 * @returns the owner if it fails, or else the first related requirement that does; null if none of them fails
 */
export function findFailingOwner(owner: string, statusOf: (id: string) => Status | undefined): string | null {
  if (isFailing(statusOf(owner))) return owner;
  const related = Object.entries(RELATED_OWNERS).find(([id]) => id === owner)?.[1] ?? [];
  return related.find((id) => isFailing(statusOf(id))) ?? null;
}
