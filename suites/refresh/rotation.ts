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
  statement: "A public client's refresh token is replaced at use and the old one stops working.",
  how:
    "A public client of the check's own refreshes a grant with its client_id alone, and then once more. Expected: 200 and " +
    'another refresh_token each time. In a second grant the old one is sent once more after the refresh, and in the first ' +
    'grant the first of all: a status from 400 to 499, and no tokens. If one still works, ' +
    `${GRACE_SECONDS} s pass for both, or are waited out: a grace period for ` +
    'clients that lost the answer is remarked on. Not applicable where public clients get no refresh token or the ' +
    'token_type is not Bearer.',
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
  // The clause describes this as a part of rotation and has no keyword for it.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(9700, '4.14.2')],
  needs: ['public-client', 'user', 'refresh'],
  statement: 'Reuse of a replaced refresh token ends the whole grant.',
  how:
    "A public client of the check's own refreshes a grant, and the new refresh token works. In a second grant the " +
    'old one is sent once more after the refresh and refused, and in a third, refreshed twice, the first of all. Expected: ' +
    'then the newest one is refused as well, 400 and invalid_grant. Not applicable where the token is not replaced at use.',
  hint: 'When a replaced refresh token comes again, revoke the grant that it belongs to.',
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
