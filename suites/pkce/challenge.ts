/** What the authorization endpoint demands of a code_challenge and its method. */
import { capitalize, describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOptions, Client, Pkce } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import {
  comparedPkceClients,
  GRANT_OR_REQUEST,
  makeVerifier,
  pkceClients,
  publicPkceClient,
  redeemControlCode,
} from './pkce-client.js';

export const publicRequired = requirement({
  id: 'pkce-public-required',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Public Clients'), rfc(9700, '2.1.1'), rfc(7636, '4.4.1')],
  needs: ['public-client', 'user'],
  statement: 'A public client gets no tokens without PKCE.',
  how:
    'A public client exchanges a code for an S256 challenge (200). Then sends no code_challenge, and an ' +
    'empty one. Expects invalid_request at the redirect URI, an error page, or a code whose exchange with ' +
    'no code_verifier gets 400 or 401. Never tokens.',
  hint: 'Require code_challenge of every client whose token_endpoint_auth_method is none.',
  async check({ flow, expect, remark }) {
    const side = await publicPkceClient(flow);
    await redeemControlCode(flow, side);
    const empty: Pkce = { ...flow.newPkce(), code_challenge: '' };
    for (const [pkce, how] of [
      [null, 'without code_challenge'],
      [empty, 'with an empty code_challenge'],
    ] as const) {
      const what = `a public client's request ${how}`;
      const answer = await flow.authorize({ client: side.client, pkce, note: what });
      const code = readCode(answer);
      if (code === null) {
        expect.authorizationRefused(answer, what, ['invalid_request']);
        remark(`${capitalize(what)} was refused.`);
        continue;
      }
      const exchange = await flow.exchangeCode(code, {
        params: { code_verifier: null },
        note: 'no code_verifier',
      });
      // The documentation demands PKCE and names no error; what differs from the valid exchange is PKCE alone.
      expect.refused(exchange, {
        status: [400, 401],
        error: [...GRANT_OR_REQUEST, 'invalid_client', 'unauthorized_client'],
        what: "a public client's exchange without PKCE",
      });
      remark(`A code came, and its exchange was refused: ${describeExchange(exchange)}.`);
    }
  },
});

export const downgrade = requirement({
  id: 'pkce-downgrade',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.1.1'), rfc(9700, '4.8.2')],
  needs: ['client', 'user'],
  statement: 'A verifier for a code with no challenge is refused.',
  how:
    'A confidential and a public client get a code with no code_challenge and exchange it with no verifier ' +
    '(200). Then exchange another such code with a code_verifier. Expects 400, invalid_grant or ' +
    'invalid_request, and no tokens. Not applicable if no client gets a code without a challenge.',
  hint: 'Refuse a code_verifier if no challenge is stored with the code: someone has removed the challenge.',
  async check({ flow, expect, remark }) {
    const reasons: string[] = [];
    const sides = await pkceClients(flow);
    for (const side of sides) {
      await redeemControlCode(flow, side);
      const unprotected = { client: side.client, pkce: null };
      const reason = await findReasonForPkce(flow, unprotected);
      if (reason !== null) {
        reasons.push(`${capitalize(side.kind)}: ${reason}`);
        continue;
      }
      const code = await flow.code({ ...unprotected, note: 'no code_challenge, again' });
      const exchange = await flow.exchangeCode(code, {
        params: { code_verifier: flow.newPkce().code_verifier },
        note: 'a code_verifier for a code without challenge',
      });
      const isUnauthenticated = side.isPublic && exchange.string('error') === 'invalid_client';
      expect.refused(exchange, {
        status: isUnauthenticated ? [400, 401] : 400,
        error: isUnauthenticated ? 'invalid_client' : GRANT_OR_REQUEST,
        what: `a code_verifier from ${side.kind} for a code that was issued without a challenge`,
      });
      remark(`The answer to ${side.kind}: ${describeExchange(exchange)}.`);
    }
    if (reasons.length === sides.length) throw new NotApplicable(reasons.join(' '));
  },
});

/** @returns why this client gets no tokens without PKCE, or null if it gets some */
async function findReasonForPkce(
  flow: Flow,
  options: AuthorizationOptions & { readonly client: Client; readonly pkce: null },
): Promise<string | null> {
  const answer = await flow.authorize({ ...options, note: 'no code_challenge' });
  const code = readCode(answer);
  if (code === null) return 'the server refuses authorization requests without code_challenge.';
  const control = await flow.exchangeCode(code, { note: 'the control request: no code_verifier' });
  if (hasTokens(control)) return null;
  return `the server exchanges no code that was issued without a challenge (${describeExchange(control)}).`;
}

