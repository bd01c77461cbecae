/** What the token endpoint demands of a code_verifier. */
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOptions, Pkce } from '../../fixtures/flow/types.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { confidentialClients, describeClient } from '../steps/clients.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import {
  codeForChallenge,
  GRANT_OR_REQUEST,
  makeVerifier,
  pkceClients,
  publicPkceClient,
  redeemControlCode,
} from './pkce-client.js';

export const verifierWrong = requirement({
  id: 'pkce-verifier-wrong',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7636, '4.6')],
  needs: ['public-client', 'user'],
  statement: 'A verifier that does not fit the challenge is refused.',
  how:
    'A code for an S256 challenge is redeemed with its verifier (200). Then, each on a fresh code: with another valid ' +
    'verifier, with the last character changed, with the letters in the other case, with the challenge itself as ' +
    'verifier, alone and with code_challenge_method=plain beside it, with another verifier and its challenge beside ' +
    'it, and with the verifier of another unused code of the same client. Expected of each: 400, invalid_grant, no ' +
    'tokens. A server may refuse the parameters that do not belong there as invalid_request.',
  hint: 'Compute the challenge from the verifier that was sent and compare it with the one stored with the code.',
  async check({ flow, expect, alter }) {
    const side = await publicPkceClient(flow);
    await redeemControlCode(flow, side);
    for (const { what, forge } of WRONG_VERIFIERS) {
      const [pair, other] = [flow.newPkce(), flow.newPkce()];
      const code = await codeForChallenge(flow, side, { pkce: pair });
      const params = forge({ pair, other, alter });
      const hasMore = Object.keys(params).length > 1;
      expect.refused(await flow.exchangeCode(code, { params, note: what }), {
        status: 400,
        error: hasMore ? GRANT_OR_REQUEST : 'invalid_grant',
        what: `an exchange with ${what}`,
      });
    }
    const [pair, other] = [flow.newPkce(), flow.newPkce()];
    const code = await codeForChallenge(flow, side, { pkce: pair });
    await codeForChallenge(flow, side, { pkce: other, note: 'a code for another challenge, left unused' });
    const what = 'the verifier of another code of the client';
    const params = { code_verifier: other.code_verifier };
    expect.invalidGrant(await flow.exchangeCode(code, { params, note: what }), `an exchange with ${what}`);
  },
});

interface PkcePairs {
  /** The one that the code is for. */
  readonly pair: Pkce;
  readonly other: Pkce;
  readonly alter: CheckContext['alter'];
}

/** What is sent in place of the verifier. A challenge isn't secret: whoever sees the authorization request knows it. */
const WRONG_VERIFIERS: readonly {
  readonly what: string;
  forge(pairs: PkcePairs): Readonly<Record<string, string>>;
}[] = [
  { what: 'another valid verifier', forge: ({ other }) => ({ code_verifier: other.code_verifier }) },
  {
    what: 'a verifier whose last character is changed',
    forge: ({ pair, alter }) => ({ code_verifier: alter(pair.code_verifier, 'last') }),
  },
  {
    what: 'a verifier with its letters in the other case',
    forge: ({ pair, alter }) => ({ code_verifier: alter(pair.code_verifier, 'case') }),
  },
  { what: 'the challenge itself as verifier', forge: ({ pair }) => ({ code_verifier: pair.code_challenge }) },
  {
    what: 'the challenge itself as verifier and code_challenge_method=plain',
    forge: ({ pair }) => ({ code_verifier: pair.code_challenge, code_challenge_method: 'plain' }),
  },
  {
    what: 'another verifier and the challenge that fits it',
    forge: ({ other: { code_verifier, code_challenge } }) => ({
      code_verifier,
      code_challenge,
      code_challenge_method: 'S256',
    }),
  },
];

export const verifierMissing = requirement({
  id: 'pkce-verifier-missing',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.1.1'), rfc(7636, '4.6')],
  needs: ['client', 'user'],
  statement: 'A code issued for a challenge is not redeemed without verifier.',
  how:
    'A code for an S256 challenge is redeemed with its verifier (200), by a public and by a confidential client. Then, each ' +
    'on a fresh code: without code_verifier, and with an empty one. Expected of each: 400, invalid_grant or ' +
    'invalid_request, no tokens. A server for which the verifier authenticates a public client may answer it with ' +
    'invalid_client instead (400 or 401). Codes of a request with prompt=none, of one by POST, of a client that was ' +
    'registered just now and is allowed on a page, and of one with the other authentication method, give no tokens without code_verifier either, and none after an exchange with a wrong one.',
  hint: 'Decide by the challenge that is stored with the code, not by whether a verifier was sent.',
  async check({ flow, expect, remark }) {
    for (const side of await pkceClients(flow)) {
      await redeemControlCode(flow, side);
      for (const [verifier, how] of [
        [null, 'without code_verifier'],
        ['', 'with an empty code_verifier'],
      ] as const) {
        const what = `an exchange of ${side.kind} ${how}`;
        const code = await codeForChallenge(flow, side);
        const exchange = await flow.exchangeCode(code, { params: { code_verifier: verifier }, note: what });
        // Without an error code, the form of the refusal is what is wrong: token-error-format judges it.
        const isUnauthenticated =
          side.isPublic && [null, 'invalid_client'].includes(exchange.string('error'));
        expect.refused(exchange, {
          status: isUnauthenticated ? [400, 401] : 400,
          error: side.isPublic ? [...GRANT_OR_REQUEST, 'invalid_client'] : GRANT_OR_REQUEST,
          what,
        });
        remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
      }
    }
    await judgeOtherWays({ flow, expect });
  },
});

