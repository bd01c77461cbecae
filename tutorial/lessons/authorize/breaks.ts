/** Lesson 4, what must fail: a redirect URI with one slash more, and a user who denies. */
import type { Break } from '../lesson.js';
import type { Recipe } from '../recipe.js';
import { authorize } from '../steps.js';
import { answers, clientAsking, isRequest, parameter } from './asked.js';

const withSlash: Recipe = {
  ...authorize,
  note: 'the same request with one slash more',
  query: { ...authorize.query, redirect_uri: '{REDIRECT_URI}/' },
  browser: 'Look where the error appears: whose page is it?',
};

export const slashAdded: Break = {
  id: 'slash-added',
  text: 'Add one slash to the end of redirect_uri. This must fail.',
  requirement: 'authz-redirect-exact-path',
  guess: {
    question: 'Where will the error appear?',
    choices: [
      'At your redirect URI, as error=… in the query',
      'On a page of the server',
      'Nowhere: the server overlooks a slash',
    ],
    answer: 1,
  },
  tried: (exchange, scene) => {
    const sent = parameter(exchange, 'redirect_uri');
    const registered = clientAsking(exchange, scene)?.redirect_uris ?? [];
    return (
      isRequest(exchange) &&
      sent !== null &&
      !registered.includes(sent) &&
      registered.some((uri) => `${uri}/` === sent)
    );
  },
  refusedBy: ['redirectUriMatches'],
  // A refusal that is sent to the wrong address would be no better than a code.
  ended: ({ rule, status, location }) => rule === 'redirectUriMatches' && status >= 400 && location === null,
  lesson:
    'The error is on the server’s own page, and nothing was sent to your client. The server does not send anybody to an address that it does not know: an attacker could have put it there.',
  hints: [
    'Change one parameter of the request that has just worked.',
    'redirect_uri gets a / at its end. The server compares it character by character with what is registered (RFC 9700 §2.1).',
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
  browser: 'Sign in if you are asked to, and deny.',
};

export const denied: Break = {
  id: 'denied-by-user',
  text: 'Ask again, and deny. You have allowed this before, so add prompt=consent: else nobody would be asked.',
  requirement: 'consent-deny',
  guess: {
    question: 'What will your redirect URI receive?',
    choices: ['Nothing: the user stays at the server', 'A code without scopes', 'error=access_denied'],
    answer: 2,
  },
  tried: ({ endpoint, method, form }) =>
    endpoint === 'decision' && method === 'POST' && form.get('decision') === 'deny',
  refusedBy: ['decision'],
  ended: (exchange) =>
    exchange.rule === 'decision' &&
    exchange.error === 'access_denied' &&
    exchange.location?.searchParams.has('code') === false &&
    answers(exchange, exchange),
  lesson:
    'This error did go to your client: the redirect URI was good, and the client has to know that nobody allowed. It comes with your state, so you know which attempt it belongs to.',
  hints: [
    'The request is good as it was; the user decides otherwise.',
    'prompt=consent makes the server ask again (OpenID Connect Core 1.0 §3.1.2.1). Then press the button to deny.',
  ],
  solution: [askAgain],
  play: async (learner) => {
    await learner.open(askAgain, { decision: { answer: 'deny' } });
  },
};
