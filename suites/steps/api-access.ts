/**
 * Access tokens at an endpoint of the API other than userinfo. It may verify tokens by code of its own, and know nothing
 * of what the authorization server has ended.
 */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { AuthorizationOptions, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { CheckContext } from '../requirement.js';
import { acceptedToken } from './bearer-requests.js';
import { isMissing, nullOn } from './signals.js';
import { waitUntil } from './wait-until.js';

/**
 * @returns tokens that the API accepts, with a refresh token if `offline` asks for one; null where the target names no
 * endpoint but userinfo, or it doesn't accept them, which is judged by api-bearer
 */
export async function tokensForApi(
  flow: Flow,
  options: AuthorizationOptions & { readonly offline?: boolean },
): Promise<TokenSet | null> {
  const accepted = await nullOn(isMissing, () => acceptedToken(flow, 'protected', options));
  if (accepted === null) return null;
  const userinfo = await nullOn(isMissing, () => flow.endpoint('userinfo'));
  return accepted.control.request.url === userinfo ? null : accepted.tokens;
}

/** The API refuses the token within 5 seconds. @param subject the token, for a sentence: 'An access token that was revoked' */
export async function expectEndedAtApi(
  { flow, expect, pause }: Pick<CheckContext, 'flow' | 'expect' | 'pause'>,
  access_token: string,
  subject: string,
): Promise<void> {
  const isOver = (answer: Exchange) => answer.status !== 200 || answer.string('error') !== null;
  const ask = () => flow.callApi('protected', access_token, { note: 'the API afterward' });
  const answer = await waitUntil(ask, isOver, pause);
  expect.clientError(answer, `${subject} still works at the API.`);
}
