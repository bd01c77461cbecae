/** Mistakes in the lesson on organizations. */
import { accessTokenIn } from '../access-token.js';
import type { Mistake } from '../lesson.js';
import { exchangeCode } from '../steps.js';
import { authorizeOrganization, isByOrganization, listOrganizations } from './token.js';

const forUser: Mistake = {
  id: 'sub-type-missing',
  requirement: 'org-default-user',
  // Reported when the code comes: the pages before it are fetched more than once.
  find: ({ endpoint, url, location }) =>
    (endpoint === 'decision' || endpoint === 'authorize') &&
    location?.searchParams.has('code') === true &&
    (url.searchParams.get('sub_type') ?? 'user') === 'user'
      ? {
          message:
            'This code is for a user’s token. To act for an organization, add sub_type=organization to the authorization request.',
          expected: 'sub_type=organization',
          sent: url.searchParams.has('sub_type') ? 'sub_type=user' : 'no sub_type',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorizeOrganization, { query: { sub_type: null } });
  },
};

const subTypeUnknown: Mistake = {
  id: 'sub-type-unknown',
  requirement: 'org-sub-type-unknown',
  find: ({ rule, url }) =>
    rule === 'requestedSubType'
      ? {
          message: 'sub_type is either user or organization. Send organization.',
          expected: 'organization',
          sent: url.searchParams.get('sub_type') ?? '',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorizeOrganization, { query: { sub_type: 'org' } });
  },
};

const noChoice: Mistake = {
  id: 'no-organization',
  requirement: 'org-selection-required',
  find: ({ rule }) =>
    rule === 'chosenOrganization'
      ? { message: 'No organization was chosen. Select one on the consent page before you click Allow.' }
      : null,
  play: async (learner) => {
    await learner.open(authorizeOrganization, { decision: { organization: '' } });
  },
};

const undeclared: Mistake = {
  id: 'scope-undeclared',
  requirement: 'authz-scope-undeclared',
  find: ({ rule, url }, { store }) => {
    if (rule !== 'grantableScopes') return null;
    const client = store.clients.find(({ client_id }) => client_id === url.searchParams.get('client_id'));
    return {
      message:
        'Your client didn’t declare one of these scopes. Ask only for declared ones, or register a client that also declares organizations:read and user:read.',
      expected: client?.scope ?? '',
      sent: url.searchParams.get('scope') ?? '',
    };
  },
  play: async (learner) => {
    await learner.open(authorizeOrganization, { query: { scope: 'openid products:read' } });
  },
};

const scopeMissing: Mistake = {
  id: 'scope-missing',
  requirement: 'api-scope-enforced',
  find: (exchange, context) =>
    exchange.endpoint === 'organizations' &&
    exchange.rule === 'scopeSuffices' &&
    isByOrganization(exchange, context)
      ? {
          message:
            'This is the organization’s token, but the endpoint needs the scope organizations:read. Authorize again and ask for it.',
          expected: 'organizations:read',
          sent: accessTokenIn(exchange, context)?.scopes.join(' ') ?? '',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorizeOrganization, { query: { scope: 'openid' } });
    await learner.send(exchangeCode);
    await learner.send(listOrganizations);
  },
};

const userToken: Mistake = {
  id: 'user-token',
  requirement: 'org-token',
  find: (exchange, context) => {
    const token = accessTokenIn(exchange, context);
    return exchange.endpoint === 'organizations' && token !== null && token.organizationId === null
      ? {
          message:
            'This is Alice’s own token: it sees all her organizations. Send the one you got with sub_type=organization.',
          expected: 'an organization’s token (polar_at_o_…)',
          sent: 'a user’s token (polar_at_u_…)',
        }
      : null;
  },
  play: async (learner) => {
    await learner.open(authorizeOrganization, { query: { sub_type: null } });
    await learner.send(exchangeCode);
    await learner.send(listOrganizations, { headers: { authorization: 'Bearer {ACCESS_TOKEN}' } });
  },
};

const userClaims: Mistake = {
  id: 'user-claims',
  requirement: 'org-sub',
  find: (exchange, context) =>
    exchange.endpoint === 'userinfo' && isByOrganization(exchange, context)
      ? {
          message:
            'The subject of this token is the organization, so userinfo says nothing about Alice. It tells who signed in only for a user’s token.',
          expected: 'a user’s token (polar_at_u_…)',
          sent: 'an organization’s token (polar_at_o_…)',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorizeOrganization);
    await learner.send(exchangeCode);
    await learner.send({ ...listOrganizations, url: '{USERINFO_ENDPOINT}' });
  },
};

export const mistakes: readonly [Mistake, ...Mistake[]] = [
  forUser,
  subTypeUnknown,
  noChoice,
  undeclared,
  scopeMissing,
  userToken,
  userClaims,
];
