/** Mistakes in asking for an ID Token with a nonce. What a verifier misses is reported by tutorial/verify. */
import { type ObservedExchange, scopesOf } from '../../watcher/exchange.js';
import type { LessonContext, Mistake } from '../lesson.js';
import { authorizeWithNonce, isAuthorization, redeem } from './recipes.js';

/** The parameters of an authorization request that names a known client and asks for a code; null for others. */
function paramsOf(exchange: ObservedExchange, { store }: LessonContext): URLSearchParams | null {
  const { searchParams } = exchange.url;
  const isKnown = store.clients.some(({ client_id }) => client_id === searchParams.get('client_id'));
  return isAuthorization(exchange) && isKnown && searchParams.get('response_type') === 'code'
    ? searchParams
    : null;
}

const noOpenid: Mistake = {
  id: 'openid-missing',
  requirement: 'token-id-token',
  find: (exchange, context) => {
    const params = paramsOf(exchange, context);
    const scope = params?.get('scope') ?? '';
    if (scope === '' || scopesOf(scope).includes('openid')) return null;
    return {
      message: 'The scope doesn’t have openid, so there is no ID Token to verify.',
      expected: `openid ${scope}`,
      sent: scope,
    };
  },
  play: async (learner) => {
    await learner.send(authorizeWithNonce, { query: { scope: 'profile' } });
  },
};

const noNonce: Mistake = {
  id: 'nonce-missing',
  requirement: 'idtoken-nonce',
  find: (exchange, context) => {
    const params = paramsOf(exchange, context);
    return params !== null && (params.get('nonce') ?? '') === ''
      ? {
          message:
            'The authorization request has no nonce. Add one: a new random string for each request. It comes back inside the ID Token.',
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(authorizeWithNonce, { query: { nonce: null } });
  },
};

const lateNonce: Mistake = {
  id: 'nonce-at-token-endpoint',
  requirement: 'idtoken-nonce',
  find: ({ endpoint, form }, { store }) =>
    endpoint === 'token' &&
    form.has('nonce') &&
    store.codes.some(({ value, nonce }) => value === form.get('code') && nonce === null)
      ? {
          message:
            'This is too late for the nonce. Send it with the authorization request, before the code is issued, and leave it out of the token request.',
        }
      : null,
  play: async (learner) => {
    await learner.open(authorizeWithNonce, { query: { nonce: null } });
    await learner.send(redeem, { form: { nonce: '{NONCE}' } });
  },
};

export const keysElsewhere: Mistake = {
  id: 'keys-path',
  requirement: 'discovery-jwks',
  find: ({ endpoint, url }, { values }) =>
    endpoint === null && /jwks|certs|keys/i.test(url.pathname)
      ? {
          message: 'There are no keys at this address. Take it from the discovery document: jwks_uri.',
          expected: values.JWKS_URI ?? '',
          sent: url.origin + url.pathname,
        }
      : null,
  play: async (learner) => {
    await learner.send({ note: 'guess', method: 'GET', url: '{ISSUER}/oauth2/jwks' });
  },
};

export const mistakes = [noOpenid, noNonce, lateNonce, keysElsewhere] as const;
