/** The attacks of the lesson: the first one works, the others must fail. */
import type { ObservedExchange } from '../../watcher/exchange.js';
import type { Exercise, Goal, LessonContext } from '../lesson.js';
import { atCallback, isInjection, isOnThisMachine, isSignedInByOther, redirectIn } from './matchers.js';
import {
  compareState,
  inject,
  redeemGuessing,
  redeemStolen,
  stretchRedirect,
  swapRedirect,
} from './steps.js';

export const injected: Goal = {
  id: 'injected',
  text: 'Bring your own code (CODE) to the callback of the victim’s app, in a browser that didn’t start this sign-in.',
  requirement: 'authz-state-echo',
  reached: isSignedInByOther,
};

const compared: Exercise = {
  id: 'state-compared',
  text: 'Open the victim’s app at {VICTIM} and click “Compare state”. Then bring your code again. This must fail.',
  requirement: 'authz-state-echo',
  guess: {
    question: 'Who will refuse it now?',
    choices: ['The authorization server', 'The victim’s app', 'Nobody'],
    answer: 1,
  },
  isAttempt: (exchange, context) => {
    const seen = atCallback(exchange, context);
    return seen?.compares === true && isInjection(seen);
  },
  // The app decides, not the sandbox.
  refusedBy: [],
  isExpected: ({ status }) => status === 403,
  lesson:
    'The app refused before it redeemed the code: this browser has no state from a sign-in that it started. The server can’t check that for the app; it only returns state as it was sent (RFC 6749 §10.12).',
  hints: [
    'The switch is a button on the victim’s page; then repeat the request of the goal. It doesn’t matter that the code is used by now: the app never gets that far.',
    'POST compare=yes to /victim/compare-state as a form, then GET /victim/callback with a code and no state.',
  ],
  solution: [compareState, inject],
  play: (learner) => learner.sendAll([compareState, inject]),
};

/** Whether it is the registered address with something appended. */
const isStretched = (exchange: ObservedExchange, context: LessonContext): boolean => {
  const sent = exchange.url.searchParams.get('redirect_uri') ?? '';
  return redirectIn(exchange, context)?.registered.some((uri) => sent.startsWith(uri)) === true;
};

const isTried = (exchange: ObservedExchange, context: LessonContext): boolean => {
  const redirect = redirectIn(exchange, context);
  return redirect !== null && isOnThisMachine(redirect.sent);
};

/** Refused for the redirect_uri, and nothing was sent anywhere. */
const isShownOnly = ({ rule, status, location }: ObservedExchange): boolean =>
  rule === 'redirectUriMatches' && status >= 400 && location === null;

const swapped: Exercise = {
  id: 'redirect-swapped',
  text: 'Start a sign-in of the victim’s app with your own server (ATTACKER_URI) as redirect_uri. This must fail.',
  requirement: 'authz-redirect-unregistered',
  guess: {
    question: 'Where does the answer go?',
    choices: [
      'To your server, with a code',
      'To your server, with an error',
      'Nowhere: an error page appears',
    ],
    answer: 2,
  },
  isAttempt: (exchange, context) => isTried(exchange, context) && !isStretched(exchange, context),
  refusedBy: ['redirectUriMatches'],
  isExpected: isShownOnly,
  lesson:
    'An error page and no redirect. Nothing may be sent to an unregistered address, not even an error; otherwise the server would send users to any page an attacker picks (RFC 6749 §4.1.2.1).',
  hints: [
    'It’s the authorization request of the victim’s app; its client_id is in the address that /victim/login redirects to. Change one parameter.',
    'redirect_uri is your own server at /attacker on this machine. Leave everything else as the app sends it.',
  ],
  solution: [swapRedirect],
  play: async (learner) => {
    await learner.open(swapRedirect);
  },
};

const stretched: Exercise = {
  id: 'redirect-stretched',
  text: 'Now try a redirect_uri that begins like the registered one but still leads to your server: append /../../attacker. This must fail.',
  requirement: 'authz-redirect-exact-path',
  guess: {
    question: 'A browser resolves the dots. What does the server do?',
    choices: [
      'It resolves them too, then compares',
      'It compares the beginning',
      'It compares every character',
    ],
    answer: 2,
  },
  isAttempt: (exchange, context) => isTried(exchange, context) && isStretched(exchange, context),
  refusedBy: ['redirectUriMatches'],
  isExpected: isShownOnly,
  lesson:
    'Redirect URIs are compared character by character. Servers that compared only the beginning, or patterns, have leaked codes this way (RFC 9700 §4.1).',
  hints: [
    'The registered redirect URI is the callback of the victim’s app. Append something to it.',
    'redirect_uri is the callback plus /../../attacker; encode it once, like every parameter.',
  ],
  solution: [stretchRedirect],
  play: async (learner) => {
    await learner.open(stretchRedirect);
  },
};

const isWithStolen = ({ endpoint, method, form }: ObservedExchange, { values }: LessonContext): boolean =>
  endpoint === 'token' &&
  method === 'POST' &&
  values.STOLEN_CODE !== undefined &&
  form.get('code') === values.STOLEN_CODE;

const isProven = ({ form }: ObservedExchange): boolean => (form.get('code_verifier') ?? '') !== '';

const stolen: Exercise = {
  id: 'stolen-code',
  text: 'You stole a code (STOLEN_CODE) from someone’s phone. Redeem it: its client (STOLEN_CLIENT_ID) is public and has no secret. This must fail.',
  requirement: 'pkce-verifier-missing',
  guess: {
    question: 'The code is fresh, and client_id and redirect_uri are right. What will the server answer?',
    choices: ['Tokens', 'invalid_client', 'invalid_grant'],
    answer: 2,
  },
  isAttempt: (exchange, context) => isWithStolen(exchange, context) && !isProven(exchange),
  refusedBy: ['verifierRequired'],
  lesson:
    'The phone sent a code_challenge when the sign-in started, so the code is worthless without the verifier, which never left the phone (RFC 7636 §4.6).',
  hints: [
    'It’s the token request of a public client: the code, the redirect_uri and the client_id, but no secret.',
    'code and client_id are the stolen ones, redirect_uri is the callback of the victim’s app. The code lasts ten minutes: restart the lesson for a fresh one.',
  ],
  solution: [redeemStolen],
  play: async (learner) => {
    await learner.send(redeemStolen);
  },
};

const guessed: Exercise = {
  id: 'guessed-verifier',
  text: 'Redeem the stolen code with a made-up code_verifier. This must fail.',
  requirement: 'pkce-verifier-wrong',
  guess: {
    question: 'How long would guessing take?',
    choices: ['Minutes', 'Days', 'Longer than anyone has'],
    answer: 2,
  },
  isAttempt: (exchange, context) => isWithStolen(exchange, context) && isProven(exchange),
  refusedBy: ['verifierMatches'],
  lesson:
    'The server hashes what you sent and compares it with the challenge. A verifier has 256 random bits, and nobody can compute it from the challenge, even if they saw that.',
  hints: [
    'The request of the previous exercise, with one more field.',
    'code_verifier has 43 to 128 characters from letters, digits and - . _ ~ (RFC 7636 §4.1); any will do.',
  ],
  solution: [redeemGuessing],
  play: async (learner) => {
    await learner.send(redeemGuessing);
  },
};

export const exercises: readonly Exercise[] = [compared, swapped, stretched, stolen, guessed];
