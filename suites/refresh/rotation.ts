/** The refresh tokens of public clients, which no secret protects: replaced at use, and dead with their grant at reuse. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, hasTokens } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownPublicClient } from '../steps/clients.js';
import { isNotTested, nullOn } from '../steps/signals.js';
import { refreshedTokens } from '../steps/tokens.js';
import { demandSuccessor, refreshedGrant, STILL_WORKS } from './public-clients.js';

/** Longer than the grace periods of servers in wide use. */
const GRACE_SECONDS = 61;

export const publicRotation = requirement({
  id: 'refresh-public-rotation',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.2.2'), rfc(9700, '4.14.2')],
  needs: ['public-client', 'user', 'refresh'],
  statement: "A public client's refresh token is replaced when it's used, and the old one stops working.",
  how:
    'A public client refreshes a grant with only its client_id. Expects 200 and another refresh_token, ' +
    'which works. In a second grant, sends the old one again after the refresh. Expects a status from 400 ' +
    `to 499 and no tokens. If it still works, tries again ${GRACE_SECONDS} seconds later and remarks on ` +
    "the grace period. Not applicable if public clients get no refresh token or token_type isn't Bearer. " +
    'A second refresh replaces the token too, and the first of three tokens is refused like the second.',
  hint: 'Issue a new refresh token with every refresh of a public client, and mark the old one as used.',
  serial: true,
  deadline: 30_000 + GRACE_SECONDS * 1000,
  async check({ flow, expect, time, pause, remark }) {
    const client = await ownPublicClient(flow);
    const first = await refreshedGrant(flow, client);
    const refresh_token = expectReplaced(expect, first.tokens.refresh_token, first.refreshed, 'at use');
    const what = 'a refresh with the new refresh token';
    const { exchange } = await refreshedTokens(flow, { refresh_token, client }, what);
    expectReplaced(expect, refresh_token, exchange, 'at its second refresh');

    const second = await refreshedGrant(flow, client);
    const old = [
      { tokens: second.tokens, which: "a public client's refresh token that was replaced" },
      { tokens: first.tokens, which: "a public client's refresh token that was replaced two refreshes ago" },
    ];
    const send = (when: string) => sendEach(flow, old, when);
    let again = await send('again');
    if (again.some(({ answer }) => hasTokens(answer))) {
      const values = old.map(({ tokens }) => tokens.refresh_token ?? '');
      const isOlder = await nullOn(isNotTested, async () => {
        await time.advance(GRACE_SECONDS, values, 'the replaced refresh tokens');
        return true;
      });
      if (isOlder === null) await pause(GRACE_SECONDS * 1000);
      again = await send(`${GRACE_SECONDS} s later`);
      if (!again.some(({ answer }) => hasTokens(answer)))
        remark(`A replaced token worked right after the refresh, and not ${GRACE_SECONDS} s later.`);
    }
    for (const { which, answer } of again) {
      // Which error comes is judged by refresh-replaced-error.
      expect.noTokens(answer, which);
      expect.clientError(answer, `${capitalize(which)} was not refused.`);
    }
  },
});

/** @returns the refresh token of the response, which is another than the one that was used */
function expectReplaced(
  expect: Expect,
  used: string | null,
  response: Exchange,
  when: string,
): string | null {
  const successor = response.string('refresh_token');
  expect.that(
    successor !== null && successor !== used,
    `A public client's refresh token is not replaced ${when}.`,
    {
      expected: 'another refresh_token',
      received: successor === null ? 'no refresh_token' : 'the same refresh_token',
      exchange: response,
    },
  );
  return successor;
}

async function sendEach(
  flow: Flow,
  old: readonly { readonly tokens: TokenSet; readonly which: string }[],
  when: string,
): Promise<readonly { readonly which: string; readonly answer: Exchange }[]> {
  const answers = [];
  for (const { tokens, which } of old)
    answers.push({ which, answer: await flow.refresh(tokens, { note: `${which}, ${when}` }) });
  return answers;
}

export const reuseRevokes = requirement({
  id: 'refresh-reuse-revokes',
  level: 'SHOULD',
  levelReason: 'The clause describes this as part of rotation, with no keyword.',
  profile: 'oauth',
  clauses: [rfc(9700, '4.14.2')],
  needs: ['public-client', 'user', 'refresh'],
  statement: 'Reusing a replaced refresh token ends the whole grant.',
  how:
    'A public client refreshes a grant, and the new refresh token works. In a second grant, sends the old ' +
    "one again after the refresh, and it's refused. Expects 400 and invalid_grant for the new one too. Not " +
    "applicable if the token isn't replaced when it's used. " +
    'The same if the token from two refreshes ago comes again.',
  hint: 'If a replaced refresh token comes again, revoke its grant.',
  serial: true,
  async check({ flow, expect }) {
    const client = await ownPublicClient(flow);
    const control = await refreshedGrant(flow, client);
    const newest = { refresh_token: demandSuccessor(control), client };
    await refreshedTokens(flow, newest, 'a refresh with the new refresh token, without reuse');

    for (const [refreshes, what] of [
      [1, 'the newest refresh token of a grant in which an old one was used again'],
      [2, 'the newest refresh token of a grant in which one from two refreshes ago was used again'],
    ] as const) {
      const grant = await refreshedGrant(flow, client);
      let refresh_token: string | null = demandSuccessor(grant);
      if (refreshes === 2)
        ({ refresh_token } = await refreshedTokens(flow, { refresh_token, client }, 'a second refresh'));
      const reuse = await flow.refresh(grant.tokens, { note: 'the old one again' });
      if (hasTokens(reuse)) throw new NotTested(STILL_WORKS);
      const after = await flow.refresh({ refresh_token, client }, { note: 'the newest one after the reuse' });
      expect.invalidGrant(after, what);
    }
  },
});
