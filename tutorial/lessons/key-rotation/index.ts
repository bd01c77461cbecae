/** What an app does when the server signs with a new key: it fetches the keys again. */
import { SAMPLE, VERIFIER } from '../id-token/exercise.js';
import { keysElsewhere } from '../id-token/mistakes.js';
import { runSample } from '../id-token/recipes.js';
import { type Exercise, type Goal, lesson, type Mistake } from '../lesson.js';
import type { PictureStep } from '../picture.js';
import { refreshTokens } from '../refresh.js';
import { seedTokens } from '../steps.js';
import { cachedKids, getKeys, isOperator, isRotation, kidOfToken, kidsIn, rotateKeys } from './requests.js';

const cached: Goal = {
  id: 'cached',
  text: 'Fetch the server’s keys (jwks_uri), and note the kid. Your app would cache them now.',
  requirement: 'discovery-jwks',
  reached: (exchange) => kidsIn(exchange)?.length === 1,
};

const rotated: Goal = {
  id: 'rotated',
  text: 'Now be the server’s operator and rotate the signing key: POST {OPERATOR}/rotate-keys',
  requirement: 'idtoken-kid',
  reached: (exchange, { reached }) => isRotation(exchange) && reached.has('cached'),
};

const newToken: Goal = {
  id: 'new-token',
  text: 'Get a new ID Token: refresh. Its header names a kid that isn’t among the keys you cached.',
  requirement: 'idtoken-kid',
  reached: (exchange, context) => {
    const kid = kidOfToken(exchange);
    return kid !== null && context.reached.has('rotated') && !cachedKids(context).includes(kid);
  },
};

const fetchedAgain: Goal = {
  id: 'fetched-again',
  text: 'Fetch the keys again: now there are two, and the new kid is one of them.',
  requirement: 'discovery-jwks',
  reached: (exchange, { reached }) => (kidsIn(exchange)?.length ?? 0) > 1 && reached.has('new-token'),
};

const verifier: Exercise = {
  id: VERIFIER,
  text: 'Have your verifier check tokens signed with the new key and the old key, and two that an attacker signed. It must reject the attacker’s. Run npx polar-conformance tutorial verify-with -- COMMAND.',
  requirement: 'idtoken-signature',
  guess: {
    question: 'A token’s kid isn’t among your cached keys. What should your app do?',
    choices: [
      'Reject the token right away',
      'Fetch the keys again, once, then decide',
      'Accept it: the server must have rotated its keys',
    ],
    answer: 1,
  },
  // Verifying an ID Token sends no request: tutorial/verify decides it, and reports it through `reach`.
  isAttempt: () => false,
  refusedBy: [],
  isExpected: () => false,
  lesson:
    'A kid only says which key to try. Unknown kid: fetch the keys once more, and reject the token if it still isn’t there. Known kid: the signature must match that key, whatever else the header says.',
  hints: [
    'The command gets one token on standard input, and ISSUER, CLIENT_ID, NONCE and JWKS_URI in its environment. It exits with 0 to accept the token, and with anything else to reject it.',
    'Choose the key by kid from JWKS_URI, never from the token, and allow only RS256 (OpenID Connect Core §10.1.1).',
  ],
  solution: [runSample],
  play: async (learner) => {
    const { exitCode, message } = await learner.verify([process.execPath, SAMPLE]);
    if (exitCode !== 0) throw new Error(message);
  },
};

const rotateByGet: Mistake = {
  id: 'rotate-get',
  requirement: 'idtoken-kid',
  find: (exchange) =>
    isOperator(exchange) && exchange.status === 405
      ? {
          message: 'Rotating changes something, so it’s a POST: curl -X POST.',
          expected: 'POST',
          sent: exchange.method,
        }
      : null,
  play: async (learner) => {
    await learner.send(rotateKeys, { method: 'GET' });
  },
};

