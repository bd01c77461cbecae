/** Lesson 3, wrong ways to describe the client: name, scopes, kind. */
import { SCOPES } from '../../../fixtures/sandbox/scopes.js';
import { scopesOf, textOf } from '../../watcher/exchange.js';
import type { Mistake } from '../lesson.js';
import { SCOPE } from '../steps.js';
import { clientMadeBy, isRegistration, register } from './request.js';

const withoutName: Mistake = {
  id: 'without-name',
  requirement: 'client-required-fields',
  find: ({ rule }) =>
    rule === 'clientNameAcceptable'
      ? {
          message: 'client_name is missing. Users see it on the consent page, so every client needs one.',
        }
      : null,
  play: async (learner) => {
    await register(learner, { client_name: null });
  },
};

const scopeList: Mistake = {
  id: 'scope-list',
  requirement: 'client-register',
  find: (exchange) => {
    const sent: unknown = exchange.sentJson?.scope;
    return isRegistration(exchange) && exchange.status === 400 && Array.isArray(sent)
      ? {
          message: 'scope is one string with spaces between the scopes, not a list.',
          expected: JSON.stringify(sent.join(' ')),
          sent: JSON.stringify(sent),
        }
      : null;
  },
  play: async (learner) => {
    await register(learner, { scope: ['openid', 'profile'] });
  },
};

const scopeUnknown: Mistake = {
  id: 'scope-unknown',
  requirement: 'client-scope-unsupported',
  find: ({ rule, sentJson }) => {
    const sent = textOf(sentJson?.scope);
    if (rule !== 'declaredScopes' || sent === null) return null;
    return /[,;]/.test(sent)
      ? {
          message: 'Separate the scopes with one space and nothing else.',
          expected: sent.split(/[,; ]+/).join(' '),
          sent,
        }
      : {
          message: `The server doesn’t know: ${unknownScopes(sent).join(' ')}. The discovery document lists the scopes it knows as scopes_supported.`,
        };
  },
  play: async (learner) => {
    await register(learner, { scope: `${SCOPE} everything:write` });
  },
};

const publicClient: Mistake = {
  id: 'public-client',
  requirement: 'client-public-no-secret',
  find: (exchange, context) =>
    clientMadeBy(exchange, context)?.token_endpoint_auth_method === 'none'
      ? {
          message:
            'This client is registered, but it has no secret: token_endpoint_auth_method is none. Leave that out, or send client_secret_post, to get a confidential client.',
          expected: 'client_secret_post',
          sent: 'none',
        }
      : null,
  play: async (learner) => {
    await register(learner, { token_endpoint_auth_method: 'none' });
  },
};

const withoutRefresh: Mistake = {
  id: 'without-refresh',
  requirement: 'client-register-echo',
  find: (exchange, context) => {
    const client = clientMadeBy(exchange, context);
    return client === null || client.grant_types.includes('refresh_token')
      ? null
      : {
          message:
            'This client is registered for fewer grant_types than the lessons need: refresh_token is missing. Leave grant_types out, or send both.',
          expected: 'authorization_code refresh_token',
          sent: client.grant_types.join(' '),
        };
  },
  play: async (learner) => {
    await register(learner, { grant_types: ['authorization_code'] });
  },
};

const scopeMissing: Mistake = {
  id: 'scope-missing',
  requirement: 'authz-scope-undeclared',
  find: (exchange, context) => {
    const client = clientMadeBy(exchange, context);
    if (client === null) return null;
    const missing = missingScopes(client.scope);
    return missing.length === 0
      ? null
      : {
          message: `This client is registered, but it can never get a scope it didn’t declare. The next lessons also need: ${missing.join(' ')}.`,
          expected: SCOPE,
          sent: client.scope,
        };
  },
  play: async (learner) => {
    await register(learner, { scope: 'openid' });
  },
};

function unknownScopes(sent: string): readonly string[] {
  const known: readonly string[] = SCOPES;
  return scopesOf(sent).filter((scope) => !known.includes(scope));
}

/** @returns the scopes that the lessons need and this declaration lacks */
export function missingScopes(declared: string): readonly string[] {
  const own = scopesOf(declared);
  return scopesOf(SCOPE).filter((scope) => !own.includes(scope));
}

export const metadataMistakes: readonly Mistake[] = [
  withoutName,
  scopeList,
  scopeUnknown,
  publicClient,
  withoutRefresh,
  scopeMissing,
];
