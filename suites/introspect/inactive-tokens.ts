/** What introspection says of a token that isn't active: nothing but that. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { clientForEndpoint } from '../steps/clients.js';
import { accessTokenLifetime, LATE_SECONDS } from '../steps/lifetimes.js';
import { makeUnknownToken } from '../steps/made-up-tokens.js';
import { isNotTested, nullOn } from '../steps/signals.js';
import { demandActive, demandMayIntrospect } from './introspect-token.js';

export const inactiveBare = requirement({
  id: 'introspect-inactive-bare',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(7662, '2.2')],
  needs: ['introspection', 'client', 'user'],
  statement: 'Introspection says nothing about an inactive token, not even why.',
  how:
    'A client introspects its access token: active. Introspects it again after it expired (if the target ' +
    'can make it older or the wait is allowed), and a random token. If active is false, expects no other ' +
    'member. introspect-expired and introspect-unknown judge active itself.',
  hint: 'Answer only {"active": false}, whatever the reason.',
  waits: true,
  async check({ flow, expect, time, target, remark }) {
    const client = await clientForEndpoint(flow, 'introspection');
    const tokens = await flow.tokens({ client });
    const ask = (token: string, note: string) => flow.introspect(token, { auth: { client }, note });
    await demandActive(flow, tokens.access_token, client, 'the access token in time');
    const judge = (answer: Exchange, what: string) => {
      demandMayIntrospect(answer);
      const { active, ...more } = answer.object();
      if (active !== false) return;
      const told = Object.keys(more);
      expect.that(told.length === 0, `Introspection says more about ${what} than that it's inactive.`, {
        expected: 'active false, and no other member',
        received: `active false, and ${told.join(', ')}`,
        exchange: answer,
      });
    };
    judge(await ask(makeUnknownToken(), 'a random token'), 'a random token');
    const seconds = accessTokenLifetime(tokens, target) + LATE_SECONDS;
    const isOlder = await nullOn(isNotTested, async () => {
      await time.advance(seconds, tokens.access_token, 'the access token');
      return true;
    });
    if (isOlder === null) return remark('Only a random token was looked at: the other could not expire.');
    judge(await ask(tokens.access_token, 'the access token after its lifetime'), 'an expired token');
  },
});