const rotatedFirst: Mistake = {
  id: 'rotated-first',
  requirement: 'discovery-jwks',
  find: (exchange, { reached }) =>
    isRotation(exchange) && !reached.has('cached')
      ? {
          message:
            'The key has changed, but you have no cached keys to compare with. Restart the lesson, and fetch the keys before you rotate.',
        }
      : null,
  play: async (learner) => {
    await learner.send(rotateKeys);
  },
};

const oldKey: Mistake = {
  id: 'old-key',
  requirement: 'idtoken-kid',
  find: (exchange, { reached }) =>
    kidOfToken(exchange) !== null && !reached.has('rotated')
      ? {
          message:
            'This ID Token is still signed with the key you cached. Rotate the key first, then get a new token.',
        }
      : null,
  play: async (learner) => {
    await learner.sendAll([getKeys, refreshTokens]);
  },
};

const picture: readonly PictureStep[] = [
  { from: 'client', to: 'server', label: 'fetch the keys', matches: (one) => kidsIn(one) !== null },
  { from: 'server', to: 'client', label: 'the key that signs', matches: (one) => kidsIn(one) !== null },
  { from: 'server', to: 'server', label: 'a new key signs', matches: isRotation },
  {
    from: 'client',
    to: 'server',
    label: 'refresh',
    matches: (one) => one.form.get('grant_type') === 'refresh_token',
  },
  {
    from: 'server',
    to: 'client',
    label: 'ID Token, unknown kid',
    matches: (one) => one.form.get('grant_type') === 'refresh_token' && kidOfToken(one) !== null,
  },
  {
    from: 'client',
    to: 'server',
    label: 'fetch the keys again',
    matches: (one) => (kidsIn(one)?.length ?? 0) > 1,
  },
  { from: 'server', to: 'client', label: 'both keys', matches: (one) => (kidsIn(one)?.length ?? 0) > 1 },
];

const solution = [getKeys, rotateKeys, refreshTokens, getKeys];

export const keyRotation = lesson({
  id: 'key-rotation',
  part: 'C',
  title: 'When the server changes its keys',
  minutes: 4,
  story: [
    'Apps cache the server’s public keys, because fetching them for every token would be slow. But servers change their keys: on a schedule, or because one leaked.',
    'The server then signs with a new key and publishes both for a while: tokens signed with the old key are still around. Each token’s header has a kid that says which key signed it.',
    'In this lesson you play both sides. Cache the keys as an app, rotate the signing key as the server’s operator ({OPERATOR}), and see what the app has to do with the next ID Token. The page “ID Token” decodes its header.',
  ],
  words: [
    { word: 'kid', meaning: 'key id: says which key in the JWKS verifies this token' },
    {
      word: 'key rotation',
      meaning: 'replacing the signing key; old and new overlap until the old tokens expire',
    },
  ],
  about: ['jwks', 'token'],
  aboutSample: isOperator,
  idTokens: 'keys',
  picture,
  goals: [cached, rotated, newToken, fetchedAgain],
  exercises: [verifier],
  mistakes: [rotateByGet, rotatedFirst, oldKey, keysElsewhere],
  hints: [
    'Four requests: the keys, the rotation, a refresh, and the keys again.',
    'GET jwks_uri; POST to the operator’s /rotate-keys; grant_type=refresh_token; GET jwks_uri. The kid is in the first part of the ID Token (OpenID Connect Core §10.1.1).',
  ],
  solution,
  seed: async (learner) => {
    await learner.send({ note: 'one key', method: 'POST', url: '{OPERATOR}/retire-old-keys' });
    await seedTokens(learner);
  },
  play: (learner) => learner.sendAll(solution),
  why: [
    'An app with hard-coded keys, or a cache that never refreshes, locks out every user on the day of the rotation.',
    'The server publishes the new key before or when it starts to sign, and keeps the old one until its tokens have expired.',
    'Fetching the keys again for each unknown kid would let anyone flood your app and the server with made-up kids: do it once, then wait a while.',
  ],
  production:
    'use a library that caches the JWKS, refetches it for an unknown kid with a cooldown, and never takes a key or a key address from the token itself.',
});
