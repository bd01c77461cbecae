/** Steps that several lessons share: as recipes, and as what a seed does with them. */
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

export const authorize: Recipe = {
  note: 'send the person to consent',
  method: 'GET',
  url: '{AUTHORIZATION_ENDPOINT}',
  query: {
    response_type: 'code',
    client_id: '{CLIENT_ID}',
    redirect_uri: '{REDIRECT_URI}',
    scope: 'openid profile',
    state: '{STATE}',
  },
  browser: 'Sign in as alice@example.com with the password alice-in-the-sandbox, and allow.',
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

/** The client of lesson 3, unless there is one. */
export async function seedClient(learner: Learner): Promise<void> {
  const { CLIENT_ID, CLIENT_SECRET } = await learner.values();
  if (CLIENT_ID === undefined || CLIENT_SECRET === undefined) await learner.send(registerConfidential);
}

/** A fresh code for it, as lesson 4 produces one. */
export async function seedCode(learner: Learner): Promise<void> {
  await seedClient(learner);
  await learner.open(authorize);
}

/** Fresh tokens, as lesson 5 produces them. */
export async function seedTokens(learner: Learner): Promise<void> {
  await seedCode(learner);
  await learner.send(exchangeCode);
}
