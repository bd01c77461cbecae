/** A code that comes again, later or at the same time. */
import { hasTokens } from '../../fixtures/expect/describe.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { expectEndedAtApi, tokensForApi } from '../steps/api-access.js';
import { ownPublicClient, supportsAuthMethod } from '../steps/clients.js';
import { judgeAtMostOneWins } from '../steps/concurrent.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { refreshedTokens, tokensWithRefreshIfAny } from '../steps/tokens.js';
import {
  demandAcceptedAtUserinfo,
  demandParallelAtUserinfo,
  expectEndedAtUserinfo,
  waitForUserinfoRefusal,
} from '../steps/userinfo.js';

export const codeReplayRevokes = requirement({
  id: 'token-code-replay-revokes',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2')],
  needs: ['client', 'user', 'userinfo'],
  statement: 'Replaying a code revokes the tokens issued for it.',
  how:
    'Exchanges a code, userinfo accepts the access token, and the same exchange again is refused. Expects ' +
    'userinfo to refuse the access token within 5 seconds, and the refresh token, if there is one, to get ' +
    'a client error. The same for the tokens of a refresh in between and, if the server has them, for a ' +
    "public client's. Another client's token still works. " +
    'The API refuses its tokens too, if the target names an endpoint other than userinfo.',
  hint: 'Store which grant a code led to, and end that grant if the code comes again.',
  serial: true,
  async check(context) {
    const { flow } = context;
    const client = await flow.disposableClient();
    const other = await flow.tokens();
    const tokens = await tokensWithRefreshIfAny(flow, { client });
    await demandAcceptedAtUserinfo(flow, other);
    await judgeReplay(context, tokens, 'a code that was replayed');
    const before = await tokensWithRefreshIfAny(flow, { client });
    const refreshed = await nullOn(isUnavailable, () => refreshOnce(flow, before));
    if (refreshed !== null) await judgeReplay(context, refreshed, 'a code that was replayed after a refresh');
    const open = supportsAuthMethod(flow, 'none')
      ? await nullOn(isUnavailable, () => ownPublicClient(flow))
      : null;
    const ofPublic =
      open && (await nullOn(isUnavailable, () => tokensWithRefreshIfAny(flow, { client: open })));
    if (ofPublic !== null)
      await judgeReplay(context, ofPublic, 'a code of a public client that was replayed');
    const atApi = await tokensForApi(flow, { client });
    if (atApi !== null) {
      const replay = await flow.exchangeCode(atApi.code, { note: 'the exchange for the API again' });
      if (hasTokens(replay)) throw new Blocked('codeSingleUse', 'The code worked a second time.');
      await expectEndedAtApi(context, atApi.access_token, 'The access token of a code that was replayed');
    }
    await demandParallelAtUserinfo(flow, other.access_token);
  },
});

/** @returns the tokens as they are after a refresh, or null where there is no refresh token */
async function refreshOnce(flow: Flow, tokens: TokenSet): Promise<TokenSet | null> {
  if (tokens.refresh_token === null) return null;
  const { exchange, refresh_token } = await refreshedTokens(flow, tokens, 'a refresh before the replay');
  const access_token = exchange.string('access_token');
  return access_token === null ? null : { ...tokens, access_token, refresh_token };
}

/** @param of names the code: 'a code that was replayed' */
async function judgeReplay(
  { flow, expect, pause }: Pick<CheckContext, 'flow' | 'expect' | 'pause'>,
  tokens: TokenSet,
  of: string,
): Promise<void> {
  await demandAcceptedAtUserinfo(flow, tokens);
  const replay = await flow.exchangeCode(tokens.code, { note: 'the same exchange again' });
  if (hasTokens(replay)) throw new Blocked('codeSingleUse', 'The code worked a second time.');

  const after = await waitForUserinfoRefusal(flow, tokens.access_token, pause);
  expectEndedAtUserinfo(expect, after, `The access token of ${of} still works.`);
  if (tokens.refresh_token === null) return;
  const refresh = await flow.refresh(tokens, { note: 'the refresh token of that code' });
  // refresh-invalid judges which error is right.
  expect.noTokens(refresh, `the refresh token of ${of}`);
  expect.clientError(refresh, `The refresh token of ${of} was not refused.`);
}

export const codeConcurrent = requirement({
  id: 'token-code-concurrent',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, '10.5')],
  needs: ['client', 'user'],
  statement: 'If one code is exchanged several times at once, at most one exchange succeeds.',
  how:
    'Sends eight identical exchanges at once, each on its own connection, in three rounds with fresh ' +
    'codes. Expects tokens in at most one response, and a status of 400 or more in the others. The tokens ' +
    'may be dead at once, because the others count as a replay. Off this machine, only with --intrusive.',
  hint: 'Check and mark the code in one step: one conditional update, not a read and a write.',
  serial: true,
  intrusive: true,
  async check(context) {
    const { flow } = context;
    const client = await flow.disposableClient();
    await judgeAtMostOneWins(context, {
      secret: 'one code',
      atOnce: 8,
      prepare: async () => {
        const code = await flow.code({ client });
        return (note) => flow.exchangeCode(code, { note });
      },
    });
  },
});
