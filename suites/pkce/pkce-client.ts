/** The steps that the checks on proof keys share: codes of a public client, and exchanges that must work. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { hasTokens } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationCode, AuthorizationOptions, Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { Step } from '../../fixtures/owners.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { exchangeOrBlock } from '../steps/exchange.js';
import { isNotApplicable, isNotTested, nullOn } from '../steps/signals.js';

/** The errors that a refused exchange may have where no clause names one of them. */
export const GRANT_OR_REQUEST: readonly string[] = ['invalid_grant', 'invalid_request'];

/** A client with what judges its codes and exchanges when they do not work as they should. */
interface PkceClient {
  readonly client: Client;
  readonly codeStep: Step;
  readonly exchangeStep: Step;
}

/** The standing public client: pkce-s256 judges whether its flow works at all. */
export async function publicPkceClient(flow: Flow): Promise<PkceClient> {
  return toPublicPkceClient(await flow.client('public'));
}

export function toPublicPkceClient(client: Client): PkceClient {
  return { client, codeStep: 'pkce', exchangeStep: 'pkce' };
}

/** The standing confidential client. */
export async function confidentialPkceClient(flow: Flow): Promise<PkceClient> {
  const client = await flow.client();
  if (client.token_endpoint_auth_method === 'none') {
    throw new NotTested(
      'clients.first in the target file is a public client, but this check is about confidential ones.',
    );
  }
  return { client, codeStep: 'code', exchangeStep: 'tokens' };
}

/** Each kind of client that there is: a server may look at the proof keys of one of them alone. */
export async function pkceClients(
  flow: Flow,
): Promise<readonly (PkceClient & { readonly kind: string; readonly isPublic: boolean })[]> {
  const first = await flow.client();
  const shared = await nullOn(isNoClient, () => flow.client('public'));
  return [
    ...(shared === null ? [] : [{ ...toPublicPkceClient(shared), kind: 'a public client', isPublic: true }]),
    ...(first.token_endpoint_auth_method === 'none'
      ? []
      : [{ ...(await confidentialPkceClient(flow)), kind: 'a confidential client', isPublic: false }]),
  ];
}

/**
 * Those of them whose verifiers are compared at all; for the others nothing that is said of challenges shows anything.
 * @throws NotTested if that is none, which pkce-verifier-wrong and pkce-confidential judge
 */
export async function comparedPkceClients(flow: Flow): ReturnType<typeof pkceClients> {
  const compared = [];
  for (const side of await pkceClients(flow)) {
    await redeemControlCode(flow, side);
    const wrong = await flow.exchangeCode(await codeForChallenge(flow, side), {
      params: { code_verifier: flow.newPkce().code_verifier },
      note: `the control: another verifier, of ${side.kind}`,
    });
    if (!hasTokens(wrong)) compared.push(side);
  }
  if (compared.length > 0) return compared;
  throw new NotTested('The server accepts another verifier too, so it compares none with its challenge.');
}

const isNoClient = (signal: unknown): boolean => isNotTested(signal) || isNotApplicable(signal);

/** A code for a valid challenge, by default a fresh one. */
export async function codeForChallenge(
  flow: Flow,
  { client, codeStep }: PkceClient,
  options: AuthorizationOptions = {},
): Promise<AuthorizationCode> {
  const answer = await flow.authorize({ note: 'a fresh code for an S256 challenge', ...options, client });
  const code = readCode(answer);
  if (code !== null) return code;
  const error = answer.kind === 'redirected' ? (answer.query.get('error') ?? 'no code') : 'a page';
  throw new Blocked(
    codeStep,
    `An authorization request with a valid S256 challenge was answered with ${error}.`,
  );
}

/** The control request: a code for an S256 challenge, redeemed with its verifier. */
export async function redeemControlCode(flow: Flow, side: PkceClient): Promise<Exchange> {
  return exchangeOrBlock(flow, await codeForChallenge(flow, side), side.exchangeStep);
}

/** A verifier of this length with all four marks of the alphabet in it (RFC 7636 section 4.1). */
export function makeVerifier(length: number): string {
  const marks = '-._~';
  const letters = randomBytes(length)
    .toString('base64url')
    .slice(0, Math.max(0, length - marks.length));
  return letters + marks.slice(0, length - letters.length);
}
