/** Lesson 8: new tokens without the user, and why each refresh token works once. */
import { clientIdOf, isTokenRequest, type ObservedExchange } from '../watcher/exchange.js';
import { type Exercise, type Goal, type LessonContext, lesson, type Mistake } from './lesson.js';
import { tokenSteps } from './picture.js';
import type { Recipe } from './recipe.js';
import { seedTokens } from './steps.js';

export const refreshTokens: Recipe = {
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

const isRefresh = (exchange: ObservedExchange): boolean =>
  isTokenRequest(exchange) && exchange.form.get('grant_type') === 'refresh_token';

/** The sandbox's record of the refresh token that a request carries. */
const sentToken = ({ form }: ObservedExchange, { store }: Pick<LessonContext, 'store'>) =>
  store.refreshTokens.find(({ value }) => value === form.get('refresh_token'));

const refreshed: Goal = {
  id: 'refreshed',
  text: 'Get a new access token with the refresh token, without asking the user again.',
  requirement: 'refresh-works',
  reached: (exchange, context) => {
    const sent = sentToken(exchange, context);
    const given = exchange.json?.access_token;
    return (
      isRefresh(exchange) &&
      exchange.status === 200 &&
      sent?.client_id === clientIdOf(exchange) &&
      typeof given === 'string'
    );
  },
};

const replaced: Exercise = {
  id: 'replaced',
  text: 'Send the refresh token you just used once more. This must fail.',
  requirement: 'refresh-public-rotation',
  guess: {
    question: 'What will the server answer?',
    choices: ['The same tokens again', 'Another set of new tokens', 'An error'],
    answer: 2,
  },
  isAttempt: (exchange, { past }) =>
    isRefresh(exchange) &&
    past.some(
      (one) =>
        isRefresh(one) &&
        one.status === 200 &&
        one.form.get('refresh_token') === exchange.form.get('refresh_token'),
    ),
  refusedBy: ['refreshUnused'],
  lesson:
    'The server replaced the refresh token when you used it. This is called rotation. For clients without a secret every server must do something like it; this server does it for all. So store the new refresh token each time.',
  hints: [
    'Repeat the refresh that just worked, with the refresh token you sent then, not the one that came back.',
    'refresh_token is the old value, here OLD_REFRESH_TOKEN; the rest stays the same. If you restarted the tutorial, refresh once first (RFC 9700 §4.14.2).',
  ],
  // The first step is for learners who come back later and have no old token.
  solution: [refreshTokens, sendOldOne],
  play: async (learner) => {
    await learner.send(sendOldOne);
  },
};

const family: Exercise = {
  id: 'family',
  text: 'Now send the newest refresh token, which nobody has used yet. This must fail too.',
  requirement: 'refresh-reuse-revokes',
  guess: {
    question: 'What happened to the newest refresh token?',
    choices: ['It still works', 'It was revoked with all the others', 'It works for one more minute'],
    answer: 1,
  },
  isAttempt: (exchange, context) => {
    const sent = sentToken(exchange, context);
    return (
      isRefresh(exchange) &&
      sent !== undefined &&
      context.past.some(
        (one) => one.rule === 'refreshUnused' && sentToken(one, context)?.grantId === sent.grantId,
      ) &&
      !context.past.some((one) => one.status === 200 && one.form.get('refresh_token') === sent.value)
    );
  },
  refusedBy: ['liveGrant'],
  isExpected: (exchange, context) => {
    const sent = sentToken(exchange, context);
    return (
      exchange.error === 'invalid_grant' &&
      context.store.grants.some(({ id, revoked }) => id === sent?.grantId && revoked)
    );
  },
  lesson:
    'When a replaced refresh token comes back, two parties have copies, and the server can’t tell the thief from you. This server revokes everything the user granted, so the user has to sign in again. RFC 9700 recommends it.',
  hints: [
    'It’s this lesson’s refresh again, with the refresh token you received last.',
    'refresh_token is REFRESH_TOKEN, the newest one. If you restarted the tutorial: refresh, send the old one, then the new one (RFC 9700 §4.14.2).',
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
            'You sent the access token, which only opens the API. To get new tokens, send the refresh token; it’s next to the access token in the token response.',
        }
      : null,
  play: async (learner) => {
    await learner.send(refreshTokens, { form: { refresh_token: '{ACCESS_TOKEN}' } });
  },
};

const widerScope: Mistake = {
  id: 'wider-scope',
  requirement: 'refresh-scope-wider',
  find: (exchange, context) => {
    const sent = sentToken(exchange, context);
    return isRefresh(exchange) && exchange.rule === 'refreshedScopes' && sent !== undefined
      ? {
          message:
            'The scope asks for more than the user allowed. Leave scope out to keep all of it, or ask for less. To get more, send the user to consent again.',
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
            'The client didn’t authenticate. A client with a secret sends client_id and client_secret with every refresh, as it did with the code. That way a stolen refresh token is worthless on its own.',
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
          message: 'grant_type says what you’re handing in. Here it’s a refresh token, not a code.',
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
  title: 'Stay signed in',
  minutes: 5,
  story: [
    'Access tokens expire. You don’t want users to sign in again each time.',
    'That’s what the refresh token is for. Your client POSTs it to the token endpoint, server to server, and gets a new access token. The user doesn’t have to be there.',
    'The response looks like the one for the code, and on this server it has a new refresh token as well.',
  ],
  words: [
    {
      word: 'rotation',
      meaning: 'each use of a refresh token returns a new one and revokes the old one',
    },
  ],
  about: ['token'],
  picture: [
    ...tokenSteps('authorization_code', 'code, client secret', 'access and refresh token'),
    ...tokenSteps('refresh_token', 'refresh token, client secret', 'new access and refresh token'),
  ],
  goals: [refreshed],
  exercises: [replaced, family],
  mistakes: [accessToken, wrongGrant, noAuthentication, widerScope],
  hints: [
    'It’s one POST to the token endpoint again, with a different grant.',
    'The form has grant_type=refresh_token, refresh_token, client_id and client_secret; no code and no redirect_uri (RFC 6749 §6).',
  ],
  solution: [refreshTokens],
  seed: seedTokens,
  play: async (learner) => {
    // As a careless client does: it keeps the one it sent.
    const { REFRESH_TOKEN = '' } = await learner.values();
    await learner.send(refreshTokens);
    learner.learn({ OLD_REFRESH_TOKEN: REFRESH_TOKEN });
  },
  why: [
    'The access token goes to every API you call; the refresh token goes to the token endpoint only, so it may live longer.',
    'A refresh can narrow the scope but never widen it: only a user can allow more.',
    'A refresh token that comes back after it was replaced shows that someone has a copy.',
  ],
  production:
    'store the new refresh token before you use the new access token, let only one process refresh at a time, and send the user to sign in when a refresh fails with invalid_grant.',
});
