/** id_token_hint of the user who is signed in: the answer is the one that a request without it gets. */

import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { requirement } from '../requirement.js';
import { withIdTokenHint } from './reauthentication.js';

export const idTokenHintOwn = requirement({
  id: 'authz-id-token-hint-own',
  // The clause states it without a keyword: "then the Authorization Server returns a positive response". Silent renewal
  // rests on it.
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.2')],
  needs: ['user', 'client'],
  statement: 'A request whose id_token_hint names the user who is signed in is answered.',
  how:
    'A signed-in user allows a client and gets an ID Token; prompt=none without a hint gives a code (if not, the server ' +
    'never answers silently: not tested). prompt=none with that ID Token as id_token_hint gives a code too, and so does a ' +
    'request with the hint and without prompt. Hints that are too long for a query are sent by POST.',
  hint: 'Accept an ID Token of the server’s own as a hint, whatever its expiry and whichever client got it.',
  async check({ flow, expect }) {
    const { compact } = flow.decodeIdToken(await flow.tokens({ note: 'the user allows' }));
    const silent = { params: { prompt: 'none' }, decide: 'stop' } as const;
    const control = await flow.authorize({ ...silent, note: 'the control: prompt=none without a hint' });
    if (findCodeInQuery(control) === null) {
      throw new NotTested(`Without a hint prompt=none ended at ${describeOutcome(control)}.`);
    }
    expect.issuedCode(
      await flow.authorize(withIdTokenHint(compact, 'prompt=none with the user’s own ID Token')),
      'A request with prompt=none and the user’s own ID Token as hint was refused.',
      'a code, as without the hint',
    );
    expect.issuedCode(
      await flow.authorize(withIdTokenHint(compact, 'the user’s own ID Token, without prompt', null)),
      'A request with the user’s own ID Token as hint was refused.',
      'a code, as without the hint',
    );
  },
});
