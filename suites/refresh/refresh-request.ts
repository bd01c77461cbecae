/** That refreshing works, and what comes for a refresh token that nobody issued. */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { confidentialClients, describeClient, publicClientIfOffered } from '../steps/clients.js';
import { demandAuthenticated } from '../steps/exchange.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { judgeTokenResponse } from '../steps/token-response.js';
import { refreshedTokens, tokensWithRefresh, tokensWithRefreshOrNull } from '../steps/tokens.js';

export const works = requirement({
  id: 'refresh-works',
  level: 'MUST',
  levelReason: "No keyword: section 6 defines what the grant gives, and Polar's documentation promises it.",
  profile: 'oauth',
  clauses: [rfc(6749, '6'), rfc(6749, '5.1'), polarDocs('Exchange the authorization code')],
  needs: ['client', 'user', 'refresh'],
  statement: 'A refresh token gets a new access token.',
  how:
    'Gets a grant (with offline_access and prompt=consent if the server lists that scope, as everywhere in ' +
    'this chapter) and posts its refresh token with grant_type=refresh_token: as a client of each method ' +
    'that the server offers and, if public clients get refresh tokens, as a public one. Expects 200, a ' +
    'token response like the first with the same token_type, and an access token that userinfo accepts. A ' +
    'new refresh token works too. The same access token, or no new refresh token, is fine. ' +
    'scope and id_token, if present, are strings.',
  hint: 'Look at how grant_type=refresh_token stores the access token that it returns.',
  async check(context) {
    const { flow, remark } = context;
    await judgeRefresh(context, await tokensWithRefresh(flow), 'a refresh');
    const first = await flow.client();
    const open = await publicClientIfOffered(context);
    for (const client of [...(await confidentialClients(flow)), ...(open === null ? [] : [open])]) {
      if (client.client_id === first.client_id) continue;
      // How else a client gets tokens is judged by token-auth-basic and token-exchange.
      const tokens = await nullOn(isUnavailable, () => tokensWithRefreshOrNull(flow, { client }));
      if (tokens === null) remark(`No refresh token for ${describeClient(client)}.`);
      else await judgeRefresh(context, tokens, `a refresh by ${describeClient(client)}`);
    }
  },
});

/** Only a refusal may be one of a token that isn't stored yet: what was granted is never asked for twice. */
const isSettled = (answer: Exchange): boolean => hasTokens(answer) || answer.status < 400;

async function judgeRefresh(
  { flow, expect, remark }: CheckContext,
  tokens: TokenSet,
  what: string,
): Promise<void> {
  const before = await userinfoStatus(flow, tokens.access_token, 'the first access token at userinfo');
  if (before !== null && before !== 200)
    throw new Blocked('userinfo', `Userinfo answers the first access token with ${before}.`);
  const response = await useFresh(() => flow.refresh(tokens, { note: what }), isSettled);
  judgeTokenResponse(expect, response, `the response to ${what}`);
  // In the response to an exchange these are judged by token-scope-accurate and token-id-token.
  for (const member of ['scope', 'id_token']) {
    const value = response.object()[member];
    if (value !== undefined) expect.string(value, member, `the response to ${what}`, response);
  }
  const [was, is] = [tokens.exchange, response].map((each) => each.string('token_type')?.toLowerCase());
  expect.same(is, was, 'The token_type changed with the refresh.', response);
  const refreshed = response.string('access_token') ?? '';
  const after = await userinfoStatus(flow, refreshed, 'the refreshed access token at userinfo');
  if (after === null) remark('The server has no userinfo endpoint to try the new access token at.');
  else expect.same(after, 200, 'Userinfo refuses the access token that a refresh returned.');
  const refresh_token = response.string('refresh_token');
  if (refresh_token === null) return remark('No new refresh token came.');
  const note = `${what} with the token that came`;
  const again = await useFresh(() => flow.refresh({ ...tokens, refresh_token }, { note }), isSettled);
  expect.issuedTokens(again, 'The refresh token that a refresh returned does not work.');
}

export const invalid = requirement({
  id: 'refresh-invalid',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2')],
  needs: ['client', 'refresh'],
  statement: 'A made-up refresh token is an invalid grant, and a missing one an invalid request.',
  how:
    'An authenticated client and, if the server offers that, a public one send grant_type=refresh_token ' +
    'with a made-up refresh_token. Expects 400 and invalid_grant. Then with no refresh_token and with an ' +
    'empty one: expects 400 and invalid_request (or invalid_grant).',
  hint: "Answer a refresh token that isn't found with 400 and invalid_grant.",
  async check(context) {
    const { flow, expect, remark } = context;
    const open = await publicClientIfOffered(context);
    const missing = ['invalid_request', 'invalid_grant'];
    for (const client of [await flow.client(), ...(open === null ? [] : [open])]) {
      const made = randomBytes(32).toString('base64url');
      const cases = [
        { fields: { refresh_token: made }, error: ['invalid_grant'], what: 'a made-up refresh token' },
        { fields: {}, error: missing, what: 'a refresh without refresh_token' },
        { fields: { refresh_token: '' }, error: missing, what: 'a refresh with an empty refresh_token' },
      ];
      for (const { fields, error, what: kind } of cases) {
        const what = client === open ? `${kind} from a public client` : kind;
        const sent = { grant_type: 'refresh_token', ...fields };
        const exchange = await flow.tokenRequest(sent, { auth: { client }, note: what });
        if (exchange.string('error') === 'unauthorized_client') {
          if (client === open) break;
          throw new NotTested('The client is not allowed to refresh, so the refusal has another cause.');
        }
        await demandAuthenticated(flow, exchange, client);
        expect.refused(exchange, { status: 400, error, what });
        remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
      }
    }
  },
});

export const accessTokenRefused = requirement({
  id: 'refresh-access-token-refused',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(6749, '6')],
  needs: ['client', 'user', 'refresh'],
  statement: "An access token or a code doesn't work as a refresh token.",
  how:
    'Refreshes a grant (200). Then sends its access token, and a fresh code of the same client, as ' +
    'refresh_token. Expects 400, invalid_grant and no tokens.',
  hint: 'Look up refresh tokens only among refresh tokens, or compare the stored type.',
  serial: true,
  async check({ flow, expect }) {
    const client = await flow.disposableClient();
    const tokens = await tokensWithRefresh(flow, { client });
    const control = await refreshedTokens(flow, tokens, 'a refresh with the refresh token');
    for (const [refresh_token, what] of [
      [control.exchange.string('access_token'), 'an access token as refresh_token'],
      [(await flow.code({ client })).value, 'a code as refresh_token'],
    ] as const)
      expect.invalidGrant(await flow.refresh({ refresh_token, client }, { note: what }), what);
  },
});

/** @returns the status at userinfo, or null where there is no such endpoint */
async function userinfoStatus(flow: Flow, token: string, note: string): Promise<number | null> {
  if (flow.metadata().userinfo_endpoint === undefined) return null;
  return (await useFresh(() => flow.userinfo(token, note))).status;
}
