/** Steps that several lessons share: the recipes, and how a seed uses them. */
import type { Learner } from '../learner/learner.js';
import type { Recipe } from './recipe.js';

export const SCOPE = 'openid profile email user:read organizations:read';

export const registerConfidential: Recipe = {
  note: 'register a confidential client',
  method: 'POST',
  url: '{REGISTRATION_ENDPOINT}',
  json: {
    client_name: 'My first client',
    redirect_uris: ['{REDIRECT_URI}'],
    scope: SCOPE,
    token_endpoint_auth_method: 'client_secret_post',
  },
};

/** How a recipe for a browser begins: which user to sign in as. */
export const SIGN_IN = 'Sign in as alice@example.com with the password alice-in-the-sandbox';

export const authorize: Recipe = {
  note: 'send the user to sign in and consent',
  method: 'GET',
  url: '{AUTHORIZATION_ENDPOINT}',
  query: {
    response_type: 'code',
    client_id: '{CLIENT_ID}',
    redirect_uri: '{REDIRECT_URI}',
    scope: 'openid profile',
    state: '{STATE}',
  },
  browser: `${SIGN_IN}, and click Allow.`,
};

export const exchangeCode: Recipe = {
  note: 'redeem the code',
  method: 'POST',
  url: '{TOKEN_ENDPOINT}',
  form: {
    grant_type: 'authorization_code',
    code: '{CODE}',
    redirect_uri: '{REDIRECT_URI}',
    client_id: '{CLIENT_ID}',
    client_secret: '{CLIENT_SECRET}',
  },
};

/** The same, for a client that was registered for client_secret_basic. */
export const exchangeCodeByBasic: Recipe = {
  note: exchangeCode.note,
  method: 'POST',
  url: exchangeCode.url,
  form: { grant_type: 'authorization_code', code: '{CODE}', redirect_uri: '{REDIRECT_URI}' },
  basic: ['{CLIENT_ID}', '{CLIENT_SECRET}'],
};

/** The client of lesson 3, unless there already is one that the lessons can use. */
export async function seedClient(learner: Learner): Promise<void> {
  const { CLIENT_ID, CLIENT_SECRET } = await learner.values();
  const isThere = CLIENT_ID !== undefined && CLIENT_SECRET !== undefined;
  if (!isThere || !(await isUsable(learner))) await learner.send(registerConfidential);
}

/** Whether its authorization request reaches the sign-in page: not if scopes or the redirect URI are missing. */
async function isUsable(learner: Learner): Promise<boolean> {
  const { status, headers } = await learner.send(authorize);
  return status === 200 || /[?&]code=/.test(headers.get('location') ?? '');
}

/** A fresh code for it, as lesson 4 produces one. */
export async function seedCode(learner: Learner): Promise<void> {
  await seedClient(learner);
  await learner.open(authorize);
}

/** Redeems the code with the authentication method that the client is registered for. */
export async function redeem(learner: Learner): Promise<void> {
  const { status } = await learner.send(exchangeCode);
  if (status === 401) await learner.send(exchangeCodeByBasic);
}

/** Fresh tokens, as lesson 5 produces them. */
export async function seedTokens(learner: Learner): Promise<void> {
  await seedCode(learner);
  await redeem(learner);
}
