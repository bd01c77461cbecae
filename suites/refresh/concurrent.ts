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
  statement:
    "If a public client's refresh token is used several times at once, at most one refresh succeeds.",
  how:
    "A public client's refresh replaces the token and ends the old one. Then sends six identical refreshes " +
    'at once, each on its own connection, in three rounds with fresh grants. Expects tokens in at most one ' +
    "response, and a status of 400 or more in the others. Not applicable if the token isn't replaced when " +
    "it's used. Off this machine, only with --intrusive.",
  hint: 'Check and mark the refresh token in one step: one conditional update.',
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
