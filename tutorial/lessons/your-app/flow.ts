/** What lesson 12 looks for: one flow of an app, from the user's consent to the refresh. */
import { bearerOf, type Seen } from '../../watcher/seen.js';
import type { Goal, Scene } from '../lesson.js';

/** The tools of the lessons before. Whatever else asks is an app, also one that does not say its name. */
const HAND_TOOLS = /^(curl|wget|httpie|xh)\b|powershell/i;

export const isByHand = ({ headers }: Seen): boolean => HAND_TOOLS.test(headers['user-agent'] ?? '');

/** Whether a code was redeemed, whoever did it. */
export const isRedemption = ({ endpoint, method, status, form }: Seen): boolean =>
  endpoint === 'token' &&
  method === 'POST' &&
  status === 200 &&
  form.get('grant_type') === 'authorization_code';

const isLogin = (exchange: Seen): boolean => isRedemption(exchange) && !isByHand(exchange);

const codeOf = ({ form }: Seen, { store }: Scene) =>
  store.codes.find(({ value }) => value === form.get('code'));

/** Whether a grant is one that an app got in this lesson. */
const isOfApp = (grantId: string | undefined, scene: Scene): boolean =>
  grantId !== undefined && scene.past.some((one) => isLogin(one) && codeOf(one, scene)?.grantId === grantId);

/** @returns the code that an answer sends to the client; null for none */
export const codeIssued = ({ endpoint, location }: Seen): string | null =>
  endpoint === 'authorize' || endpoint === 'decision' ? (location?.searchParams.get('code') ?? null) : null;

/** The authorization request that a code answers: the address of the page on which the user decided has it. */
export function requestFor(code: string | null, past: readonly Seen[]): URLSearchParams {
  const answered = past.find((one) => code !== null && codeIssued(one) === code);
  return answered?.url.searchParams ?? new URLSearchParams();
}

/** Whether an app has completed a login with this state before. */
export const isRepeated = (state: string, past: readonly Seen[]): boolean =>
  past.some((one) => isLogin(one) && requestFor(one.form.get('code'), past).get('state') === state);

const signedIn: Goal = {
  id: 'signed-in',
  text: 'Let your app sign alice in, and redeem the code.',
  requirement: 'token-exchange',
  reached: isLogin,
};

const withState: Goal = {
  id: 'state',
  text: 'With a state of its own for each login, which the callback compares.',
  requirement: 'authz-state-echo',
  reached: (exchange, { past }) => {
    const state = requestFor(exchange.form.get('code'), past).get('state') ?? '';
    return isLogin(exchange) && state !== '' && !isRepeated(state, past);
  },
};

const withNonce: Goal = {
  id: 'nonce',
  text: 'With a nonce, which the app finds again in the ID Token.',
  requirement: 'idtoken-nonce',
  reached: (exchange, scene) => isLogin(exchange) && (codeOf(exchange, scene)?.nonce ?? '') !== '',
};

const withProofKey: Goal = {
  id: 'pkce',
  text: 'With PKCE: a code_challenge, and then the code_verifier.',
  requirement: 'pkce-s256',
  reached: (exchange, scene) =>
    isLogin(exchange) &&
    exchange.form.has('code_verifier') &&
    codeOf(exchange, scene)?.code_challenge_method === 'S256',
};

const called: Goal = {
  id: 'called',
  text: 'Let it call the API, or userinfo, with the access token.',
  requirement: 'api-bearer',
  reached: (exchange, scene) => {
    const { endpoint, status } = exchange;
    const isApi = endpoint === 'userinfo' || endpoint === 'organizations' || endpoint === 'userBenefits';
    if (!isApi || status !== 200 || isByHand(exchange)) return false;
    const bearer = bearerOf(exchange);
    const token = scene.store.accessTokens.find(({ value }) => value === bearer);
    return isOfApp(token?.grantId, scene);
  },
};

const refreshed: Goal = {
  id: 'refreshed',
  text: 'Let it refresh once.',
  requirement: 'refresh-works',
  reached: (exchange, scene) => {
    const { endpoint, method, status, form } = exchange;
    if (endpoint !== 'token' || method !== 'POST' || status !== 200 || isByHand(exchange)) return false;
    if (form.get('grant_type') !== 'refresh_token') return false;
    const sent = form.get('refresh_token');
    return isOfApp(scene.store.refreshTokens.find(({ value }) => value === sent)?.grantId, scene);
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