export const methodUnsupported = requirement({
  id: 'pkce-method-unsupported',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7636, '4.4.1')],
  needs: ['client', 'user'],
  statement: 'An unsupported challenge method is an invalid request.',
  how:
    'A public and a confidential client exchange a code for an S256 challenge with its verifier, and fail ' +
    'with another. Then send code_challenge_method=S512 and, if code_challenge_methods_supported is there ' +
    'and leaves out plain, plain with the verifier as challenge. Expects invalid_request at the redirect ' +
    'URI, or an error page, and no code. For code_challenge_method=s256, expects the same, or a code that ' +
    'works like one for S256.',
  hint: 'Compare code_challenge_method with the methods that you implement, in their exact spelling.',
  async check({ flow, expect, remark }) {
    const listed = flow.supportedValues('code_challenge_methods_supported');
    const pairs: Pkce[] = [{ ...flow.newPkce(), code_challenge_method: 'S512' }];
    if (listed !== undefined && !listed.includes('plain'))
      pairs.push(plainPair(flow.newPkce(makeVerifier(43))));
    else remark('plain was not tried: the server lists it, or lists no methods.');
    for (const side of await comparedPkceClients(flow)) {
      for (const pkce of pairs) {
        const what = `a request of ${side.kind} with code_challenge_method=${pkce.code_challenge_method}`;
        const answer = await flow.authorize({ client: side.client, pkce, note: what });
        expect.authorizationRefused(answer, what, ['invalid_request']);
        const place = answer.kind === 'redirected' ? 'an error at the redirect URI' : 'a page';
        remark(`The answer to ${what}: ${place}.`);
      }
      await judgeLowerCase({ flow, expect, remark }, side);
    }
  },
});

/** Methods are case-sensitive (RFC 6749 section 1.9). A server may know s256, too, but only as what it looks like. */
async function judgeLowerCase(
  { flow, expect, remark }: Pick<CheckContext, 'flow' | 'expect' | 'remark'>,
  { client, kind }: { readonly client: Client; readonly kind: string },
): Promise<void> {
  const what = `a request of ${kind} with code_challenge_method=s256`;
  const ask = () =>
    flow.authorize({ client, pkce: { ...flow.newPkce(), code_challenge_method: 's256' }, note: what });
  const first = await ask();
  const code = readCode(first);
  if (code === null) return expect.authorizationRefused(first, what, ['invalid_request']);
  const exchange = await flow.exchangeCode(code, { note: 'its verifier, by S256' });
  expect.issuedTokens(exchange, `The code for ${what} does not work like one for S256.`);
  const second = readCode(await ask());
  if (second === null) return;
  const params = { code_verifier: second.request.params.get('code_challenge') };
  const plain = await flow.exchangeCode(second, { params, note: 'the challenge itself as verifier' });
  expect.noTokens(plain, `the challenge itself as verifier, after ${what}`);
  remark(`The answer to ${what}: a code, as for S256.`);
}

export const methodDefault = requirement({
  id: 'pkce-method-default',
  level: 'MUST',
  levelReason: 'No keyword: section 4.3 defines plain as the default.',
  profile: 'oauth',
  clauses: [rfc(7636, '4.3'), rfc(7636, '4.4.1')],
  needs: ['client', 'user'],
  statement: 'A challenge with no method means plain.',
  how:
    'A public and a confidential client exchange a code for an S256 challenge with its verifier, and fail ' +
    'with another. Then send no code_challenge_method, and an empty one. Expects invalid_request at the ' +
    "redirect URI or an error page (plain isn't offered), or a code that this verifier doesn't work for.",
  hint: "Treat a missing code_challenge_method as plain, and refuse it if you don't support plain.",
  async check({ flow, expect, remark }) {
    for (const side of await comparedPkceClients(flow)) {
      for (const [code_challenge_method, how] of [
        [null, 'without code_challenge_method'],
        ['', 'with an empty code_challenge_method'],
      ] as const) {
        const what = `a request of ${side.kind} ${how}`;
        const pkce: Pkce = { ...flow.newPkce(), code_challenge_method };
        const answer = await flow.authorize({ client: side.client, pkce, note: what });
        const code = readCode(answer);
        if (code === null) {
          expect.authorizationRefused(answer, what, ['invalid_request']);
          remark(`${capitalize(what)} was refused, so plain is not offered.`);
          continue;
        }
        const exchange = await flow.exchangeCode(code, { note: 'the verifier that would fit by S256' });
        // By which error a verifier is refused is judged by pkce-verifier-wrong and pkce-confidential.
        expect.noTokens(exchange, `the verifier of an S256 challenge that was sent ${how}`);
        remark(`${capitalize(what)} gave a code that this verifier does not work for.`);
      }
    }
  },
});

/** By the method plain the challenge is the verifier itself (RFC 7636 section 4.2). */
function plainPair({ code_verifier }: Pkce): Pkce {
  return { code_verifier, code_challenge: code_verifier, code_challenge_method: 'plain' };
}
