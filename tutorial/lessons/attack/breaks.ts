/** The attacks of lesson 11: the first one works, the others must not. */
import type { Seen } from '../../watcher/seen.js';
import type { Break, Goal, Scene } from '../lesson.js';
import { atCallback, isInjection, isOnThisMachine, isSignedInByOther, redirectIn } from './scene.js';
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
  text: 'Bring your own code to the callback of the victim’s app, in a browser that has not begun this login.',
  requirement: 'authz-state-echo',
  reached: isSignedInByOther,
};

const compared: Break = {
  id: 'state-compared',
  text: 'Switch the comparison of state on in the victim’s app, and bring your code again. This must fail.',
  requirement: 'authz-state-echo',
  guess: {
    question: 'Who will refuse now?',
    choices: ['The authorization server', 'The victim’s app', 'Nobody'],
    answer: 1,
  },
  tried: (exchange, scene) => {
    const seen = atCallback(exchange, scene);
    return seen?.compares === true && isInjection(seen);
  },
  // The app decides, and not the sandbox.
  refusedBy: [],
  ended: ({ status }) => status === 403,
  lesson:
    'The app refused before it redeemed the code: this browser holds no state of a login that it began. The server cannot do that for it; it only brings state back as it was sent (RFC 6749 §10.12).',
  hints: [
    'The switch is a button on the page of the victim’s app; then it is the request of the goal once more. The code may be used by now: the app never gets that far.',
    'POST compare=yes to /victim/compare-state as a form, then GET /victim/callback with a code and no state.',
  ],
  solution: [compareState, inject],
  play: (learner) => learner.sendAll([compareState, inject]),
};

/** Whether the registered address is there, with something after it. */
const isStretched = (exchange: Seen, scene: Scene): boolean => {
  const sent = exchange.url.searchParams.get('redirect_uri') ?? '';
  return redirectIn(exchange, scene)?.registered.some((uri) => sent.startsWith(uri)) === true;
};

const isTried = (exchange: Seen, scene: Scene): boolean => {
  const redirect = redirectIn(exchange, scene);
  return redirect !== null && isOnThisMachine(redirect.sent);
};

/** Refused for the redirect_uri, and with nothing sent anywhere. */
const isShownOnly = ({ rule, status, location }: Seen): boolean =>
  rule === 'redirectUriMatches' && status >= 400 && location === null;

const swapped: Break = {
  id: 'redirect-swapped',
  text: 'Begin a login of the victim’s app with your own server as redirect_uri. This must fail.',
  requirement: 'authz-redirect-unregistered',
  guess: {
    question: 'Where does the answer go?',
    choices: ['To your server, with a code', 'To your server, with an error', 'Nowhere: a page says no'],
    answer: 2,
  },
  tried: (exchange, scene) => isTried(exchange, scene) && !isStretched(exchange, scene),
  refusedBy: ['redirectUriMatches'],
  ended: isShownOnly,
  lesson:
    'An error page, and no redirect. To an address that is not registered nothing may be sent, not even an error: else the server would carry users to any page that an attacker names (RFC 6749 §4.1.2.1).',
  hints: [
    'It is the authorization request of the victim’s app; its client_id stands in the address to which /victim/login sends you. Change one parameter.',
    'redirect_uri is your own server at /attacker on this machine. Everything else stays as the app sends it.',
  ],
  solution: [swapRedirect],
  play: async (learner) => {
    await learner.open(swapRedirect);
  },
};

const stretched: Break = {
  id: 'redirect-stretched',
  text: 'Now try a redirect_uri that begins like the registered one and still leads to your server: append /../../attacker. This must fail.',
  requirement: 'authz-redirect-exact-path',
  guess: {
    question: 'A browser resolves the dots. What does the server do?',
    choices: [
      'It resolves them as well, then compares',
      'It compares the beginning',
      'It compares every character',
    ],
    answer: 2,
  },
  tried: (exchange, scene) => isTried(exchange, scene) && isStretched(exchange, scene),
  refusedBy: ['redirectUriMatches'],
  ended: isShownOnly,
  lesson:
    'Redirect URIs are compared character by character. A server that compares the beginning, or patterns, has given away codes in this way (RFC 9700 §4.1).',
  hints: [
    'The registered redirect URI is the callback of the victim’s app. Write something after it.',
    'redirect_uri is the callback, then /../../attacker; encode it once, as every parameter.',
  ],
  solution: [stretchRedirect],
  play: async (learner) => {
    await learner.open(stretchRedirect);
  },
};

const isWithStolen = ({ endpoint, method, form }: Seen, { values }: Scene): boolean =>
  endpoint === 'token' &&
  method === 'POST' &&
  values.STOLEN_CODE !== undefined &&
  form.get('code') === values.STOLEN_CODE;

const isProven = ({ form }: Seen): boolean => (form.get('code_verifier') ?? '') !== '';

const stolen: Break = {
  id: 'stolen-code',
  text: 'You have stolen a code from somebody’s phone. Redeem it: its client is public and has no secret. This must fail.',
  requirement: 'pkce-verifier-missing',
  guess: {
    question: 'The code is fresh, and client_id and redirect_uri are right. What does the server answer?',
    choices: ['Tokens', 'invalid_client', 'invalid_grant'],
    answer: 2,
  },
  tried: (exchange, scene) => isWithStolen(exchange, scene) && !isProven(exchange),
  refusedBy: ['verifierRequired'],
  lesson:
    'The phone sent a code_challenge when the login began, so the code is worth nothing without the verifier, which never left the phone (RFC 7636 §4.6).',
  hints: [
    'It is the token request of a public client: the code, the redirect_uri and the client_id, and no secret.',
    'code and client_id are the stolen ones, redirect_uri is the callback of the victim’s app. The code lives for ten minutes: begin the lesson anew for a fresh one.',
  ],
  solution: [redeemStolen],
  play: async (learner) => {
    await learner.send(redeemStolen);
  },
};

const guessed: Break = {
  id: 'guessed-verifier',
  text: 'Redeem the stolen code with a code_verifier that you make up. This must fail.',
  requirement: 'pkce-verifier-wrong',
  guess: {
    question: 'How long would guessing take?',
    choices: ['Minutes', 'Days', 'Longer than anyone has'],
    answer: 2,
  },
  tried: (exchange, scene) => isWithStolen(exchange, scene) && isProven(exchange),
  refusedBy: ['verifierMatches'],
  lesson:
    'The server hashes what you sent and compares it with the challenge. A verifier has 256 random bits; from the challenge, which you may well have seen, nobody gets back to it.',
  hints: [
    'The request of the exercise before, with one field more.',
    'code_verifier has 43 to 128 characters out of letters, digits and - . _ ~ (RFC 7636 §4.1); any will do.',
  ],
  solution: [redeemGuessing],
  play: async (learner) => {
    await learner.send(redeemGuessing);
  },
};

export const breaks: readonly Break[] = [compared, swapped, stretched, stolen, guessed];
