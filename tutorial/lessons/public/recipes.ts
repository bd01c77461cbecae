/** The requests of the lesson on public clients, and who sends them. */
import type { Learner } from '../../learner/learner.js';
import { clientIdOf, isTokenRequest, type ObservedExchange } from '../../watcher/exchange.js';
import type { LessonContext } from '../lesson.js';
import type { Recipe } from '../recipe.js';
import { authorize, registerConfidential } from '../steps.js';

export const registerPublic: Recipe = {
  ...registerConfidential,
  note: 'register a public client',
  json: {
    ...registerConfidential.json,
    client_name: 'My app without a secret',
    token_endpoint_auth_method: 'none',
  },
};

export const authorizePublic: Recipe = {
  ...authorize,
  note: 'send the user to consent, with a challenge',
  query: {
    ...authorize.query,
    client_id: '{PUBLIC_CLIENT_ID}',
    code_challenge: '{CODE_CHALLENGE}',
    code_challenge_method: 'S256',
  },
};

export const redeemPublic: Recipe = {
  note: 'redeem the code with the verifier',
  method: 'POST',
  url: '{TOKEN_ENDPOINT}',
  form: {
    grant_type: 'authorization_code',
    code: '{CODE}',
    redirect_uri: '{REDIRECT_URI}',
    client_id: '{PUBLIC_CLIENT_ID}',
    code_verifier: '{CODE_VERIFIER}',
  },
};

/** Registers, and comes back with a code for this challenge; by default, the right one. */
export async function arrive(learner: Learner, challenge?: string): Promise<void> {
  await learner.send(registerPublic);
  await learner.open(
    authorizePublic,
    challenge === undefined ? {} : { query: { code_challenge: challenge } },
  );
}

/** An authorization request, or the user's decision about it, whose URL repeats the request. */
export const isAuthorization = ({ endpoint }: ObservedExchange): boolean =>
  endpoint === 'authorize' || endpoint === 'decision';

/** The sandbox's record of the client that an exchange names. */
export const clientOf = (exchange: ObservedExchange, { store }: LessonContext) =>
  store.clients.find(({ client_id }) => client_id === clientIdOf(exchange));

export const isOfPublic = (exchange: ObservedExchange, context: LessonContext): boolean =>
  clientOf(exchange, context)?.token_endpoint_auth_method === 'none';

/** The challenge of the request and the verifier shown now, where a request redeems a code with a challenge. */
export function proofOf(
  exchange: ObservedExchange,
  { store }: LessonContext,
): { readonly challenge: string; readonly method: string | null; readonly verifier: string } | null {
  const code = store.codes.find(({ value }) => value === exchange.form.get('code'));
  const verifier = exchange.form.get('code_verifier');
  if (!isTokenRequest(exchange) || verifier === null || verifier === '') return null;
  if (code === undefined || code.code_challenge === null) return null;
  return { challenge: code.code_challenge, method: code.code_challenge_method, verifier };
}

/** A secret in the body or in the Authorization header. */
export const carriesSecret = ({ form, headers }: ObservedExchange): boolean =>
  (form.get('client_secret') ?? '') !== '' || /^basic /i.test(headers.authorization ?? '');
