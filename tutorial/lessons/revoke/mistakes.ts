/** Mistakes in the lesson on revocation and introspection. */
import type { ObservedExchange } from '../../watcher/exchange.js';
import type { Mistake } from '../lesson.js';
import type { Recipe } from '../recipe.js';
import {
  findAccessToken,
  findRefreshToken,
  introspectToken,
  isGrantRevoked,
  isIntrospection,
  isRevocation,
  revokeToken,
} from './requests.js';

const isAbout = ({ endpoint }: ObservedExchange): boolean =>
  endpoint === 'revoke' || endpoint === 'introspect';

/** The request without its form. */
const bare: Recipe = { note: revokeToken.note, method: 'POST', url: revokeToken.url };

const wrongPath: Mistake = {
  id: 'wrong-path',
  requirement: 'revoke-refresh-token',
  find: ({ endpoint, form, url }, { values }) =>
    endpoint === null && form.has('token')
      ? {
          message:
            'Nothing is served at this address. The discovery document names both: revocation_endpoint and introspection_endpoint.',
          expected:
            (/introspect/.test(url.pathname) ? values.INTROSPECTION_ENDPOINT : values.REVOCATION_ENDPOINT) ??
            '',
          sent: `${url.origin}${url.pathname}`,
        }
      : null,
  play: async (learner) => {
    await learner.send(revokeToken, { url: '{ISSUER}/oauth2/revoke' });
  },
};

const byGet: Mistake = {
  id: 'get',
  requirement: 'revoke-refresh-token',
  find: (exchange) =>
    isAbout(exchange) && exchange.method !== 'POST'
      ? {
          message: 'Use POST: a token in a URL would end up in logs and browser histories.',
          expected: 'POST',
          sent: exchange.method,
        }
      : null,
  play: async (learner) => {
    await learner.send({ ...bare, method: 'GET', query: revokeToken.form ?? {} });
  },
};

const noAuthentication: Mistake = {
  id: 'client-authentication',
  requirement: 'revoke-client-auth',
  find: (exchange) => {
    if (!isAbout(exchange) || exchange.error !== 'invalid_client') return null;
    return /^bearer/i.test(exchange.headers.authorization ?? '')
      ? {
          message:
            'You sent the access token as the credential. This endpoint wants to know which client asks: send client_id and client_secret in the form.',
        }
      : {
          message:
            'The client didn’t authenticate. Send client_id and client_secret in the form, as at the token endpoint.',
        };
  },
  play: async (learner) => {
    await learner.send(revokeToken, { form: { client_secret: null } });
  },
};

const tokenMissing: Mistake = {
  id: 'token-missing',
  requirement: 'revoke-refresh-token',
  find: (exchange) =>
    isAbout(exchange) && exchange.status === 400 && (exchange.form.get('token') ?? '') === ''
      ? {
          message:
            'The form has no token. The field is called token, whichever kind of token it is, here and at the introspection endpoint.',
          expected: 'token',
          sent: [...exchange.form.keys()].join(' '),
        }
      : null,
  play: async (learner) => {
    await learner.send(revokeToken, { form: { token: null, refresh_token: '{REFRESH_TOKEN}' } });
  },
};

const accessTokenOnly: Mistake = {
  id: 'access-token-only',
  requirement: 'revoke-access-token',
  find: (exchange, context) => {
    const token = findAccessToken(exchange, context);
    return isRevocation(exchange) && exchange.status === 200 && token?.revoked
      ? {
          message:
            'You revoked the access token, and only that one: the refresh token can still get new ones. To end the whole session, revoke the refresh token.',
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(revokeToken, { form: { token: '{ACCESS_TOKEN}' } });
  },
};

const unknownToken: Mistake = {
  id: 'unknown-token',
  requirement: 'revoke-unknown-token',
  find: (exchange, context) =>
    isRevocation(exchange) &&
    exchange.status === 200 &&
    findAccessToken(exchange, context) === undefined &&
    findRefreshToken(exchange, context) === undefined
      ? {
          message:
            'The server answered 200, but it doesn’t know this token: did you copy all of it? A revocation always ends in 200, because either way the token is useless afterward (RFC 7009 §2.2).',
        }
      : null,
  play: async (learner) => {
    const { REFRESH_TOKEN = '' } = await learner.values();
    await learner.send(revokeToken, { form: { token: REFRESH_TOKEN.slice(0, -4) } });
  },
};

/** Asking about a token of the lesson that is not live any more, before anything was revoked in it. */
const inactiveAlready: Mistake = {
  id: 'inactive-already',
  requirement: 'introspect-unknown',
  find: (exchange, context) => {
    const token = findAccessToken(exchange, context);
    const isRevoked = token !== undefined && (token.revoked || isGrantRevoked(token.grantId, context));
    return isIntrospection(exchange) && exchange.json?.active === false && !context.reached.has('active')
      ? {
          message: isRevoked
            ? 'This token was revoked earlier, so the server says active: false and nothing else. Run the eval line again to get a fresh ACCESS_TOKEN.'
            : 'The server says active: false: it doesn’t know this token, or it belongs to another client. It doesn’t say which, so that nobody learns anything about a token that isn’t theirs. Did you copy all of it?',
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(introspectToken, { form: { token: 'polar_at_u_made_up' } });
  },
};

export const mistakes: readonly [Mistake, ...Mistake[]] = [
  wrongPath,
  byGet,
  noAuthentication,
  tokenMissing,
  accessTokenOnly,
  unknownToken,
  inactiveAlready,
];
