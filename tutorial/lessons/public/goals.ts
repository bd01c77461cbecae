/** What lesson 9 asks for: a client without secret, a challenge on the way out, its verifier on the way back. */
import { isTokenRequest } from '../../watcher/seen.js';
import type { Break, Goal } from '../lesson.js';
import { challengeOf, isShapely, isVerifier } from './challenge.js';
import {
  authorizePublic,
  carriesSecret,
  isAuthorization,
  isOfPublic,
  proofOf,
  redeemPublic,
} from './recipes.js';

export const registered: Goal = {
  id: 'registered',
  text: 'Register a client that authenticates by nothing: token_endpoint_auth_method none.',
  requirement: 'client-public-no-secret',
  reached: ({ endpoint, method, status, json }, { store }) =>
    endpoint === 'register' &&
    method === 'POST' &&
    status === 201 &&
    json?.client_secret === undefined &&
    store.clients.some(
      (one) => one.client_id === json?.client_id && one.token_endpoint_auth_method === 'none',
    ),
};

export const challenged: Goal = {
  id: 'challenged',
  text: 'Send the user to consent with an S256 challenge, and come back with a code.',
  requirement: 'pkce-public-required',
  reached: (exchange, scene) => {
    const code = scene.store.codes.find(({ value }) => value === exchange.location?.searchParams.get('code'));
    return (
      isAuthorization(exchange) &&
      isOfPublic(exchange, scene) &&
      code?.code_challenge_method === 'S256' &&
      isShapely(code.code_challenge ?? '')
    );
  },
};

export const redeemed: Goal = {
  id: 'redeemed',
  text: 'Redeem the code with the verifier, and without a secret.',
  requirement: 'pkce-s256',
  reached: (exchange, scene) => {
    const proof = proofOf(exchange, scene);
    return (
      exchange.status === 200 &&
      exchange.form.get('grant_type') === 'authorization_code' &&
      isOfPublic(exchange, scene) &&
      !carriesSecret(exchange) &&
      proof?.method === 'S256' &&
      isVerifier(proof.verifier) &&
      proof.challenge === challengeOf(proof.verifier)
    );
  },
};

/** One character more: the hash is another one altogether. */
const redeemWrongly = {
  ...redeemPublic,
  note: 'redeem it with another verifier',
  form: { ...redeemPublic.form, code_verifier: '{CODE_VERIFIER}x' },
};

export const wrongVerifier: Break = {
  id: 'wrong-verifier',
  text: 'Get another code, and redeem it with a wrong verifier. This must fail.',
  requirement: 'pkce-verifier-wrong',
  guess: {
    question: 'The code is good and fresh. What will the server answer?',
    choices: ['Tokens: the code is good', 'invalid_client', 'invalid_grant'],
    answer: 2,
  },
  tried: (exchange, scene) => {
    const proof = proofOf(exchange, scene);
    return proof !== null && isTokenRequest(exchange) && proof.challenge !== challengeOf(proof.verifier);
  },
  refusedBy: ['verifierMatches'],
  lesson:
    'Whoever steals a code on its way through the browser does not have the verifier, which never went there. The code is worth nothing to the thief.',
  hints: [
    'Open the authorization URL again for a fresh code, then change code_verifier in the token request.',
    'It still needs 43 characters or more, so that it is refused for being wrong and not for its form: add an x at its end (RFC 7636 §4.6).',
  ],
  solution: [authorizePublic, redeemWrongly],
  play: async (learner) => {
    await learner.open(authorizePublic);
    await learner.send(redeemWrongly);
  },
};

const {
  code_challenge: _challenge,
  code_challenge_method: _method,
  ...unprotected
} = authorizePublic.query ?? {};

const authorizeWithout = {
  ...authorizePublic,
  note: 'send the user to consent without a challenge',
  query: unprotected,
  browser: 'Look at the address that the browser ends at: the error stands in it.',
};

export const noChallenge: Break = {
  id: 'no-challenge',
  text: 'Open the authorization URL without any challenge. This must fail.',
  requirement: 'pkce-public-required',
  guess: {
    question: 'When will the server refuse?',
    choices: ['At once, before anybody signs in', 'After the consent', 'When the code is redeemed'],
    answer: 0,
  },
  tried: (exchange, scene) =>
    exchange.endpoint === 'authorize' &&
    isOfPublic(exchange, scene) &&
    (exchange.url.searchParams.get('code_challenge') ?? '') === '',
  refusedBy: ['challengeRequired'],
  lesson:
    'A client that has neither a secret nor a challenge proves nothing at all, so the server does not even begin.',
  hints: [
    'It is the authorization URL of this lesson, with two parameters less.',
    'Leave out code_challenge and code_challenge_method (RFC 9700 §2.1.1).',
  ],
  solution: [authorizeWithout],
  play: async (learner) => {
    await learner.send(authorizeWithout);
  },
};
