/** State values that are longer than usual. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange, describeOutcome } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { rawAuthorizationUrl } from './raw-requests.js';

const LENGTHS = [1_000, 8_000] as const;
const CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~';

export const longState = requirement({
  id: 'robust-long-state',
  level: 'SHOULD',
  levelReason:
    'RFC 6749 requires the exact value but lets a server refuse. No clause says how long a value may be.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(9110, '15.5.15')],
  needs: ['user'],
  statement: 'A long state comes back intact or is refused cleanly.',
  how:
    'Sends a state of 1,000 and of 8,000 unreserved characters. Expects the identical state, a status from ' +
    '400 to 499 (400, 413, 414, 431) or a closed connection, and never another state or a server error. ' +
    'Reads up to 64 KiB of response headers. A short state comes back.',
  hint: "Store the state in a column with no length limit of its own, or refuse what doesn't fit.",
  async check({ flow, expect, remark }) {
    await flow.code({ state: 'short' });
    for (const length of LENGTHS) {
      const state = makeState(length);
      const what = `a state of ${length.toLocaleString('en')} characters`;
      const refusal = await findEarlyRefusal(flow, state);
      if (refusal !== null) {
        const server = refusal.header('server');
        const came = `${describeExchange(refusal)}${server === null ? '' : `, by ${server}`}`;
        expect.that(refusal.status < 500, `The server fails on ${what}.`, {
          expected: 'the identical state, or a status from 400 to 499',
          received: came,
          exchange: refusal,
        });
        remark(`${capitalize(what)} is refused: ${came}.`);
        continue;
      }
      const answer = await flow.authorize({ state, note: what });
      const fault = findFault(answer, state);
      expect.that(fault === null, `${capitalize(what)} ${fault}.`, {
        expected: 'the identical state, or a status from 400 to 499',
        received: describeOutcome(answer),
      });
      const came = answer.kind === 'redirected' ? 'comes back' : `is refused: ${describeOutcome(answer)}`;
      remark(`${capitalize(what)} ${came}.`);
    }
  },
});

/** @returns the refusal of the very request, on a bare socket that may be closed; null where there is more to follow */
async function findEarlyRefusal(flow: Flow, state: string): Promise<Exchange | null> {
  const url = rawAuthorizationUrl(flow, await flow.client(), { state });
  const { exchange } = await flow.sendRaw({
    url,
    as: 'first',
    note: `a state of ${state.length} characters`,
  });
  requireNotRateLimited(exchange);
  return exchange.status === 0 || exchange.status >= 400 ? exchange : null;
}

function findFault(answer: AuthorizationOutcome, state: string): string | null {
  if (answer.kind === 'stayed') {
    const { kind, status } = answer.page;
    if (status >= 500) return `causes a server error (status ${status})`;
    if (status >= 400 || kind === 'error') return null;
    throw new NotTested(
      `With a long state the request ended at ${describeOutcome(answer)}, which is neither an answer nor a refusal.`,
    );
  }
  const back = answer.query.get('state') ?? answer.fragment.get('state') ?? answer.form.get('state');
  if (back === state) return null;
  if (back === null) return 'is missing in the response';
  return `comes back with ${back.length} characters${state.startsWith(back) ? ', cut off' : ', changed'}`;
}

function makeState(length: number): string {
  return CHARACTERS.repeat(Math.ceil(length / CHARACTERS.length)).slice(0, length);
}
