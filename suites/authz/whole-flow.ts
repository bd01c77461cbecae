/** The whole visit as a user makes it, once, and a strict client on the other side. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, Failed } from '../../fixtures/verdict.js';
import { oidcCore, polarDocs } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { exchangeFreshCode } from '../steps/exchange.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { findTokenResponseError } from '../steps/strict-client.js';
import { findIdTokenError } from '../steps/strict-id-token.js';
import { followPagesToCode } from './follow-pages.js';

export const story = requirement({
  id: 'authz-story',
  level: 'MUST',
  levelReason: 'No keyword: section 3.1.1 lists the steps, and an application needs all of them.',
  profile: 'oidc',
  clauses: [
    oidcCore('3.1.1'),
    polarDocs('Start the authorization flow'),
    polarDocs('Make authenticated requests'),
  ],
  needs: ['client', 'user', 'page'],
  statement: "A new user gets from the client's link to a working access token in one visit.",
  how:
    'A browser with no cookies opens the authorization request. The user signs in, allows if asked, and ' +
    'arrives at the redirect URI with code and state. The code is exchanged, oauth4webapi accepts the ' +
    'token response and the ID Token, and userinfo accepts the access token. The failure names the first ' +
    "page that breaks. If only codes from a visit can't be exchanged, that's a failure here; if none can, " +
    'or userinfo always fails, another requirement fails.' +
    " Expects no scope that the request didn't ask for.",
  hint: 'Follow the numbered exchanges to the step that the message names.',
  deadline: 60_000,
  check: checkWholeFlow,
});

async function checkWholeFlow({ flow, users }: CheckContext): Promise<void> {
  const client = await flow.client();
  const code = await followPagesToCode(client, await users.newPage('nobody'));
  const exchange = await flow.exchangeCode(code, { note: 'the exchange of the code' });
  const accessToken = exchange.string('access_token');
  if (exchange.status !== 200 || accessToken === null) {
    await exchangeFreshCode(flow, { client });
    throw new Failed("The visit's code can't be exchanged, but a code from an earlier session can.", {
      expected: '200 with tokens',
      received: describeExchange(exchange),
    });
  }
  const asked = (code.request.scope ?? '').split(' ');
  const more = exchange
    .string('scope')
    ?.split(' ')
    .find((scope) => !asked.includes(scope));
  if (more !== undefined && code.request.scope !== null && !(await isAlwaysGranted(flow, client, more)))
    throw new Failed(
      `The visit was granted ${more}, for which it did not ask, and a session that was there before is not.`,
      {
        expected: `the scope ${asked.join(' ')}`,
        received: `scope "${exchange.string('scope') ?? ''}"`,
      },
    );
  const issuer = String(flow.metadata().issuer);
  demandAccepted(
    'the token response',
    await findTokenResponseError(exchange, issuer, code.client.client_id),
    'a response that oauth4webapi accepts',
  );
  demandAccepted(
    'the ID Token',
    await findIdTokenError(flow, code, exchange),
    'this issuer, this client, this nonce, valid now, signed with a published key',
  );
  // Where there is no userinfo endpoint, the visit is at its end.
  if (typeof flow.metadata().userinfo_endpoint !== 'string') return;
  const answer = await useFresh(() => flow.userinfo(accessToken, 'the first call with the access token'));
  if (answer.status !== 200)
    throw new Blocked('userinfo', `Userinfo refuses the access token (${describeStatus(answer)}).`);
}

/** Some servers grant a scope to everybody, which is theirs to decide (RFC 6749 section 3.3). */
async function isAlwaysGranted(flow: Flow, client: Client, scope: string): Promise<boolean> {
  const tokens = await flow.tokens({ client, note: 'the control: in a session that was there before' });
  return tokens.scope.split(' ').includes(scope);
}

function demandAccepted(what: string, refusal: string | null, expected: string): void {
  if (refusal === null) return;
  throw new Failed(`A strict client refuses ${what} after the visit.`, { expected, received: refusal });
}

function describeStatus(exchange: Exchange): string {
  const error = exchange.string('error');
  return `status ${exchange.status}${error === null ? '' : `, error ${error}`}`;
}
