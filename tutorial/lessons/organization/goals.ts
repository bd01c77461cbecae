/** The goals and exercises of the lesson on organizations. */

import { decodeJwt } from 'jose';
import { type ObservedExchange, textOf } from '../../watcher/exchange.js';
import { accessTokenIn } from '../access-token.js';
import type { Exercise, Goal, LessonContext } from '../lesson.js';
import { isByOrganization, otherOrganization, userBenefits } from './token.js';

/** The organization that a code in a redirect or token request was granted for; null for none. */
function organizationOfCode(code: string | null, { store }: LessonContext): string | null {
  const record = store.codes.find(({ value }) => value === code);
  return store.grants.find(({ id }) => id === record?.grantId)?.organizationId ?? null;
}

const chosen: Goal = {
  id: 'chosen',
  text: 'Send the user to the authorization endpoint with sub_type=organization, and choose one of the organizations.',
  requirement: 'org-selection',
  // The choice is the user's: a code that comes without the form isn't one.
  reached: (exchange, context) =>
    exchange.endpoint === 'decision' &&
    exchange.form.has('organization') &&
    exchange.url.searchParams.get('sub_type') === 'organization' &&
    organizationOfCode(exchange.location?.searchParams.get('code') ?? null, context) !== null,
};

const redeemed: Goal = {
  id: 'redeemed',
  text: 'Redeem the code: the token belongs to the organization.',
  requirement: 'org-sub',
  reached: (exchange, context) => {
    const { endpoint, method, status, form, json } = exchange;
    if (endpoint !== 'token' || method !== 'POST' || status !== 200) return false;
    if (form.get('grant_type') !== 'authorization_code') return false;
    const organization = organizationOfCode(form.get('code'), context);
    const token = context.store.accessTokens.find(({ value }) => value === json?.access_token);
    if (organization === null || token?.organizationId !== organization) return false;
    const subject = subjectOf(textOf(json?.id_token));
    return subject === null || subject === organization;
  },
};

/** @returns the sub of an ID Token; null without one */
function subjectOf(idToken: string | null): string | null {
  if (idToken === null) return null;
  try {
    return decodeJwt(idToken).sub ?? null;
  } catch {
    return null;
  }
}

const called: Goal = {
  id: 'called',
  text: 'Call GET /v1/organizations with that token: it returns the organization that was chosen.',
  requirement: 'org-token',
  reached: (exchange, context) => {
    const organization = accessTokenIn(exchange, context)?.organizationId ?? null;
    if (exchange.endpoint !== 'organizations' || exchange.status !== 200 || organization === null)
      return false;
    // Whether it reaches more is the second exercise.
    return idsIn(exchange).includes(organization);
  },
};

/** The ids of a list, or of the one organization that was asked for. */
function idsIn({ json }: ObservedExchange): readonly unknown[] {
  const items: readonly unknown[] = Array.isArray(json?.items) ? json.items : [json];
  return items.map((item) =>
    typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined,
  );
}

const userEndpoint: Exercise = {
  id: 'user-endpoint',
  text: 'Call GET /v1/users/benefit with the same token. This must fail.',
  requirement: 'api-org-token-user-endpoint',
  guess: {
    question: 'Alice chose the organization. What does this endpoint return for its token?',
    choices: ['Alice’s benefits', 'An empty list', '401'],
    answer: 2,
  },
  isAttempt: (exchange, context) =>
    exchange.endpoint === 'userBenefits' && isByOrganization(exchange, context),
  refusedBy: ['userEndpointAccepts'],
  lesson:
    'The token acts for the organization, not for Alice. It can’t open what belongs to Alice alone, even though she approved the client and the scopes would be enough.',
  hints: [
    'The request of the last goal, with a different path.',
    'GET /v1/users/benefit, with the organization’s token as Bearer.',
  ],
  solution: [userBenefits],
  play: async (learner) => {
    await learner.send(userBenefits);
  },
};

const other: Exercise = {
  id: 'other-organization',
  text: 'Ask for Alice’s other organization, by its id, with the same token. This must fail.',
  requirement: 'org-bound',
  guess: {
    question: 'Alice is a member of both organizations. What will the server answer?',
    choices: ['The organization', '403: forbidden', '404: not found'],
    answer: 2,
  },
  isAttempt: (exchange, context) => {
    const own = accessTokenIn(exchange, context)?.organizationId ?? null;
    const asked = exchange.url.pathname.split('/').filter(Boolean)[2];
    const exists = context.store.users.some(({ organizations }) =>
      organizations.some(({ id }) => id === asked),
    );
    return exchange.endpoint === 'organizations' && own !== null && exists && asked !== own;
  },
  refusedBy: ['reachedOrganization'],
  lesson:
    'The token reaches only the organization that was chosen. It doesn’t even learn that the other one exists.',
  hints: [
    'It’s GET /v1/organizations/ plus the id of the organization you didn’t choose.',
    'Both ids are in the consent page’s form. Alice’s own token, with the scope organizations:read, sees both as well.',
  ],
  solution: [otherOrganization],
  play: async (learner) => {
    await learner.send(otherOrganization);
  },
};

export const goals: readonly [Goal, ...Goal[]] = [chosen, redeemed, called];
export const exercises: readonly Exercise[] = [userEndpoint, other];
