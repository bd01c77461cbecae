/** Lesson 5: exchange the code for tokens, once. */
import { isTokenRequest } from '../../watcher/exchange.js';
import { type Exercise, type Goal, lesson } from '../lesson.js';
import { CODE_FLOW } from '../picture.js';
import { exchangeCode, seedCode } from '../steps.js';
import { clientMistakes } from './client.js';
import { formMistakes } from './form.js';
import { valueMistakes } from './mistakes.js';

const redeemed: Goal = {
  id: 'redeemed',
  text: 'Redeem the code at the token endpoint, using the same client.',
  requirement: 'token-exchange',
  reached: (exchange) =>
    isTokenRequest(exchange) &&
    exchange.status === 200 &&
    exchange.form.get('grant_type') === 'authorization_code',
};

const replayed: Exercise = {
  id: 'replayed',
  text: 'Send the same code again. This must fail.',
  requirement: 'token-code-single-use',
  guess: {
    question: 'What will the server answer?',
    choices: ['The same tokens', 'New tokens', 'An error'],
    answer: 2,
  },
  isAttempt: (exchange, { past }) =>
    isTokenRequest(exchange) &&
    past.some((one) => one.status === 200 && one.form.get('code') === exchange.form.get('code')),
  refusedBy: ['codeUnused'],
  lesson:
    'A code works once. Whoever sends it a second time may be a thief, so this server also revoked the tokens issued the first time. Not every server does: RFC 6749 only recommends it.',
  hints: [
    'Repeat the request that just worked, unchanged.',
    'The same code, the same redirect_uri, the same client: a code works for one request only (RFC 6749 §4.1.2).',
  ],
  solution: [exchangeCode],
  play: async (learner) => {
    await learner.send(exchangeCode);
  },
};

export const exchange = lesson({
  id: 'exchange',
  part: 'B',
  title: 'Exchange the code for tokens',
  minutes: 4,
  story: [
    'Your redirect URI has received a code. A code opens nothing by itself: it traveled through a browser, where others may have seen it.',
    'Your client now redeems it, server to server: it POSTs a form to the token endpoint with the code, the redirect_uri the code was sent to, and its own client_id and client_secret. grant_type says what the client is handing in: authorization_code.',
    'The response has an access token to call the API with, a refresh token to get new access tokens later, and an ID Token that tells you who signed in.',
  ],
  words: [
    { word: 'token endpoint', meaning: 'where a client gets tokens; no user is involved' },
    { word: 'grant', meaning: 'what a client hands in to get tokens: here an authorization code' },
  ],
  about: ['token'],
  picture: CODE_FLOW,
  goals: [redeemed],
  exercises: [replayed],
  mistakes: [...formMistakes, ...clientMistakes, ...valueMistakes],
  hints: [
    'It’s one POST to the token endpoint, with a form as the body.',
    'The form has grant_type=authorization_code, code, redirect_uri, client_id and client_secret (RFC 6749 §4.1.3).',
  ],
  solution: [exchangeCode],
  seed: seedCode,
  play: async (learner) => {
    await learner.send(exchangeCode);
  },
  why: [
    'The code was bound to your client and your redirect_uri: someone who steals the code has neither.',
    'The secret never went through the browser.',
    'The response says Cache-Control: no-store, so no cache keeps the tokens.',
  ],
  production: 'redeem the code immediately, on your server, and never log the response.',
});
