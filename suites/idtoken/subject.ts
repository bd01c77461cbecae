/** About whom the ID Token speaks: the same person under the same name each time, and nobody else under it. */

import { codeOf } from '../../fixtures/flow/answer.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type { Flow } from '../../fixtures/flow/types.js';
import { quote, whereItEnded } from '../../fixtures/judgement/describe.js';
import { NotTested } from '../../fixtures/verdict.js';
import { onwards } from '../authz/onwards.js';
import { type CheckContext, requirement } from '../requirement.js';
import { oidcCore } from '../sources.js';

const LONGEST_SUB = 255;

export const sub = requirement({
  id: 'idtoken-sub',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('2')],
  needs: ['client', 'person'],
  statement: 'sub is a stable ASCII identifier of at most 255 characters.',
  how:
    'sub is a string of 1 to 255 ASCII characters, the same in two sign-ins of one person at one client (in two grants ' +
    'of one session where no password is known). Where a second person is configured, that person’s sub differs.',
  next: 'Take sub from an identifier of the account that never changes and is never given to somebody else.',
  async check(context) {
    const { flow, expect, remark } = context;
    const first = await subOf(flow);
    const isAscii = typeof first === 'string' && /^[\0-\x7f]+$/.test(first);
    expect.that(isAscii && first.length <= LONGEST_SUB, 'sub is no ASCII string of at most 255 characters.', {
      expected: 'a string of 1 to 255 ASCII characters',
      received: quote(first),
    });
    const again = (await subOfNewSignIn(context)) ?? (await subOf(flow));
    expect.same(again, first, 'sub changes from one sign-in of a person to the next.');
    if (!flow.hasPerson('second')) {
      remark('No second person is configured, so only the stability of sub was looked at.');
      return;
    }
    const other = flow.idToken(await flow.tokens({ as: 'second' })).claims.sub;
    expect.that(other !== first, 'Two people have the same sub.', {
      expected: 'different values',
      received: `${quote(other)} for both`,
    });
  },
});

async function subOf(flow: Flow): Promise<unknown> {
  return flow.idToken(await flow.tokens()).claims.sub;
}

/** The sub after signing in anew in a browser without cookies; null, with a remark, where that cannot be done. */
async function subOfNewSignIn({ flow, people, remark }: CheckContext): Promise<unknown> {
  const inOneSession = (why: string) => {
    remark(`Both grants came from one session, as the person could not sign in anew: ${why}`);
    return null;
  };
  try {
    people.credentials('first');
    const visit = await people.visit('nobody');
    const answer = await onwards(visit, await visit.open({ note: 'signing in anew' }));
    const code = codeOf(answer);
    if (code === null) return inOneSession(`it ended at ${whereItEnded(answer)}.`);
    const tokens = readTokens(code, await flow.redeem(code));
    return flow.idToken(tokens).claims.sub ?? 'no sub';
  } catch (signal) {
    if (signal instanceof NotTested) return inOneSession(signal.message);
    throw signal;
  }
}
