/** Lesson 6: the access token opens what was granted, and nothing else does. */
import { accessTokenIn } from '../access-token.js';
import { type Exercise, type Goal, lesson } from '../lesson.js';
import { CODE_FLOW } from '../picture.js';
import { seedTokens } from '../steps.js';
import { headerMistakes } from './header.js';
import {
  callBenefits,
  callUserinfo,
  callWithIdToken,
  carriesIdToken,
  isCall,
  isRevoked,
  scopeNeeded,
} from './requests.js';
import { tokenMistakes } from './tokens.js';

const called: Goal = {
  id: 'called',
  text: 'Ask the userinfo endpoint who signed in, with your access token.',
  requirement: 'userinfo-get',
  reached: (exchange, context) => {
    const token = accessTokenIn(exchange, context);
    return (
      exchange.endpoint === 'userinfo' &&
      exchange.status === 200 &&
      token?.organizationId === null &&
      !isRevoked(token, context)
    );
  },
};

const idTokenSent: Exercise = {
  id: 'id-token-refused',
  text: 'Send the ID Token instead of the access token. This must fail.',
  requirement: 'api-id-token-refused',
  guess: {
    question: 'This server signed the ID Token itself. What will it answer?',
    choices: ['200: it knows its own signature', '401 invalid_token', '403 insufficient_scope'],
    answer: 1,
  },
  isAttempt: (exchange, context) => isCall(exchange) && carriesIdToken(exchange, context),
  refusedBy: ['knownAccessToken'],
  isExpected: ({ rule, status, error }) =>
    rule === 'knownAccessToken' && status === 401 && error === 'invalid_token',
  lesson:
    'An ID Token is a message to your client: it says who signed in. An API that accepted it would let in any client that had ever received one. 401 means: with this token, you’re nobody.',
  hints: [
    'The same call, with the other token from the token response in the header.',
    'Authorization: Bearer, a space, and the id_token. The response says why in WWW-Authenticate (RFC 6750 §3).',
  ],
  solution: [callWithIdToken],
  play: async (learner) => {
    await learner.send(callWithIdToken);
  },
};

const scopeMissing: Exercise = {
  id: 'scope-refused',
  text: 'With the access token, call an endpoint whose scope wasn’t granted: /v1/users/benefit needs user:read. This must fail.',
  requirement: 'api-scope-enforced',
  guess: {
    question: 'The token is valid but lacks the scope. What will the server answer?',
    choices: ['401 invalid_token', '200 with an empty list', '403 insufficient_scope'],
    answer: 2,
  },
  isAttempt: (exchange, context) => {
    const needed = scopeNeeded(exchange);
    const token = accessTokenIn(exchange, context);
    return needed !== null && token !== null && !token.scopes.includes(needed) && !isRevoked(token, context);
  },
  refusedBy: ['scopeSuffices', 'userinfoScope'],
  isExpected: ({ rule, status, error }) =>
    (rule === 'scopeSuffices' || rule === 'userinfoScope') &&
    status === 403 &&
    error === 'insufficient_scope',
  lesson:
    '403 means: the token is valid, but not for this. Asking again with the same token won’t help; the user has to grant the scope, through a new authorization request that asks for it.',
  hints: [
    'Keep the token; change the address.',
    'GET /v1/users/benefit, with the access token in the header. It was granted openid and profile, but the endpoint needs user:read (RFC 6750 §3.1).',
  ],
  solution: [callBenefits],
  play: async (learner) => {
    await learner.send(callBenefits);
  },
};

export const call = lesson({
  id: 'call',
  part: 'B',
  title: 'Use the token, know its limits',
  minutes: 4,
  story: [
    'You have an access token. It says: a user has allowed this client to do this much. Send it the way you sent your personal access token, in the Authorization header.',
    'The userinfo endpoint returns what the user allowed you to know about them.',
    'Then find the limits of the token: send the ID Token instead, and call an endpoint whose scope nobody granted. The server tells the two apart: 401 or 403.',
  ],
  words: [
    { word: 'userinfo endpoint', meaning: 'tells a client about the user who signed in' },
    { word: 'invalid_token', meaning: 'the token is unknown, altered, expired or revoked: get a new one' },
    { word: 'insufficient_scope', meaning: 'the token is valid but lacks a scope' },
  ],
  about: ['userinfo', 'userBenefits', 'organizations'],
  picture: CODE_FLOW,
  goals: [called],
  exercises: [idTokenSent, scopeMissing],
  mistakes: [...headerMistakes, ...tokenMistakes],
  hints: [
    'It’s one GET to the userinfo endpoint, with one header.',
    'The header is Authorization: the word Bearer, one space, and the access_token from the token response (RFC 6750 §2.1).',
  ],
  solution: [callUserinfo],
  seed: seedTokens,
  play: async (learner) => {
    await learner.send(callUserinfo);
  },
  why: [
    'Anyone who has the token can use it, like a key. So keep it out of URLs and logs.',
    '401 calls for another token, 403 for another grant: a client that tells them apart knows what to do.',
    'Each token has one use: the access token for the API, the ID Token for you, the refresh token for the token endpoint.',
  ],
  production:
    'ask only for the scopes you need, and on 401 get a new access token before you bother the user.',
});
