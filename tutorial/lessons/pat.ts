/** Lesson 2: call the API as yourself, with a personal access token. */

import { bearerOf, type ObservedExchange } from '../watcher/exchange.js';
import { bearerMistakes } from './bearer-mistakes.js';
import { type Exercise, type Goal, type LessonContext, lesson, type Mistake } from './lesson.js';
import type { Recipe } from './recipe.js';
import { SIGN_IN } from './steps.js';

const PAGE = '{ISSUER}/settings/tokens';

const createToken: Recipe = {
  note: 'create the token on the settings page',
  method: 'GET',
  url: PAGE,
  browser: `${SIGN_IN}, name the token, choose user:read and create it.`,
};

const callApi: Recipe = {
  note: 'call the API with it',
  method: 'GET',
  url: '{API}/users/benefit',
  headers: { authorization: 'Bearer {PERSONAL_ACCESS_TOKEN}' },
};

const callAltered: Recipe = {
  ...callApi,
  note: 'call with the last character changed',
  headers: { authorization: 'Bearer {ALTERED_TOKEN}' },
};

const API: readonly (ObservedExchange['endpoint'] | undefined)[] = [
  'userBenefits',
  'organizations',
  'userinfo',
];
const isApiCall = ({ endpoint }: ObservedExchange): boolean => API.includes(endpoint);

const known = ({ store }: LessonContext): readonly string[] =>
  store.personalAccessTokens.map(({ value }) => value);

const created: Goal = {
  id: 'created',
  text: 'Create a personal access token with the scope user:read on the settings page: {ISSUER}/settings/tokens',
  requirement: 'pat-shown-once',
  reached: ({ endpoint, method, status, form }) =>
    endpoint === 'settingsTokens' &&
    method === 'POST' &&
    status < 300 &&
    form.has('comment') &&
    form.getAll('scope').includes('user:read'),
};

const called: Goal = {
  id: 'called',
  text: 'Call /v1/users/benefit with it, in the Authorization header.',
  requirement: 'pat-accepted',
  reached: (exchange, context) =>
    exchange.endpoint === 'userBenefits' &&
    exchange.status === 200 &&
    known(context).includes(bearerOf(exchange) ?? ''),
};

const altered: Exercise = {
  id: 'altered',
  text: 'Change the last character of the token and call again. This must fail.',
  requirement: 'pat-invalid',
  guess: {
    question: 'Which status will the server send?',
    choices: ['200: most of it is right', '401', '404'],
    answer: 1,
  },
  isAttempt: (exchange, context) => {
    const sent = bearerOf(exchange);
    if (sent === null || !isApiCall(exchange)) return false;
    return known(context).some((value) => value !== sent && value.slice(0, -1) === sent.slice(0, -1));
  },
  refusedBy: ['knownPersonalAccessToken'],
  lesson:
    '401 means: I don’t know who you are. The WWW-Authenticate header says what the server wants, a Bearer token, and why yours isn’t valid.',
  hints: [
    'Repeat the request that worked; only the token differs.',
    'Replace the last character of the token with another letter. The response is 401 with the error invalid_token (RFC 6750 §3.1).',
  ],
  solution: [callAltered],
  play: async (learner) => {
    await learner.send(callAltered);
  },
};

const wrongPath: Mistake = {
  id: 'wrong-path',
  requirement: 'pat-accepted',
  find: ({ endpoint, url, headers }, { values }) =>
    endpoint === null && (headers.authorization !== undefined || /benefit|\/v1\//.test(url.pathname))
      ? {
          message:
            'Nothing is served at this address. The path is /v1/users/benefit, with users in the plural.',
          expected: `${values.API ?? ''}/users/benefit`,
          sent: `${url.origin}${url.pathname}`,
        }
      : null,
  play: async (learner) => {
    await learner.send(callApi, { url: '{API}/user/benefit' });
  },
};

const characterAdded: Mistake = {
  id: 'character-added',
  requirement: 'pat-invalid',
  find: (exchange, context) => {
    const sent = bearerOf(exchange) ?? '';
    const isLonger = known(context).some((value) => sent !== value && sent.startsWith(value));
    return isApiCall(exchange) && exchange.status === 401 && isLonger
      ? {
          message:
            'This token is longer than yours. For the exercise, change the last character instead of adding one.',
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(callApi, { headers: { authorization: 'Bearer {PERSONAL_ACCESS_TOKEN}x' } });
  },
};

const tokenUnknown: Mistake = {
  id: 'token-unknown',
  requirement: 'pat-invalid',
  find: (exchange) =>
    isApiCall(exchange) && exchange.error === 'invalid_token'
      ? {
          message:
            'The server doesn’t know this token. Did you copy all of it? A personal access token begins with polar_pat_. If you restarted the tutorial: tokens aren’t saved, so create a new one.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callApi, { headers: { authorization: 'Bearer polar_pat_cut' } });
  },
};

const scopeMissing: Mistake = {
  id: 'scope-missing',
  requirement: 'pat-scope-enforced',
  find: (exchange, context) =>
    isApiCall(exchange) &&
    exchange.rule === 'scopeSuffices' &&
    known(context).includes(bearerOf(exchange) ?? '')
      ? {
          message:
            'The token is valid, but it doesn’t have the scope user:read. Create another one that does: a token never gains scopes.',
        }
      : null,
  play: async (learner) => {
    await learner.submit(PAGE, (fields) => {
      fields.set('comment', 'too few scopes');
      fields.append('scope', 'organizations:read');
    });
    await learner.send(callApi);
  },
};

export const pat = lesson({
  id: 'pat',
  part: 'A',
  title: 'Call the API as yourself',
  minutes: 2,
  story: [
    'The quickest way to call an API is with a token you create for yourself on a settings page. It’s for your own scripts: it acts as you.',
    'Open {ISSUER}/settings/tokens in your browser. In the sandbox you’re alice@example.com (password alice-in-the-sandbox). Create a token there, then call the API with it.',
    'Polar now recommends organization access tokens for new integrations and no longer creates personal ones. The sandbox follows the documented contract, and you send every kind of token the same way.',
  ],
  words: [
    {
      word: 'personal access token',
      meaning: 'a long secret that acts as you, limited to the scopes you chose',
    },
    { word: 'scope', meaning: 'one thing a token may do, such as user:read' },
    { word: 'Bearer', meaning: 'the header’s scheme: anyone who bears the token is let in' },
  ],
  about: ['settingsTokens', 'userBenefits', 'organizations', 'userinfo'],
  goals: [created, called],
  exercises: [altered],
  mistakes: [
    wrongPath,
    ...bearerMistakes({ isCall: isApiCall, recipe: callApi, token: 'PERSONAL_ACCESS_TOKEN' }),
    scopeMissing,
    characterAdded,
    tokenUnknown,
  ],
  hints: [
    'First a page in the browser, then one GET request with one header.',
    'The header is Authorization: Bearer, a space, the token (RFC 6750 §2.1).',
  ],
  solution: [createToken, callApi],
  seed: async () => undefined,
  play: async (learner) => {
    await learner.submit(PAGE, (fields) => {
      fields.set('comment', 'my first token');
      fields.append('scope', 'user:read');
    });
    await learner.send(callApi);
  },
  why: [
    'The server shows the token once and never again, so nobody else can read it there later.',
    'It expires and has few scopes, so a leaked token opens little, and not for long.',
    '401 asks who you are; 403 knows who you are, and says no.',
  ],
  production:
    'keep tokens in a secret store, never in code, and create one per use so that you can revoke each on its own.',
});
