/** Lesson 6: the access token opens what was granted, and nothing else opens anything. */
import { accessTokenIn } from '../access-token.js';
import { type Break, type Goal, lesson } from '../lesson.js';
import { seedTokens } from '../steps.js';
import { headerMistakes } from './header.js';
import {
  callBenefits,
  callUserinfo,
  callWithIdToken,
  carriesIdToken,
  hasEnded,
  isCall,
  scopeNeeded,
} from './sent.js';
import { tokenMistakes } from './tokens.js';

const called: Goal = {
  id: 'called',
  text: 'Ask the userinfo endpoint who signed in, with your access token.',
  requirement: 'userinfo-get',
  reached: (exchange, scene) => {
    const token = accessTokenIn(exchange, scene);
    return (
      exchange.endpoint === 'userinfo' &&
      exchange.status === 200 &&
      token?.organizationId === null &&
      !hasEnded(token, scene)
    );
  },
};

const idTokenSent: Break = {
  id: 'id-token-refused',
  text: 'Send the ID Token in place of the access token. This must fail.',
  requirement: 'api-id-token-refused',
  guess: {
    question: 'The ID Token is signed by this very server. What will it answer?',
    choices: ['200, as it knows its own signature', '401 invalid_token', '403 insufficient_scope'],
    answer: 1,
  },
  tried: (exchange, scene) => isCall(exchange) && carriesIdToken(exchange, scene),
  refusedBy: ['knownAccessToken'],
  ended: ({ rule, status, error }) =>
    rule === 'knownAccessToken' && status === 401 && error === 'invalid_token',
  lesson:
    'An ID Token is a message to your client: it says who signed in. An API that took it would let every client in that has ever received one. 401 means: with this token you are nobody.',
  hints: [
    'The same call, with the other token of the token response in the header.',
    'Authorization: Bearer, a space, and the id_token. The answer names its reason in WWW-Authenticate (RFC 6750 §3).',
  ],
  solution: [callWithIdToken],
  play: async (learner) => {
    await learner.send(callWithIdToken);
  },
};

const scopeMissing: Break = {
  id: 'scope-refused',
  text: 'With the access token, call an endpoint whose scope was not granted: /v1/users/benefit asks for user:read. This must fail.',
  requirement: 'api-scope-enforced',
  guess: {
    question: 'The token is good, and lacks the scope. What will the server answer?',
    choices: ['401 invalid_token', '200 with an empty list', '403 insufficient_scope'],
    answer: 2,
  },
  tried: (exchange, scene) => {
    const needed = scopeNeeded(exchange);
    const token = accessTokenIn(exchange, scene);
    return needed !== null && token !== null && !token.scopes.includes(needed) && !hasEnded(token, scene);
  },
  refusedBy: ['scopeSuffices', 'userinfoScope'],
  ended: ({ rule, status, error }) =>
    (rule === 'scopeSuffices' || rule === 'userinfoScope') &&
    status === 403 &&
    error === 'insufficient_scope',
  lesson:
    '403 means: the token is good, and not for this. Asking again with the same token helps nothing; the user has to grant the scope, by a new authorization request that names it.',
  hints: [
    'The token stays; the address changes.',
    'GET /v1/users/benefit, with the access token in the header. It was granted openid and profile, and the endpoint asks for user:read (RFC 6750 §3.1).',
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
    'You hold an access token. Sent with a request, it says: a user has allowed this client to do this much. You send it as you sent your personal token, in the header Authorization.',
    'The userinfo endpoint answers with what the user allowed you to know about them.',
    'Then try where the token ends: with the ID Token instead, and at an endpoint whose scope nobody granted. The server says which of the two it is, by 401 or 403.',
  ],
  words: [
    { word: 'userinfo endpoint', meaning: 'tells a client about the user who signed in' },
    { word: 'invalid_token', meaning: 'the token is unknown, altered, expired or ended: get a new one' },
    { word: 'insufficient_scope', meaning: 'the token is good, and lacks a scope' },
  ],
  about: ['userinfo', 'userBenefits', 'organizations'],
  goals: [called],
  breaks: [idTokenSent, scopeMissing],
  mistakes: [...headerMistakes, ...tokenMistakes],
  hints: [
    'It is one GET to the userinfo endpoint, with one header.',
    'The header is Authorization: the word Bearer, one space, and the access_token of the token response (RFC 6750 §2.1).',
  ],
  solution: [callUserinfo],
  seed: seedTokens,
  play: async (learner) => {
    await learner.send(callUserinfo);
  },
  why: [
    'Whoever bears the token may use it: it is as good as a key, so it stays out of URLs and logs.',
    '401 asks for another token, 403 for another grant: a client that tells them apart knows what to do.',
    'Each token has one use: the access token for the API, the ID Token for you, the refresh token for the token endpoint.',
  ],
  production: 'ask for the fewest scopes that do, and on 401 get a new access token before you ask the user.',
});
