/** Lesson 7: who signed in, and how a client makes sure of it. */
import { decodeIdToken } from '../../token/decode.js';
import { textOf } from '../../watcher/exchange.js';
import { type Exercise, type Goal, lesson } from '../lesson.js';
import { authorizeSteps, tokenSteps } from '../picture.js';
import { seedClient } from '../steps.js';
import { SAMPLE, VERIFIER } from './exercise.js';
import { mistakes } from './mistakes.js';
import { authorizeWithNonce, getKeys, isAuthorization, redeem, runSample } from './recipes.js';

const asked: Goal = {
  id: 'asked',
  text: 'Send the user to consent with a nonce, and come back with a code.',
  requirement: 'idtoken-nonce',
  reached: (exchange, { store }) => {
    const code = store.codes.find(({ value }) => value === exchange.location?.searchParams.get('code'));
    const grant = store.grants.find(({ id }) => id === code?.grantId);
    return (
      isAuthorization(exchange) &&
      code !== undefined &&
      code.nonce !== null &&
      grant?.scopes.includes('openid') === true
    );
  },
};

const redeemed: Goal = {
  id: 'redeemed',
  text: 'Redeem the code, and find the same nonce in the ID Token.',
  requirement: 'token-id-token',
  reached: ({ endpoint, method, status, form, json }, { store }) => {
    const code = store.codes.find(({ value }) => value === form.get('code'));
    const decoded = decodeIdToken(textOf(json?.id_token) ?? '');
    return (
      endpoint === 'token' &&
      method === 'POST' &&
      status === 200 &&
      form.get('grant_type') === 'authorization_code' &&
      code !== undefined &&
      code.nonce !== null &&
      decoded?.claims.nonce === code.nonce
    );
  },
};

const keys: Goal = {
  id: 'keys',
  text: 'Fetch the issuer’s keys, which verify the signature.',
  requirement: 'discovery-jwks',
  reached: ({ endpoint, method, status, json }) =>
    endpoint === 'jwks' && method === 'GET' && status === 200 && Array.isArray(json?.keys),
};

const verifier: Exercise = {
  id: VERIFIER,
  text: 'Have your verifier tell valid ID Tokens from altered ones; it must reject the altered ones. Run npx polar-conformance tutorial verify-with -- COMMAND, or find the flaws in three tokens on the page.',
  requirement: 'idtoken-signature',
  guess: {
    question: 'An ID Token decodes fine and names your client. Can you trust it?',
    choices: [
      'Yes: it’s for you',
      'Only after verifying its signature',
      'Only after all checks, including the signature',
    ],
    answer: 2,
  },
  // Verifying an ID Token sends no request: tutorial/verify decides it, and reports it through `reach`.
  isAttempt: () => false,
  refusedBy: [],
  isExpected: () => false,
  lesson:
    'Anyone can write an ID Token that decodes. The signature says who issued it; the claims say who it’s for, until when, and which request it answers. A verifier checks all of them.',
  hints: [
    'The command gets one token on standard input, and ISSUER, CLIENT_ID, NONCE and JWKS_URI in its environment. It exits with 0 to accept the token, and with anything else to reject it.',
    'Let a library verify the signature, iss, aud and exp, allow only RS256, and compare nonce yourself (OpenID Connect Core §3.1.3.7).',
  ],
  solution: [runSample],
  play: async (learner) => {
    const { exitCode, message } = await learner.verify([process.execPath, SAMPLE]);
    if (exitCode !== 0) throw new Error(message);
  },
};

export const idToken = lesson({
  id: 'id-token',
  part: 'C',
  title: 'Verify who signed in',
  minutes: 6,
  story: [
    'The ID Token tells your client who signed in. It’s a signed string of three parts separated by dots: header, claims and signature, each in base64url.',
    'An attacker may hand you an ID Token from another app, an old one, or one they made up. So a client trusts no ID Token before checking it.',
    'Sign in as before, with a nonce this time. Then fetch the issuer’s public keys, and have a program of yours tell valid tokens from altered ones.',
  ],
  words: [
    { word: 'claim', meaning: 'one statement in a token: a name and a value, such as sub, the user' },
    {
      word: 'nonce',
      meaning: 'a random string you send with the authorization request and find again in the ID Token',
    },
    {
      word: 'base64url',
      meaning: 'base64 for URLs: - and _ instead of + and /, and no = at the end',
    },
  ],
  about: ['authorize', 'decision', 'token', 'jwks'],
  picture: [
    ...authorizeSteps('authorization request, nonce'),
    ...tokenSteps('authorization_code', 'code, client secret', 'ID Token with the nonce'),
    { from: 'client', to: 'server', label: 'fetch the keys', matches: ({ endpoint }) => endpoint === 'jwks' },
    {
      from: 'server',
      to: 'client',
      label: 'public keys',
      matches: ({ endpoint }) => endpoint === 'jwks',
      isResponse: true,
    },
    { from: 'client', to: 'client', label: 'verify the ID Token', matches: () => false },
  ],
  goals: [asked, redeemed, keys],
  exercises: [verifier],
  mistakes,
  hints: [
    'The authorization URL gets one more parameter; the token request is the one you know; the keys are one GET.',
    'nonce is a new random string for each authorization request; it comes back as the claim nonce. The keys are at the jwks_uri of the discovery document (OpenID Connect Core §3.1.2.1, §3.1.3.7).',
  ],
  solution: [authorizeWithNonce, redeem, getKeys],
  seed: seedClient,
  play: async (learner) => {
    await learner.sendAll([authorizeWithNonce, redeem, getKeys]);
  },
  why: [
    'The signature shows that the issuer made the token and that nobody has changed it since.',
    'aud and nonce show that it was made for you, in response to this exact request: a token stolen elsewhere fails here.',
    'alg is part of the token, where an attacker can write too. So the client decides which algorithm it accepts.',
  ],
  production:
    'use a library that does every step of OpenID Connect Core §3.1.3.7, cache the keys and fetch them again for an unknown kid, and allow a minute or two for clocks that differ.',
});
