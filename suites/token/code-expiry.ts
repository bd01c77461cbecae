/** Codes end. */
import type { Client } from '../../fixtures/flow/types.js';
import { NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { publicClientIfOffered } from '../steps/clients.js';
import { exchangeOrBlock } from '../steps/exchange.js';
import { LATE_SECONDS } from '../steps/lifetimes.js';
import { isUnavailable, nullOn } from '../steps/signals.js';

/** @returns the lifetime of codes in seconds, which no response states */
function codeLifetime({ target }: CheckContext): number {
  const lifetime = target.settings.lifetimes?.code;
  if (lifetime === undefined)
    throw new NotTested('The lifetime of codes is not known: add lifetimes.code to the target file.');
  return lifetime;
}

/** @returns the public client if its exchanges work, which token-exchange judges; null otherwise */
async function exchangingPublicClient(context: CheckContext): Promise<Client | null> {
  const client = await publicClientIfOffered(context);
  if (client === null) return null;
  const { flow } = context;
  const control = await nullOn(isUnavailable, async () => exchangeOrBlock(flow, await flow.code({ client })));
  return control === null ? null : client;
}

export const codeExpires = requirement({
  id: 'token-code-expires',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), rfc(6749, '5.2')],
  needs: ['client', 'user'],
  statement: 'An expired code is refused.',
  how:
    "Gets two codes and exchanges one at once (200). Exchanges the other when the target file's lifetime " +
    'and five more seconds have passed for it. Expects 400 and invalid_grant; a fresh code still gives ' +
    'tokens. The same for a code of a public client, if there is one.',
  hint: 'Store the time of issue with the code, and compare it when the code comes.',
  waits: true,
  async check(context) {
    const { flow, expect, time } = context;
    const lifetime = codeLifetime(context);
    const open = await exchangingPublicClient(context);
    const old = await flow.code({ note: 'a code that grows old' });
    const others =
      open === null
        ? []
        : [await flow.code({ client: open, note: 'one of a public client, which does too' })];
    await exchangeOrBlock(flow, await flow.code());
    const values = [old, ...others].map(({ value }) => value);
    await time.advance(lifetime + LATE_SECONDS, values, 'the code');
    expect.invalidGrant(await flow.exchangeCode(old, { note: 'after its lifetime' }), 'an expired code');
    await exchangeOrBlock(flow, await flow.code());
    for (const code of others)
      expect.invalidGrant(await flow.exchangeCode(code), 'an expired code of a public client');
  },
});
