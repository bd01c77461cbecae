/** The refresh tokens of public clients, which no secret protects: replaced at use, and dead with their grant at reuse. */
import { hasTokens } from '../../fixtures/expect/describe.js';
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
    "the grace period. Not applicable if public clients get no refresh token or token_type isn't Bearer.",
  hint: 'Issue a new refresh token with every refresh of a public client, and mark the old one as used.',
  serial: true,
  deadline: 30_000 + GRACE_SECONDS * 1000,
  async check({ flow, expect, time, pause, remark }) {
    const client = await ownPublicClient(flow);
    const { tokens, refreshed } = await refreshedGrant(flow, client);
    const successor = refreshed.string('refresh_token');
    expect.that(
      successor !== null && successor !== tokens.refresh_token,
      "A public client's refresh token is not replaced at use.",
      {
        expected: 'another refresh_token',
        received: successor === null ? 'no refresh_token' : 'the same refresh_token',
      },
    );
    await refreshedTokens(flow, { refresh_token: successor, client }, 'a refresh with the new refresh token');

    const other = await refreshedGrant(flow, client);
    let again = await flow.refresh(other.tokens, { note: 'the old one again' });
    if (hasTokens(again)) {
      const isOlder = await nullOn(isNotTested, async () => {
        await time.advance(GRACE_SECONDS, other.tokens.refresh_token ?? '', 'the replaced refresh token');
        return true;
      });
      if (isOlder === null) await pause(GRACE_SECONDS * 1000);
      again = await flow.refresh(other.tokens, { note: `the old one, ${GRACE_SECONDS} s later` });
      if (!hasTokens(again))
        remark(`The replaced token worked right after the refresh, and not ${GRACE_SECONDS} s later.`);
    }
    // Which error comes is judged by refresh-replaced-error.
    expect.noTokens(again, "a public client's refresh token that was replaced");
    expect.clientError(again, "A public client's refresh token that was replaced was not refused.");
  },
});

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
    "applicable if the token isn't replaced when it's used.",
  hint: 'If a replaced refresh token comes again, revoke its grant.',
  serial: true,
  async check({ flow, expect }) {
    const client = await ownPublicClient(flow);
    const control = await refreshedGrant(flow, client);
    const newest = { refresh_token: demandSuccessor(control), client };
    await refreshedTokens(flow, newest, 'a refresh with the new refresh token, without reuse');

    const grant = await refreshedGrant(flow, client);
    const successor = demandSuccessor(grant);
    const reuse = await flow.refresh(grant.tokens, { note: 'the old one again' });
    if (hasTokens(reuse)) throw new NotTested(STILL_WORKS);
    const after = await flow.refresh(
      { refresh_token: successor, client },
      { note: 'the new one after the reuse' },
    );
    expect.invalidGrant(after, 'the newest refresh token of a grant in which an old one was used again');
  },
});
