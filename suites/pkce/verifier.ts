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
  statement: "A verifier that doesn't match the challenge is refused.",
  how:
    'Exchanges a code for an S256 challenge with its verifier (200). Then, each on a fresh code: another ' +
    'valid verifier, the verifier with its last character changed, with its letters in the other case, the ' +
    'challenge itself, alone and with code_challenge_method=plain, another verifier with its challenge, ' +
    'and the verifier of another unused code. Expects 400, invalid_grant and no tokens. A server may ' +
    "refuse parameters that don't belong there as invalid_request.",
  hint:
    'Compute the challenge from the verifier that was sent, and compare it with the one stored with the ' +
    'code.',
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

/** What is sent in place of the verifier. A challenge isn't secret: anyone who sees the authorization request knows it. */
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
  statement: "A code issued for a challenge can't be exchanged without a verifier.",
  how:
    'A public and a confidential client exchange a code for an S256 challenge with its verifier (200). ' +
    'Then send no code_verifier, and an empty one. Expects 400, invalid_grant or invalid_request, and no ' +
    'tokens. For a public client, a server may answer invalid_client (400 or 401).' +
    ' Expects no tokens either for codes of a request with prompt=none, of a request by POST, of a client that was just registered, and of a client of the other authentication method, for an organization, or after an exchange with a wrong verifier.',
  hint: 'Decide by the challenge stored with the code, not by whether a verifier was sent.',
  async check({ flow, expect, remark, target }) {
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
    await judgeOtherWays({ flow, expect, target });
  },
});

const WITHOUT = { code_verifier: null } as const;

/** The challenge is kept with the code, whichever way the code came, and whatever was tried with it before. */
async function judgeOtherWays({
  flow,
  expect,
  target,
}: Pick<CheckContext, 'flow' | 'expect' | 'target'>): Promise<void> {
  const organization = target.settings.users?.first?.organizations?.[0]?.name;
  const own = await nullOn(isUnavailable, () => flow.newClient());
  const ways: readonly (readonly [string, AuthorizationOptions])[] = [
    ['of a request with prompt=none', { params: { prompt: 'none' }, decide: 'stop' }],
    ['of a request by POST', { method: 'POST' }],
    ...(organization === undefined
      ? []
      : [['for an organization', { organization, params: { sub_type: 'organization' } }] as const]),
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
  level: 'SHOULD',
  levelReason: 'The syntax binds the client. That the server checks it is inferred.',
  profile: 'oauth',
  clauses: [rfc(7636, '4.1')],
  needs: ['public-client', 'user'],
  statement: 'A verifier with the wrong syntax is refused.',
  how:
    'Exchanges a code with a verifier of 43 characters (200). Then tries a verifier of 10 characters, one ' +
    'of 129, and one of 43 with an exclamation mark, each with a matching challenge. Expects 400, ' +
    'invalid_grant or invalid_request, and no tokens.' +
    ' Also sends a verifier with a space after it.',
  hint:
    'Accept 43 to 128 letters, digits and - . _ ~ in a verifier: a shorter one can be guessed from its ' +
    'challenge.',
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
