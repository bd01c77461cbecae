/** Codes end. */
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { exchangeOrBlock } from '../steps/exchange.js';
import { LATE_SECONDS } from '../steps/lifetimes.js';

/** @returns the lifetime of codes in seconds, which no response states */
function codeLifetime({ target }: CheckContext): number {
  const lifetime = target.settings.lifetimes?.code;
  if (lifetime === undefined)
    throw new NotTested('The lifetime of codes is not known: add lifetimes.code to the target file.');
  return lifetime;
}

export const codeExpires = requirement({
  id: 'token-code-expires',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: 'An expired code is refused.',
  how:
    'Two codes. One, exchanged at once, gives tokens. The other is exchanged when the lifetime of the target file and ' +
    'five seconds have passed for it: 400 invalid_grant. A third, fresh code then gives tokens. How long the lifetime ' +
    'is, is not judged.',
  hint: 'Keep the time of issue with the code, and compare it when the code comes.',
  waits: true,
  async check(context) {
    const { flow, expect, time } = context;
    const lifetime = codeLifetime(context);
    const old = await flow.code({ note: 'a code that grows old' });
    await exchangeOrBlock(flow, await flow.code());
    await time.advance(lifetime + LATE_SECONDS, old.value, 'the code');
    expect.invalidGrant(await flow.exchangeCode(old, { note: 'after its lifetime' }), 'an expired code');
    await exchangeOrBlock(flow, await flow.code());
  },
});