const WITHOUT = { code_verifier: null } as const;

/** The challenge is kept with the code, whichever way the code came, and whatever was tried with it before. */
async function judgeOtherWays({ flow, expect }: Pick<CheckContext, 'flow' | 'expect'>): Promise<void> {
  const own = await nullOn(isUnavailable, () => flow.newClient());
  const ways: readonly (readonly [string, AuthorizationOptions])[] = [
    ['of a request with prompt=none', { params: { prompt: 'none' }, decide: 'stop' }],
    ['of a request by POST', { method: 'POST' }],
    ...(own === null ? [] : [['of a client that was allowed on a page', { client: own }] as const]),
  ];
  for (const [which, options] of ways) {
    const code = readCode(await flow.authorize({ ...options, note: `a code ${which}` }));
    if (code === null) continue;
    const what = `An exchange of a code ${which} without code_verifier`;
    expect.noTokens(await flow.exchangeCode(code, { params: WITHOUT, note: what }), what);
  }
  const { client_id } = await flow.client();
  for (const client of await confidentialClients(flow)) {
    if (client.client_id === client_id) continue;
    const code = await flow.code({ client, note: `a code of ${describeClient(client)}` });
    const what = `An exchange of ${describeClient(client)} without code_verifier`;
    expect.noTokens(await flow.exchangeCode(code, { params: WITHOUT, note: what }), what);
  }
  const code = await flow.code({ note: 'a code for two exchanges' });
  const { code_verifier } = flow.newPkce();
  await flow.exchangeCode(code, { params: { code_verifier }, note: 'with another verifier' });
  const what = 'An exchange without code_verifier, after one with a wrong verifier,';
  expect.noTokens(await flow.exchangeCode(code, { params: WITHOUT, note: what }), what);
}

export const verifierSyntax = requirement({
  id: 'pkce-verifier-syntax',
  // The syntax binds the client; that the server looks at it is inferred.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(7636, '4.1')],
  needs: ['public-client', 'user'],
  statement: 'A verifier outside the defined syntax is refused.',
  how:
    'A code for an S256 challenge of a verifier of 43 characters is redeemed (200). Then the same with a verifier of 10 ' +
    'characters, one of 129, one of 43 with an exclamation mark in it, and one with a space behind it, whose challenge fits it ' +
    'without the space; the others fit their challenges. Expected of ' +
    'each: 400, invalid_grant or invalid_request, no tokens.',
  hint: 'Accept 43 to 128 letters, digits and - . _ ~ in a verifier: a shorter one can be guessed from its challenge.',
  async check({ flow, expect, remark }) {
    const side = await publicPkceClient(flow);
    await redeemControlCode(flow, side);
    const cases = [
      { what: 'of 10 characters', verifier: makeVerifier(10) },
      { what: 'of 129 characters', verifier: makeVerifier(129) },
      { what: 'with an exclamation mark', verifier: `${makeVerifier(21)}!${makeVerifier(21)}` },
      { what: 'with a space behind it', verifier: makeVerifier(43), sent: ' ' },
    ];
    const accepted: string[] = [];
    for (const { what, verifier, sent = '' } of cases) {
      const code = await codeForChallenge(flow, side, { pkce: flow.newPkce(verifier) });
      const params = { code_verifier: `${verifier}${sent}` };
      const exchange = await flow.exchangeCode(code, { params, note: `a verifier ${what}` });
      if (hasTokens(exchange)) accepted.push(what);
      else {
        expect.refused(exchange, { status: 400, error: GRANT_OR_REQUEST, what: `a code_verifier ${what}` });
        remark(`The answer to a verifier ${what}: ${describeExchange(exchange)}.`);
      }
    }
    expect.that(
      accepted.length === 0,
      `These code_verifiers were accepted: one ${accepted.join(', one ')}.`,
      { expected: '43 to 128 characters of letters, digits and - . _ ~', received: '200 with tokens' },
    );
  },
});
