/** What lesson 10 asks for, and what then must fail. */

import { decodeJwt } from 'jose';
import { type Seen, textOf } from '../../watcher/seen.js';
import { accessTokenIn } from '../access-token.js';
import type { Break, Goal, Scene } from '../lesson.js';
import { isByOrganization, otherOrganization, userBenefits } from './token.js';

/** The organization whose grant stands behind the code of a redirect or of a token request; null for none. */
function organizationOfCode(code: string | null, { store }: Scene): string | null {
  const record = store.codes.find(({ value }) => value === code);
  return store.grants.find(({ id }) => id === record?.grantId)?.organizationId ?? null;
}

const chosen: Goal = {
  id: 'chosen',
  text: 'Send the user to the authorization endpoint with sub_type=organization, and choose one of the organizations.',
  requirement: 'org-selection',
  // The choice is the user's: a code that comes without the form is none.
  reached: (exchange, scene) =>
    exchange.endpoint === 'decision' &&
    exchange.url.searchParams.get('sub_type') === 'organization' &&
    organizationOfCode(exchange.location?.searchParams.get('code') ?? null, scene) !== null,
};

const redeemed: Goal = {
  id: 'redeemed',
  text: 'Redeem the code: the token is one of the organization.',
  requirement: 'org-sub',
  reached: (exchange, scene) => {
    const { endpoint, method, status, form, json } = exchange;
    if (endpoint !== 'token' || method !== 'POST' || status !== 200) return false;
    if (form.get('grant_type') !== 'authorization_code') return false;
    const organization = organizationOfCode(form.get('code'), scene);
    const token = scene.store.accessTokens.find(({ value }) => value === json?.access_token);
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
  text: 'Ask GET /v1/organizations with that token: it answers with the organization that was chosen.',
  requirement: 'org-token',
  reached: (exchange, scene) => {
    const organization = accessTokenIn(exchange, scene)?.organizationId ?? null;
    if (exchange.endpoint !== 'organizations' || exchange.status !== 200 || organization === null)
      return false;
    // Whether it reaches more than that is the second exercise.
    return idsIn(exchange).includes(organization);
  },
};

/** The ids of a list, or of the one organization that was asked for. */
function idsIn({ json }: Seen): readonly unknown[] {
  const items: readonly unknown[] = Array.isArray(json?.items) ? json.items : [json];
  return items.map((item) =>
    typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined,
  );
}

const userEndpoint: Break = {
  id: 'user-endpoint',
  text: 'Call GET /v1/users/benefit with the same token. This must fail.',
  requirement: 'api-org-token-user-endpoint',
  guess: {
    question: 'Alice chose the organization. What does this endpoint answer to its token?',
    choices: ['What alice benefits from', 'An empty list', '401'],
    answer: 2,
  },
  tried: (exchange, scene) => exchange.endpoint === 'userBenefits' && isByOrganization(exchange, scene),
  refusedBy: ['userEndpointAccepts'],
  lesson:
    'The token speaks for the organization, not for alice. What is hers alone stays closed to it, although she allowed it and its scopes would do.',
  hints: [
    'The request of the last goal, with another path.',
    'GET /v1/users/benefit, with the organization’s token as Bearer.',
  ],
  solution: [userBenefits],
  play: async (learner) => {
    await learner.send(userBenefits);
  },
};

const other: Break = {
  id: 'other-organization',
  text: 'Ask for the other organization of alice, by its id, with the same token. This must fail.',
  requirement: 'org-bound',
  guess: {
    question: 'Alice is a member of both organizations. What does the server answer?',
    choices: ['The organization', '403: that is forbidden', '404: there is no such thing'],
    answer: 2,
  },
  tried: (exchange, scene) => {
    const own = accessTokenIn(exchange, scene)?.organizationId ?? null;
    const asked = exchange.url.pathname.split('/').filter(Boolean)[2];
    const exists = scene.store.users.some(({ organizations }) =>
      organizations.some(({ id }) => id === asked),
    );
    return exchange.endpoint === 'organizations' && own !== null && exists && asked !== own;
  },
  refusedBy: ['reachedOrganization'],
  lesson:
    'The token reaches the one organization that was chosen. Of the other it does not even learn that it exists.',
  hints: [
    'It is GET /v1/organizations/ and the id of the organization that you did not choose.',
    'Both ids stand in the consent page’s form. Alice’s own token sees both as well, with the scope organizations:read.',
  ],
  solution: [otherOrganization],
  play: async (learner) => {
    await learner.send(otherOrganization);
  },
};

export const goals: readonly [Goal, ...Goal[]] = [chosen, redeemed, called];
export const breaks: readonly Break[] = [userEndpoint, other];
