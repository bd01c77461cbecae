/** The goals of the lesson on the learner's app: one complete flow of an app, from the user's consent to the refresh. */
import { bearerOf, type ObservedExchange } from '../../watcher/exchange.js';
import type { Goal, LessonContext } from '../lesson.js';

/** The tools of the previous lessons. Anything else is an app, even if it doesn't name itself. */
const HAND_TOOLS = /^(curl|wget|httpie|xh)\b|powershell/i;

export const isByHand = ({ headers }: ObservedExchange): boolean =>
  HAND_TOOLS.test(headers['user-agent'] ?? '');

/** Whether a code was redeemed, whoever did it. */
export const isRedemption = ({ endpoint, method, status, form }: ObservedExchange): boolean =>
  endpoint === 'token' &&
  method === 'POST' &&
  status === 200 &&
  form.get('grant_type') === 'authorization_code';

const isLogin = (exchange: ObservedExchange): boolean => isRedemption(exchange) && !isByHand(exchange);

const codeOf = ({ form }: ObservedExchange, { store }: LessonContext) =>
  store.codes.find(({ value }) => value === form.get('code'));

/** Whether a grant is one that an app got in this lesson. */
const isOfApp = (grantId: string | undefined, context: LessonContext): boolean =>
  grantId !== undefined &&
  context.past.some((one) => isLogin(one) && codeOf(one, context)?.grantId === grantId);

/** @returns the code that an answer sends to the client; null for none */
export const codeIssued = ({ endpoint, location }: ObservedExchange): string | null =>
  endpoint === 'authorize' || endpoint === 'decision' ? (location?.searchParams.get('code') ?? null) : null;

/** The authorization request that a code answers: it is in the URL of the page on which the user decided. */
function requestFor(code: string | null, past: readonly ObservedExchange[]): URLSearchParams {
  const answered = past.find((one) => code !== null && codeIssued(one) === code);
  return answered?.url.searchParams ?? new URLSearchParams();
}

/** Whether an app has completed a login with this state before. */
export const isRepeated = (state: string, past: readonly ObservedExchange[]): boolean =>
  past.some((one) => isLogin(one) && requestFor(one.form.get('code'), past).get('state') === state);

const signedIn: Goal = {
  id: 'signed-in',
  text: 'Your app signs Alice in and redeems the code.',
  requirement: 'token-exchange',
  reached: isLogin,
};

const withState: Goal = {
  id: 'state',
  text: 'It sends a new state for each sign-in, and the callback compares it.',
  requirement: 'authz-state-echo',
  reached: (exchange, { past }) => {
    const state = requestFor(exchange.form.get('code'), past).get('state') ?? '';
    return isLogin(exchange) && state !== '' && !isRepeated(state, past);
  },
};

const withNonce: Goal = {
  id: 'nonce',
  text: 'It sends a nonce, and finds the same nonce in the ID Token.',
  requirement: 'idtoken-nonce',
  reached: (exchange, context) => isLogin(exchange) && (codeOf(exchange, context)?.nonce ?? '') !== '',
};

const withProofKey: Goal = {
  id: 'pkce',
  text: 'It uses PKCE: a code_challenge, then the code_verifier.',
  requirement: 'pkce-s256',
  reached: (exchange, context) =>
    isLogin(exchange) &&
    exchange.form.has('code_verifier') &&
    codeOf(exchange, context)?.code_challenge_method === 'S256',
};

const called: Goal = {
  id: 'called',
  text: 'It calls the API, or userinfo, with the access token.',
  requirement: 'api-bearer',
  reached: (exchange, context) => {
    const { endpoint, status } = exchange;
    const isApi = endpoint === 'userinfo' || endpoint === 'organizations' || endpoint === 'userBenefits';
    if (!isApi || status !== 200 || isByHand(exchange)) return false;
    const bearer = bearerOf(exchange);
    const token = context.store.accessTokens.find(({ value }) => value === bearer);
    return isOfApp(token?.grantId, context);
  },
};

const refreshed: Goal = {
  id: 'refreshed',
  text: 'It refreshes the tokens once.',
  requirement: 'refresh-works',
  reached: (exchange, context) => {
    const { endpoint, method, status, form } = exchange;
    if (endpoint !== 'token' || method !== 'POST' || status !== 200 || isByHand(exchange)) return false;
    if (form.get('grant_type') !== 'refresh_token') return false;
    const sent = form.get('refresh_token');
    return isOfApp(context.store.refreshTokens.find(({ value }) => value === sent)?.grantId, context);
  },
};

export const goals: readonly [Goal, ...Goal[]] = [
  signedIn,
  withState,
  withNonce,
  withProofKey,
  called,
  refreshed,
];
