/** Whether what the server generates could be guessed. */
import type { Client, TokenSet } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownClientIfOpen, sharedClientIfAny } from '../steps/clients.js';
import { tokensWithRefreshIfAny } from '../steps/tokens.js';
import { estimate } from './entropy.js';

/** What the clause bounds: a chance of 2^-128. */
const DEMANDED_BITS = 128;
/** Below this no way of counting reaches the demand: what we see is an estimate of a few samples. */
const CERTAINLY_TOO_FEW_BITS = 96;

const FLOWS = 3;

const ACCESS_TOKENS = 'access tokens';

export const unguessable = requirement({
  id: 'token-unguessable',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '10.10')],
  needs: ['client', 'user'],
  statement: 'Nobody can guess codes, access tokens, refresh tokens or client secrets.',
  how:
    'Takes the codes, access tokens and refresh tokens of three grants in quick succession, and the ' +
    'secrets of three registered clients. Expects all of them to differ, and at least 96 bits by length ' +
    'and alphabet after leaving out the start and end that they share. The clause asks for 128 bits; this ' +
    'is an estimate, so values in between get a remark. Judges JWTs by their signature, or by their ' +
    'payload if they have none. Signed access tokens may be identical, because two tokens issued in the ' +
    'same second can have the same claims.',
  hint: 'Take the random part of every generated value from a cryptographic source, at least 16 bytes.',
  async check({ flow, expect, remark }) {
    const grants: TokenSet[] = [];
    while (grants.length < FLOWS) grants.push(await tokensWithRefreshIfAny(flow));
    const kinds: readonly [string, readonly (string | null)[]][] = [
      ['authorization codes', grants.map(({ code }) => code.value)],
      [ACCESS_TOKENS, grants.map(({ access_token }) => access_token)],
      ['refresh tokens', grants.map(({ refresh_token }) => refresh_token)],
      ['client secrets', await issuedSecrets(flow)],
    ];
    for (const [kind, found] of kinds) {
      const values = found.filter((value) => value !== null);
      if (values.length < FLOWS) {
        remark(`Not judged: ${kind}, since the server issued ${values.length}.`);
        continue;
      }
      const { bits, distinct, signed } = estimate(values);
      const mayRepeat = signed && kind === ACCESS_TOKENS;
      if (!distinct && mayRepeat) remark(`Two ${kind} are the same signed JWT.`);
      expect.that(distinct || mayRepeat, `Two ${kind} of different grants or clients are identical.`, {
        expected: 'distinct values',
        received: 'the same value twice',
        exchange: grants.at(-1)?.exchange,
      });
      expect.that(
        bits >= CERTAINLY_TOO_FEW_BITS,
        `The ${kind} can be guessed: too little of them is random.`,
        {
          expected: `at least ${DEMANDED_BITS} bits (judged from ${CERTAINLY_TOO_FEW_BITS} on)`,
          received: `about ${bits} bits`,
          exchange: grants.at(-1)?.exchange,
        },
      );
      if (bits < DEMANDED_BITS) remark(`The ${kind} seem to have about ${bits} random bits.`);
    }
  },
});

/** The secrets that registration issued; those of configured clients were chosen by somebody else. */
async function issuedSecrets(flow: Flow): Promise<readonly (string | null)[]> {
  const clients: readonly (Client | null)[] = [
    await sharedClientIfAny(flow, 'first'),
    await sharedClientIfAny(flow, 'second'),
    await ownClientIfOpen(flow),
  ];
  return clients.map((client) =>
    client === null || client.registration === null ? null : client.client_secret,
  );
}
