/** Lesson 4, what must fail: a redirect URI with an extra slash, and a user who denies. */
import type { Exercise } from '../lesson.js';
import type { Recipe } from '../recipe.js';
import { authorize } from '../steps.js';
import { answers, clientAsking, isRequest, parameter } from './request.js';

const withSlash: Recipe = {
  ...authorize,
  note: 'the same request with an extra slash',
  query: { ...authorize.query, redirect_uri: '{REDIRECT_URI}/' },
  browser: 'See where the error appears: whose page is it?',
};

export const slashAdded: Exercise = {
  id: 'slash-added',
  text: 'Add a slash to the end of redirect_uri. This must fail.',
  requirement: 'authz-redirect-exact-path',
  guess: {
    question: 'Where will the error appear?',
    choices: [
      'At your redirect URI, as error=… in the query',
      'On a page of the server',
      'Nowhere: the server ignores a slash',
    ],
    answer: 1,
  },
  isAttempt: (exchange, context) => {
    const sent = parameter(exchange, 'redirect_uri');
    const registered = clientAsking(exchange, context)?.redirect_uris ?? [];
    return (
      isRequest(exchange) &&
      sent !== null &&
      !registered.includes(sent) &&
      registered.some((uri) => `${uri}/` === sent)
    );
  },
  refusedBy: ['redirectUriMatches'],
  // An error sent to the wrong address would be no better than a code sent there.
  isExpected: ({ rule, status, location }) =>
    rule === 'redirectUriMatches' && status >= 400 && location === null,
  lesson:
    'The error is on the server’s own page, and nothing was sent to your client. The server never redirects to an address it doesn’t know: an attacker could have put it there.',
  hints: [
    'Change one parameter of the request that just worked.',
    'Add a / to the end of redirect_uri. The server compares it character by character with the registered one (RFC 9700 §2.1).',
  ],
  solution: [withSlash],
  play: async (learner) => {
    await learner.open(withSlash);
  },
};

const askAgain: Recipe = {
  ...authorize,
  note: 'ask the user again',
  query: { ...authorize.query, prompt: 'consent' },
  browser: 'Sign in if the server asks you to, and click Deny.',
};

export const denied: Exercise = {
  id: 'denied-by-user',
  text: 'Ask again, and deny. You’ve allowed this before, so add prompt=consent, or the consent page won’t be shown again.',
  requirement: 'consent-deny',
  guess: {
    question: 'What will your redirect URI receive?',
    choices: ['Nothing: the user stays at the server', 'A code without scopes', 'error=access_denied'],
    answer: 2,
  },
  isAttempt: ({ endpoint, method, form }) =>
    endpoint === 'decision' && method === 'POST' && form.get('decision') === 'deny',
  refusedBy: ['decision'],
  isExpected: (exchange) =>
    exchange.rule === 'decision' &&
    exchange.error === 'access_denied' &&
    exchange.location?.searchParams.has('code') === false &&
    answers(exchange, exchange),
  lesson:
    'This error did go to your client: the redirect URI was valid, and the client has to know that the user said no. It comes with your state, so you know which request it answers.',
  hints: [
    'The request stays valid; the user decides differently.',
    'prompt=consent makes the server ask again (OpenID Connect Core 1.0 §3.1.2.1). Then click Deny.',
  ],
  solution: [askAgain],
  play: async (learner) => {
    await learner.open(askAgain, { decision: { answer: 'deny' } });
  },
};
