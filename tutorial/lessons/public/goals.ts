/** The goals of the lesson on public clients: a client without a secret, a challenge in the request, its verifier with the code. */
import { isTokenRequest } from '../../watcher/exchange.js';
import type { Exercise, Goal } from '../lesson.js';
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
  text: 'Register a client with no secret: token_endpoint_auth_method none.',
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
  reached: (exchange, context) => {
    const code = context.store.codes.find(
      ({ value }) => value === exchange.location?.searchParams.get('code'),
    );
    return (
      isAuthorization(exchange) &&
      isOfPublic(exchange, context) &&
      code?.code_challenge_method === 'S256' &&
      isShapely(code.code_challenge ?? '')
    );
  },
};

export const redeemed: Goal = {
  id: 'redeemed',
  text: 'Redeem the code with the verifier and no secret.',
  requirement: 'pkce-s256',
  reached: (exchange, context) => {
    const proof = proofOf(exchange, context);
    return (
      exchange.status === 200 &&
      exchange.form.get('grant_type') === 'authorization_code' &&
      isOfPublic(exchange, context) &&
      !carriesSecret(exchange) &&
      proof?.method === 'S256' &&
      isVerifier(proof.verifier) &&
      proof.challenge === challengeOf(proof.verifier)
    );
  },
};

/** One more character gives a completely different hash. */
const redeemWrongly = {
  ...redeemPublic,
  note: 'redeem it with another verifier',
  form: { ...redeemPublic.form, code_verifier: '{CODE_VERIFIER}x' },
};

export const wrongVerifier: Exercise = {
  id: 'wrong-verifier',
  text: 'Get another code, and redeem it with a wrong verifier. This must fail.',
  requirement: 'pkce-verifier-wrong',
  guess: {
    question: 'The code is valid and fresh. What will the server answer?',
    choices: ['Tokens: the code is valid', 'invalid_client', 'invalid_grant'],
    answer: 2,
  },
  isAttempt: (exchange, context) => {
    const proof = proofOf(exchange, context);
    return proof !== null && isTokenRequest(exchange) && proof.challenge !== challengeOf(proof.verifier);
  },
  refusedBy: ['verifierMatches'],
  lesson:
    'Someone who steals the code on its way through the browser doesn’t have the verifier, which never went there. The code is worthless to the thief.',
  hints: [
    'Open the authorization URL again for a fresh code, then change code_verifier in the token request.',
    'It still needs 43 characters or more, so that it’s refused for being wrong and not for its form: add an x at the end (RFC 7636 §4.6).',
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
  browser: 'Look at the address the browser ends up at: the error is in it.',
};

export const noChallenge: Exercise = {
  id: 'no-challenge',
  text: 'Open the authorization URL without a challenge. This must fail.',
  requirement: 'pkce-public-required',
  guess: {
    question: 'When will the server refuse?',
    choices: ['At once, before anyone signs in', 'After the consent', 'When the code is redeemed'],
    answer: 0,
  },
  isAttempt: (exchange, context) =>
    exchange.endpoint === 'authorize' &&
    isOfPublic(exchange, context) &&
    (exchange.url.searchParams.get('code_challenge') ?? '') === '',
  refusedBy: ['challengeRequired'],
  lesson: 'A client with neither a secret nor a challenge proves nothing, so the server doesn’t even begin.',
  hints: [
    'It’s this lesson’s authorization URL, minus two parameters.',
    'Leave out code_challenge and code_challenge_method (RFC 9700 §2.1.1).',
  ],
  solution: [authorizeWithout],
  play: async (learner) => {
    await learner.send(authorizeWithout);
  },
};
