/** Lesson 7: who has signed in, and how a client makes sure of it. */
import { decodeIdToken } from '../../token/decode.js';
import { textOf } from '../../watcher/seen.js';
import { type Break, type Goal, lesson } from '../lesson.js';
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
  text: 'Get the keys of the issuer, with which its signature is verified.',
  requirement: 'discovery-jwks',
  reached: ({ endpoint, method, status, json }) =>
    endpoint === 'jwks' && method === 'GET' && status === 200 && Array.isArray(json?.keys),
};

const verifier: Break = {
  id: VERIFIER,
  text: 'Have your verifier tell good ID Tokens from altered ones; it must refuse the altered ones. Run npx polar-conformance tutorial verify-with -- COMMAND, or find the flaws of three tokens on the page.',
  requirement: 'idtoken-signature',
  guess: {
    question: 'An ID Token decodes well and names your client. May you believe it?',
    choices: [
      'Yes: it is for you',
      'Only after its signature is verified',
      'Only after all checks, signature included',
    ],
    answer: 2,
  },
  // A check of an ID Token leaves no trace on the wire: tutorial/verify judges it, and says so by `reach`.
  tried: () => false,
  refusedBy: [],
  ended: () => false,
  lesson:
    'Anybody can write an ID Token that decodes. The signature says who wrote it, and the claims say for whom, until when and in answer to what: a verifier looks at all of them.',
  hints: [
    'The command gets one token on its standard input, and ISSUER, CLIENT_ID, NONCE and JWKS_URI in its environment. It exits with 0 for a token that it accepts, and with anything else for one that it refuses.',
    'Let a library verify signature, iss, aud and exp, allow RS256 alone, and compare nonce yourself (OpenID Connect Core §3.1.3.7).',
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
  title: 'Verify who has signed in',
  minutes: 6,
  story: [
    'The ID Token tells your client who has signed in. It is a signed text of three parts with dots between them: header, claims and signature, each in base64url.',
    'Whoever wants to be somebody else will try to hand you an ID Token of another app, of another day or of their own making. So a client believes none before it has checked it.',
    'Log in as before, and send a nonce along. Then fetch the public keys of the issuer, and have a program of yours tell good tokens from altered ones.',
  ],
  words: [
    { word: 'claim', meaning: 'one statement of a token: a name and a value, as in sub, the user' },
    {
      word: 'nonce',
      meaning: 'a random text that you send with the authorization request and find again in the ID Token',
    },
    {
      word: 'base64url',
      meaning: 'base64 for URLs: with - and _ instead of + and /, and without = at the end',
    },
  ],
  about: ['authorize', 'decision', 'token', 'jwks'],
  goals: [asked, redeemed, keys],
  breaks: [verifier],
  mistakes,
  hints: [
    'The authorization URL gets one parameter more; the token request is the one that you know; the keys are one GET.',
    'nonce is a new random text for each authorization request; it comes back as the claim nonce. The address of the keys is jwks_uri of the discovery document (OpenID Connect Core §3.1.2.1, §3.1.3.7).',
  ],
  solution: [authorizeWithNonce, redeem, getKeys],
  seed: seedClient,
  play: async (learner) => {
    await learner.sendAll([authorizeWithNonce, redeem, getKeys]);
  },
  why: [
    'The signature shows that the issuer wrote the token, and that nobody changed it since.',
    'aud and nonce show that it was written for you, in answer to this very request: a token stolen elsewhere fails here.',
    'alg stands in the token, where an attacker can write too: so the client decides which one it accepts.',
  ],
  production:
    'use a library that does all steps of OpenID Connect Core §3.1.3.7, keep the keys for a while and fetch them anew for a kid that you do not know, and allow a minute or two for clocks that differ.',
});
