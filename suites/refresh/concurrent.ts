/** Simultaneous use of one refresh token. */
import { hasTokens } from '../../fixtures/expect/describe.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownPublicClient } from '../steps/clients.js';
import { judgeAtMostOneWins } from '../steps/concurrent.js';
import { demandSuccessor, refreshedGrant, STILL_WORKS } from './public-clients.js';

export const concurrent = requirement({
  id: 'refresh-concurrent',
  level: 'SHOULD',
  levelReason:
    'The clause requires rotation. That it holds under simultaneous use follows from it, with no keyword ' +
    'of its own.',
  profile: 'oauth',
  clauses: [rfc(9700, '4.14.2')],
  needs: ['public-client', 'user', 'refresh'],
  statement: 'Of simultaneous refreshes with one refresh token of a public client at most one succeeds.',
  how:
    "A public client of the check's own refreshes a grant, which replaces the token and ends the old one. Then six identical refreshes with " +
    'one token are sent at once on connections of their own, in three rounds with fresh grants. Expected in each: ' +
    'tokens in one response at most, and a status from 400 in the others. Not applicable where the token is not ' +
    'replaced at use. Sent to servers on this machine alone, unless --intrusive allows it.',
  hint: 'Mark the refresh token as used in the same step that looks whether it is: one conditional update.',
  serial: true,
  intrusive: true,
  async check(context) {
    const { flow } = context;
    const client = await ownPublicClient(flow);
    const grant = await refreshedGrant(flow, client);
    demandSuccessor(grant);
    const again = await flow.refresh(grant.tokens, { note: 'the control: the replaced one, by itself' });
    if (hasTokens(again)) throw new NotTested(STILL_WORKS);
    await judgeAtMostOneWins(context, {
      secret: 'one refresh token',
      atOnce: 6,
      prepare: async () => {
        const newest = { refresh_token: demandSuccessor(await refreshedGrant(flow, client)), client };
        return (note) => flow.refresh(newest, { note });
      },
    });
  },
});
