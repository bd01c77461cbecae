/** Lesson 8: new tokens without the user, and why each refresh token is used once. */
import { clientIdOf, isTokenRequest, type Seen } from '../watcher/seen.js';
import { type Break, type Goal, lesson, type Mistake, type Scene } from './lesson.js';
import type { Recipe } from './recipe.js';
import { seedTokens } from './steps.js';

const refreshTokens: Recipe = {
  note: 'get new tokens',
  method: 'POST',
  url: '{TOKEN_ENDPOINT}',
  form: {
    grant_type: 'refresh_token',
    refresh_token: '{REFRESH_TOKEN}',
    client_id: '{CLIENT_ID}',
    client_secret: '{CLIENT_SECRET}',
  },
};

const sendOldOne: Recipe = {
  ...refreshTokens,
  note: 'send the refresh token that was replaced',
  form: { ...refreshTokens.form, refresh_token: '{OLD_REFRESH_TOKEN}' },
};

const isRefresh = (exchange: Seen): boolean =>
  isTokenRequest(exchange) && exchange.form.get('grant_type') === 'refresh_token';

/** The sandbox's record of the refresh token that a request carries. */
const sentToken = ({ form }: Seen, { store }: Pick<Scene, 'store'>) =>
  store.refreshTokens.find(({ value }) => value === form.get('refresh_token'));

const refreshed: Goal = {
  id: 'refreshed',
  text: 'Get a new access token with the refresh token, without asking the user again.',
  requirement: 'refresh-works',
  reached: (exchange, scene) => {
    const sent = sentToken(exchange, scene);
    const given = exchange.json?.access_token;
    return (
      isRefresh(exchange) &&
      exchange.status === 200 &&
      sent?.client_id === clientIdOf(exchange) &&
      typeof given === 'string'
    );
  },
};

const replaced: Break = {
  id: 'replaced',
  text: 'Send the refresh token that you have just used again. This must fail.',
  requirement: 'refresh-public-rotation',
  guess: {
    question: 'What will the server answer?',
    choices: ['The same tokens again', 'Another set of new tokens', 'An error'],
    answer: 2,
  },
  tried: (exchange, { past }) =>
    isRefresh(exchange) &&
    past.some(
      (one) =>
        isRefresh(one) &&
        one.status === 200 &&
        one.form.get('refresh_token') === exchange.form.get('refresh_token'),
    ),
  refusedBy: ['refreshUnused'],
  lesson:
    'The refresh token was replaced when you used it: this is called rotation. For clients without a secret every server must do something like it; this one does it for all. So store the new refresh token each time.',
  hints: [
    'Repeat the refresh that has just worked, with the refresh token that you sent then, not with the one that came back.',
    'refresh_token is the old value, OLD_REFRESH_TOKEN here; all else stays. After a restart of the tutorial refresh once more first (RFC 9700 §4.14.2).',
  ],
  // The first step is for those who come back later and have no old one.
  solution: [refreshTokens, sendOldOne],
  play: async (learner) => {
    await learner.send(sendOldOne);
  },
};

const family: Break = {
  id: 'family',
  text: 'Now send the newest refresh token, which nobody has used yet. This must fail too.',
  requirement: 'refresh-reuse-revokes',
  guess: {
    question: 'What has become of the newest refresh token?',
    choices: ['It still works', 'It has ended with all the others', 'It works for one more minute'],
    answer: 1,
  },
  tried: (exchange, scene) => {
    const sent = sentToken(exchange, scene);
    return (
      isRefresh(exchange) &&
      sent !== undefined &&
      scene.past.some(
        (one) => one.rule === 'refreshUnused' && sentToken(one, scene)?.grantId === sent.grantId,
      ) &&
      !scene.past.some((one) => one.status === 200 && one.form.get('refresh_token') === sent.value)
    );
  },
  refusedBy: ['liveGrant'],
  ended: (exchange, scene) => {
    const sent = sentToken(exchange, scene);
    return (
      exchange.error === 'invalid_grant' &&
      scene.store.grants.some(({ id, revoked }) => id === sent?.grantId && revoked)
    );
  },
  lesson:
    'When a replaced refresh token comes back, two parties hold copies, and the server cannot tell the thief from you. This one ends everything that the user allowed; she has to sign in again. RFC 9700 recommends it.',
  hints: [
    'It is the refresh of this lesson once more, with the refresh token that came last.',
    'refresh_token is REFRESH_TOKEN, the newest one. If the tutorial was restarted: refresh, send the old one, then the new one (RFC 9700 §4.14.2).',
  ],
  solution: [refreshTokens],
  play: async (learner) => {
    await learner.send(refreshTokens);
  },
};

