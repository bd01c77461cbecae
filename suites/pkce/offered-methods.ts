/** What a code_challenge must look like, and that the methods that are listed work. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import type { Client, Pkce } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isNotTested, nullOn } from '../steps/signals.js';
import { confidentialPkceClient, makeVerifier, publicPkceClient, redeemControlCode } from './pkce-client.js';

export const challengeSyntax = requirement({
  id: 'pkce-challenge-syntax',
  level: 'SHOULD',
  levelReason: 'The syntax binds the client. That the server checks it is inferred, as for the verifier.',
  profile: 'oauth',
  clauses: [rfc(7636, '4.2'), rfc(7636, '4.4.1')],
  needs: ['public-client', 'user'],
  statement: 'A code_challenge with the wrong syntax gets no tokens.',
  how:
    'Exchanges a code for an S256 challenge (200). Then sends a challenge of 42 characters, one of 129, ' +
    "one padded with =, and one with + and / instead of - and _. Expects an error, or a code that can't be " +
    'exchanged with the original verifier.',
  hint:
    'Accept 43 to 128 letters, digits and - . _ ~ in a code_challenge, and answer anything else with ' +
    'invalid_request.',
  async check({ flow, expect, remark }) {
    const side = await publicPkceClient(flow);
    await redeemControlCode(flow, side);
    for (const [what, change] of [
      ['of 42 characters', (challenge: string) => challenge.slice(0, 42)],
      ['of 129 characters', (challenge: string) => challenge.repeat(3)],
      ['that is padded', (challenge: string) => `${challenge}=`],
      [
        'in the alphabet of plain Base64',
        (challenge: string) => `${challenge.slice(0, -2).replaceAll('-', '+').replaceAll('_', '/')}+/`,
      ],
    ] as const) {
      const pair = flow.newPkce();
      const pkce: Pkce = { ...pair, code_challenge: change(pair.code_challenge) };
      const request = `a request with a code_challenge ${what}`;
      const answer = await flow.authorize({ client: side.client, pkce, note: request });
      const code = readCode(answer);
      if (code === null) {
        expect.authorizationRefused(answer, request);
        continue;
      }
      const exchange = await flow.exchangeCode(code, { note: `the verifier of that challenge` });
      expect.noTokens(exchange, `the exchange after ${request}`);
      remark(`A code_challenge ${what} was accepted, but its code did not work.`);
    }
  },
});

export const plainOffered = requirement({
  id: 'pkce-plain-offered',
  level: 'MUST',
  levelReason:
    '"List of PKCE code challenge methods supported": listing a method and refusing it turns clients away.',
  profile: 'oauth',
  clauses: [rfc(8414, '2'), rfc(7636, '4.6')],
  needs: ['public-client', 'user'],
  statement: "The challenge method plain works if it's listed.",
  how:
    'Exchanges a code for an S256 challenge (200), then codes for a plain challenge, with ' +
    'code_challenge_method=plain and with no method. Expects 200, and invalid_grant for another verifier. ' +
    'If plain is refused to a public client, tries a confidential one. Not applicable if ' +
    "code_challenge_methods_supported doesn't list plain.",
  hint: 'List only S256, or accept what the document lists.',
  async check({ flow, expect, remark }) {
    if (flow.supportedValues('code_challenge_methods_supported')?.includes('plain') !== true)
      throw new NotApplicable('code_challenge_methods_supported does not list plain.');
    const side = await clientForPlain(flow, remark);
    for (const method of ['plain', null] as const) {
      const what = method === null ? 'a challenge without a method' : 'a plain challenge';
      const pkce = makePlainPair(method);
      const ask = async (note: string) => {
        const answer = await flow.authorize({ client: side.client, pkce, note });
        const code = readCode(answer);
        expect.that(code !== null, `A request with ${what} was refused, though plain is listed.`, {
          expected: 'a code',
          received: describeOutcome(answer),
          exchange: answer,
        });
        return code;
      };
      const code = await ask(what);
      if (code === null) return;
      const exchange = await flow.exchangeCode(code, { note: 'the verifier, which is the challenge' });
      expect.issuedTokens(exchange, `The code for ${what} could not be exchanged with its verifier.`);
      const other = await ask(`${what}, for another verifier`);
      if (other === null) return;
      expect.invalidGrant(
        await flow.exchangeCode(other, {
          params: { code_verifier: flow.newPkce().code_verifier },
          note: 'another verifier',
        }),
        `another verifier for ${what}`,
      );
    }
  },
});

function makePlainPair(method: 'plain' | null): Pkce {
  const verifier = makeVerifier(43);
  return { code_verifier: verifier, code_challenge: verifier, code_challenge_method: method };
}

/** @returns a public client or, where that one is refused plain, a confidential one that isn't */
async function clientForPlain(
  flow: Flow,
  remark: (text: string) => void,
): Promise<{ readonly client: Client }> {
  const side = await publicPkceClient(flow);
  await redeemControlCode(flow, side);
  const other = await nullOn(isNotTested, () => confidentialPkceClient(flow));
  if (other === null) return side;
  const isRefused = async (client: Client) => {
    const note = 'which client may use plain';
    return readCode(await flow.authorize({ client, pkce: makePlainPair('plain'), note })) === null;
  };
  if (!(await isRefused(side.client)) || (await isRefused(other.client))) return side;
  remark('plain is refused to the public client and open to the confidential one.');
  return other;
}
