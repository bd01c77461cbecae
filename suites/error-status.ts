/**
 * Whose finding is a wrong status? A server may send all errors of an endpoint with status 200. That's the finding of the
 * requirements that judge the status; every other one is judged again, with that status taken as right.
 */
import type { Environment } from '../fixtures/environment.js';
import type { ExchangeRecord } from '../fixtures/evidence/exchange.js';
import { isErrorResponse, isRefresh } from '../fixtures/expect/error-status.js';
import type { EndpointName } from '../fixtures/flow/types.js';
import type { Flow } from '../fixtures/flow/verbs.js';
import { stripQuery } from '../fixtures/urls.js';
import type { RequirementId } from './requirement-ids.js';
import type { Result } from './result.js';
import { exchangeUnknownCode } from './steps/exchange.js';
import { makeUnknownToken } from './steps/made-up-tokens.js';
import { isMissing, isNotApplicable, nullOn } from './steps/signals.js';

/** The requirements that judge the status of an ordinary error. */
const JUDGE_STATUS: ReadonlySet<string> = new Set<RequirementId>([
  'token-error-format',
  'refresh-invalid',
  'userinfo-invalid-token',
  'api-missing-token',
  'api-invalid-token',
  'api-invalid-token-error',
  'api-insufficient-scope',
  'introspect-auth',
  'revoke-client-auth',
  'revoke-token-missing',
]);

export const judgesErrorStatus = (id: string): boolean => JUDGE_STATUS.has(id);

/**
 * Sends an ordinary request that is refused to the endpoint whose error decided a failure.
 * @returns whether that error has the same wrong status: from now on the environment takes it for right
 */
export async function learnErrorStatus(
  environment: Environment,
  { status, evidence, decidedBy }: Result,
): Promise<boolean> {
  if (status !== 'fail' && status !== 'warn') return false;
  const deciding = evidence.find(({ n }) => n === decidedBy) ?? evidence.at(-1);
  if (deciding === undefined || !isErrorResponse(deciding) || environment.errorStatuses.isUsual(deciding))
    return false;
  const checkRun = environment.startCheck();
  try {
    const ordinary = await provokeError(checkRun.context.flow, deciding);
    if (ordinary === null || !isErrorResponse(ordinary)) return false;
    if (ordinary.response.status !== deciding.response.status) return false;
    environment.errorStatuses.learn(deciding);
    return true;
  } catch (signal) {
    if (isMissing(signal)) return false;
    throw signal;
  } finally {
    await checkRun.close();
  }
}

/** @returns the answer to a request that the endpoint should refuse; null where no such status would be wrong */
async function provokeError(flow: Flow, deciding: ExchangeRecord): Promise<ExchangeRecord | null> {
  const { request, response } = deciding;
  const url = stripQuery(request.url);
  const isAt = async (name: EndpointName) => {
    const endpoint = await nullOn(isNotApplicable, () => flow.endpoint(name));
    return endpoint !== null && stripQuery(endpoint) === url;
  };
  if (await isAt('token')) {
    if (response.status === 400) return null;
    const client = await flow.client();
    if (!isRefresh(deciding)) return exchangeUnknownCode(flow, client, 'an ordinary error: a made-up code');
    const fields = { grant_type: 'refresh_token', refresh_token: makeUnknownToken() };
    const note = 'an ordinary error: a made-up refresh token';
    return flow.tokenRequest(fields, { auth: { client }, note });
  }
  if (response.status >= 400) return null;
  if ((await isAt('introspection')) || (await isAt('revocation'))) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ token: makeUnknownToken() }).toString();
    return flow.send({ method: 'POST', url, headers, body, note: 'an ordinary error: no client' });
  }
  if (request.method !== 'GET') return null;
  const headers = { accept: 'application/json', authorization: `Bearer ${makeUnknownToken()}` };
  return flow.send({ url, headers, note: 'an ordinary error: a made-up token' });
}
