/** Whose token a request carries, according to the sandbox, and the recipes of the lesson on organizations. */
import type { ObservedExchange } from '../../watcher/exchange.js';
import { accessTokenIn } from '../access-token.js';
import type { LessonContext } from '../lesson.js';
import type { Recipe } from '../recipe.js';
import { authorize, SIGN_IN } from '../steps.js';

/** @returns whether a request was made with an organization's token */
export const isByOrganization = (exchange: ObservedExchange, context: LessonContext): boolean =>
  (accessTokenIn(exchange, context)?.organizationId ?? null) !== null;

export const authorizeOrganization: Recipe = {
  ...authorize,
  note: 'send the user to consent, for an organization',
  query: { ...authorize.query, scope: 'openid user:read organizations:read', sub_type: 'organization' },
  browser: `${SIGN_IN}, choose Acme, and click Allow.`,
};

export const listOrganizations: Recipe = {
  note: 'ask which organizations the token reaches',
  method: 'GET',
  url: '{API}/organizations',
  headers: { authorization: 'Bearer {ORGANIZATION_TOKEN}' },
};

export const otherOrganization: Recipe = {
  note: 'ask for the organization you didn’t choose',
  method: 'GET',
  url: '{API}/organizations/{OTHER_ORGANIZATION_ID}',
  headers: { authorization: 'Bearer {ORGANIZATION_TOKEN}' },
};

export const userBenefits: Recipe = {
  note: 'call an endpoint that is only for users',
  method: 'GET',
  url: '{API}/users/benefit',
  headers: { authorization: 'Bearer {ORGANIZATION_TOKEN}' },
};
