/** Lesson 2: the API called as oneself, with a personal access token. */
import { bearerOf, type Seen } from '../watcher/seen.js';
import { type Break, type Goal, lesson, type Mistake, type Scene } from './lesson.js';
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
  note: 'call with another last character',
  headers: { authorization: 'Bearer {ALTERED_TOKEN}' },
};

const API: readonly (Seen['endpoint'] | undefined)[] = ['userBenefits', 'organizations', 'userinfo'];
const isApiCall = ({ endpoint }: Seen): boolean => API.includes(endpoint);

const known = ({ store }: Scene): readonly string[] => store.personalAccessTokens.map(({ value }) => value);

/** Any of the user's own tokens that stands in a text, however it is written. */
const tokenWithin = (text: string, scene: Scene): string | undefined =>
  known(scene).find((value) => text.includes(value));

const created: Goal = {
  id: 'created',
  text: 'Create a personal access token with the scope user:read on the settings page.',
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
  reached: (exchange, scene) =>
    exchange.endpoint === 'userBenefits' &&
    exchange.status === 200 &&
    known(scene).includes(bearerOf(exchange) ?? ''),
};

const altered: Break = {
  id: 'altered',
  text: 'Change the last character of the token and call again. This must fail.',
  requirement: 'pat-invalid',
  guess: {
    question: 'Which status will come?',
    choices: ['200, since most of it is right', '401', '404'],
    answer: 1,
  },
  tried: (exchange, scene) => {
    const sent = bearerOf(exchange);
    if (sent === null || !isApiCall(exchange)) return false;
    return known(scene).some((value) => value !== sent && value.slice(0, -1) === sent.slice(0, -1));
  },
  refusedBy: ['knownPersonalAccessToken'],
  lesson:
    '401 means: I do not know who you are. The header WWW-Authenticate says what is wanted: a Bearer token, and why the one you sent is none.',
  hints: [
    'Repeat the request that worked; only the token differs.',
    'Replace the last character of the token by another letter. The answer is 401 with the error invalid_token (RFC 6750 §3.1).',
  ],
  solution: [callAltered],
  play: async (learner) => {
    await learner.send(callAltered);
  },
};

const withoutScheme: Mistake = {
  id: 'without-scheme',
  requirement: 'api-malformed-header',
  find: (exchange, scene) => {
    const header = exchange.headers.authorization ?? '';
    if (bearerOf(exchange) !== null || exchange.status < 400) return null;
    const token = tokenWithin(header, scene);
    if (token === undefined) return null;
    const quoted = /["'\s]/.test(header.replace(/^bearer /i, ''));
    return {
      message: quoted
        ? 'Something stands around the token: quotes or a space that the shell or an editor left there. Send the token bare.'
        : 'The header has the token, but not its scheme: write Bearer and one space before it.',
      expected: 'Bearer ‹token›',
      sent: header.replaceAll(token, '‹token›'),
    };
  },
  play: async (learner) => {
    await learner.send(callApi, { headers: { authorization: '{PERSONAL_ACCESS_TOKEN}' } });
  },
};

const inQuery: Mistake = {
  id: 'in-query',
  requirement: 'api-query-token',
  find: (exchange, scene) =>
    isApiCall(exchange) && tokenWithin([...exchange.url.searchParams.values()].join(' '), scene) !== undefined
      ? {
          message:
            'The token stands in the URL, where logs, histories and Referer headers keep it. Send it in the Authorization header; after this, treat it as lost and revoke it.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callApi, {
      query: { access_token: '{PERSONAL_ACCESS_TOKEN}' },
      headers: { authorization: null },
    });
  },
};

const withoutToken: Mistake = {
  id: 'without-token',
  requirement: 'api-missing-token',
  find: (exchange, scene) =>
    isApiCall(exchange) &&
    exchange.status === 401 &&
    exchange.headers.authorization === undefined &&
    tokenWithin([...exchange.url.searchParams.values()].join(' '), scene) === undefined
      ? {
          message:
            'No Authorization header has arrived. If it was written with a shell variable, that was empty: create the token first, then set it.',
        }
      : null,
  play: async (learner) => {
    await learner.send(callApi, { headers: { authorization: null } });
  },
};

const scopeMissing: Mistake = {
  id: 'scope-missing',
  requirement: 'pat-scope-enforced',
  find: (exchange, scene) =>
    isApiCall(exchange) &&
    exchange.rule === 'scopeSuffices' &&
    known(scene).includes(bearerOf(exchange) ?? '')
      ? {
          message:
            'The token is good, but it was created without the scope user:read. Create another one with it: scopes of a token never grow.',
        }
      : null,
  play: async (learner) => {
    await learner.submit(PAGE, (fields) => {
      fields.set('comment', 'too little');
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
    'The shortest way to call an API is a token that you create for yourself, on a page, as the user that you are. It is for your own scripts: it acts as you.',
    'Create one in the sandbox, where you are alice@example.com (password alice-in-the-sandbox), and call the API with it.',
    'Polar today recommends organization access tokens for new integrations and creates no new personal ones. The sandbox follows the documented contract; how a token is sent is the same for all.',
  ],
  words: [
    {
      word: 'personal access token',
      meaning: 'a long secret that acts as you, with the scopes that you chose for it',
    },
    { word: 'scope', meaning: 'one thing that a token may do, like user:read' },
    { word: 'Bearer', meaning: 'the scheme of the header: whoever bears the token is let in' },
  ],
  about: ['settingsTokens', 'userBenefits', 'organizations', 'userinfo'],
  goals: [created, called],
  breaks: [altered],
  mistakes: [withoutScheme, inQuery, withoutToken, scopeMissing],
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
    'The token is shown once: the server does not need to show it again, so nobody else can read it there.',
    'It has an end and few scopes, so that a lost one opens little, and not forever.',
    '401 asks who you are; 403 knows it, and says no.',
  ],
  production:
    'keep tokens in a secret store, never in code, and make one for each use so that one can be revoked alone.',
});
