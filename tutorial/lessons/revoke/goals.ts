/** The goals and exercises of the lesson on revocation and introspection. */
import { isTokenRequest } from '../../watcher/exchange.js';
import { accessTokenIn } from '../access-token.js';
import { callUserinfo, isCall } from '../call/requests.js';
import type { Exercise, Goal } from '../lesson.js';
import { refreshTokens } from '../refresh.js';
import {
  findAccessToken,
  findRefreshToken,
  introspectAnonymously,
  introspectToken,
  isGrantRevoked,
  isIntrospection,
  isRevocation,
  readActive,
  revokeToken,
} from './requests.js';

const active: Goal = {
  id: 'active',
  text: 'Ask the introspection endpoint about your access token. It says active: true.',
  requirement: 'introspect-active',
  reached: (exchange, context) =>
    isIntrospection(exchange) &&
    readActive(exchange) === true &&
    findAccessToken(exchange, context) !== undefined,
};

const revoked: Goal = {
  id: 'revoked',
  text: 'Revoke the refresh token, as an app does when its user signs out.',
  requirement: 'revoke-refresh-token',
  reached: (exchange, context) =>
    isRevocation(exchange) &&
    exchange.status === 200 &&
    isGrantRevoked(findRefreshToken(exchange, context)?.grantId, context),
};

const inactive: Goal = {
  id: 'inactive',
  text: 'Ask about the access token again. Now it says active: false.',
  requirement: 'introspect-revoked',
  reached: (exchange, context) =>
    isIntrospection(exchange) &&
    readActive(exchange) === false &&
    isGrantRevoked(findAccessToken(exchange, context)?.grantId, context),
};

const call: Exercise = {
  id: 'revoked-token',
  text: 'Call userinfo with the access token. It hasn’t expired yet. This must fail.',
  requirement: 'revoke-refresh-cascade',
  guess: {
    question: 'You revoked the refresh token. What will the API say to the access token?',
    choices: ['200 until it expires', '401 invalid_token', '403 insufficient_scope'],
    answer: 1,
  },
  isAttempt: (exchange, context) =>
    isCall(exchange) && isGrantRevoked(accessTokenIn(exchange, context)?.grantId, context),
  refusedBy: ['bearerTokenUnrevoked'],
  lesson:
    'Revoking the refresh token revoked everything from the same grant. RFC 7009 asks for that if the server can do it. An API that checks tokens offline would accept this one until it expires, which is why access tokens should be short-lived.',
  hints: [
    'It’s the call of lesson 6.',
    'GET the userinfo endpoint with Authorization: Bearer and the access token (RFC 6750 §3.1).',
  ],
  solution: [callUserinfo],
  play: async (learner) => {
    await learner.send(callUserinfo);
  },
};

const refreshAfter: Exercise = {
  id: 'revoked-refresh-token',
  text: 'Refresh with the revoked refresh token. This must fail.',
  requirement: 'revoke-refresh-token',
  guess: {
    question: 'What will the token endpoint answer?',
    choices: ['New tokens', 'invalid_grant', 'invalid_client'],
    answer: 1,
  },
  isAttempt: (exchange, { store }) => {
    const sent = store.refreshTokens.find(({ value }) => value === exchange.form.get('refresh_token'));
    return (
      isTokenRequest(exchange) &&
      exchange.form.get('grant_type') === 'refresh_token' &&
      store.grants.some(({ id, revoked: isEnded }) => id === sent?.grantId && isEnded)
    );
  },
  refusedBy: ['liveGrant'],
  lesson:
    'The session is over for good: only the user can start a new one. An app that gets invalid_grant for a refresh deletes its tokens and shows the sign-in button.',
  hints: [
    'It’s the refresh of the lesson “Stay signed in”.',
    'grant_type=refresh_token and the refresh token you revoked (RFC 6749 §6).',
  ],
  solution: [refreshTokens],
  play: async (learner) => {
    await learner.send(refreshTokens);
  },
};

const anonymous: Exercise = {
  id: 'anonymous-introspection',
  text: 'Ask the introspection endpoint about the token without client_id and client_secret. This must fail.',
  requirement: 'introspect-auth',
  guess: {
    question: 'The token is in the request. Why would a server refuse to say anything about it?',
    choices: [
      'It doesn’t: it answers active: false',
      'Otherwise anyone could try out tokens until one is active',
      'The token is too old',
    ],
    answer: 1,
  },
  isAttempt: (exchange) =>
    isIntrospection(exchange) &&
    !exchange.form.has('client_secret') &&
    exchange.headers.authorization === undefined,
  refusedBy: [],
  isExpected: ({ status, error }) => status === 401 && error === 'invalid_client',
  lesson:
    'Only a client that proves who it is may ask, and this server tells it only about its own tokens. Otherwise an attacker could test guessed or found tokens here (RFC 7662 §4).',
  hints: [
    'Leave something out of the introspection request that worked.',
    'Send only token: no client_id, no client_secret and no Authorization header (RFC 7662 §2.1).',
  ],
  solution: [introspectAnonymously],
  play: async (learner) => {
    await learner.send(introspectAnonymously);
  },
};

export const goals: readonly [Goal, ...Goal[]] = [active, revoked, inactive];
export const exercises: readonly Exercise[] = [call, refreshAfter, anonymous];
export const solution = [introspectToken, revokeToken, introspectToken];