const accessToken: Mistake = {
  id: 'access-token',
  requirement: 'refresh-access-token-refused',
  find: (exchange, { store }) =>
    isRefresh(exchange) &&
    exchange.error !== null &&
    store.accessTokens.some(({ value }) => value === exchange.form.get('refresh_token'))
      ? {
          message:
            'You sent the access token. It opens the API and nothing else; new tokens are got with the refresh token, which stands beside it in the answer of the token endpoint.',
        }
      : null,
  play: async (learner) => {
    await learner.send(refreshTokens, { form: { refresh_token: '{ACCESS_TOKEN}' } });
  },
};

const widerScope: Mistake = {
  id: 'wider-scope',
  requirement: 'refresh-scope-wider',
  find: (exchange, scene) => {
    const sent = sentToken(exchange, scene);
    return isRefresh(exchange) && exchange.rule === 'refreshedScopes' && sent !== undefined
      ? {
          message:
            'The scope asks for more than the user allowed. Leave scope out to keep all of it, or name less; for more, send the user to consent again.',
          expected: sent.scopes.join(' '),
          sent: exchange.form.get('scope') ?? '',
        }
      : null;
  },
  play: async (learner) => {
    await learner.send(refreshTokens, { form: { scope: 'openid profile email' } });
  },
};

const noAuthentication: Mistake = {
  id: 'client-authentication',
  requirement: 'refresh-client-auth',
  find: (exchange) =>
    isRefresh(exchange) &&
    exchange.error === 'invalid_client' &&
    exchange.headers.authorization === undefined &&
    (exchange.form.get('client_secret') ?? '') === ''
      ? {
          message:
            'The client did not prove who it is. A client with a secret sends client_id and client_secret at each refresh, as it did with the code: a stolen refresh token alone is then worth nothing.',
        }
      : null,
  play: async (learner) => {
    await learner.send(refreshTokens, { form: { client_secret: null } });
  },
};

const wrongGrant: Mistake = {
  id: 'grant-type',
  requirement: 'refresh-works',
  find: (exchange) =>
    isTokenRequest(exchange) &&
    exchange.form.has('refresh_token') &&
    exchange.form.get('grant_type') !== 'refresh_token' &&
    exchange.status >= 400
      ? {
          message: 'grant_type says what you show to the server. Here it is a refresh token, no code.',
          expected: 'refresh_token',
          sent: exchange.form.get('grant_type') ?? 'no grant_type',
        }
      : null,
  play: async (learner) => {
    await learner.send(refreshTokens, { form: { grant_type: 'authorization_code' } });
  },
};

export const refresh = lesson({
  id: 'refresh',
  part: 'C',
  title: 'Stay logged in',
  minutes: 5,
  story: [
    'An access token ends after a while. The user should not have to sign in each time that happens.',
    'That is what the refresh token is for. Your client posts it to the token endpoint, from server to server, and gets a new access token. Nobody has to be there.',
    'The answer has the same shape as the one for the code, and here it brings a new refresh token as well.',
  ],
  words: [
    {
      word: 'rotation',
      meaning: 'each use of a refresh token brings a new one, and ends the one that was used',
    },
  ],
  about: ['token'],
  goals: [refreshed],
  breaks: [replaced, family],
  mistakes: [accessToken, wrongGrant, noAuthentication, widerScope],
  hints: [
    'It is one POST to the token endpoint again: only the grant is another one.',
    'The form has grant_type=refresh_token, refresh_token, client_id and client_secret; no code and no redirect_uri (RFC 6749 §6).',
  ],
  solution: [refreshTokens],
  seed: seedTokens,
  play: async (learner) => {
    // As a careless client does, which keeps the one it has sent.
    const { REFRESH_TOKEN = '' } = await learner.values();
    await learner.send(refreshTokens);
    learner.learn({ OLD_REFRESH_TOKEN: REFRESH_TOKEN });
  },
  why: [
    'An access token goes to every API that you call; the refresh token goes to the token endpoint alone, so it may live longer.',
    'A refresh can narrow the scope and never widen it: only a user can allow more.',
    'A refresh token that comes back after it was replaced shows that somebody has a copy.',
  ],
  production:
    'store the new refresh token before you use the new access token, let one process at a time refresh, and send the user to sign in when a refresh ends in invalid_grant.',
});
