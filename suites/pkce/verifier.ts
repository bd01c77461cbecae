/** What the token endpoint demands of a code_verifier. */

import type { Pkce } from '../../fixtures/flow/types.js';
import { hasTokens, whatCame } from '../../fixtures/judgement/describe.js';
import { requirement } from '../requirement.js';
import { rfc } from '../sources.js';
import { codeFor, GRANT_OR_REQUEST, publicSide, redeemedTwin, verifierOf } from './steps.js';

export const verifierWrong = requirement({
  id: 'pkce-verifier-wrong',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(7636, '4.6')],
  needs: ['public-client', 'person'],
  statement: 'A verifier that does not fit the challenge is refused.',
  how:
    'A code for an S256 challenge is redeemed with its verifier (200). Then, each on a fresh code: with another valid ' +
    'verifier, with the last character changed, with the letters in the other case, and with the challenge itself ' +
    'as verifier. Expected of each: 400, invalid_grant, no tokens.',
  next: 'Compute the challenge from the verifier that was sent and compare it with the one stored with the code.',
  async check({ flow, expect, alter }) {
    const side = await publicSide(flow);
    await redeemedTwin(flow, side);
    const wrong: readonly { readonly what: string; verifier(pair: Pkce): string }[] = [
      { what: 'another valid verifier', verifier: () => flow.pkce().code_verifier },
      {
        what: 'a verifier whose last character is changed',
        verifier: (pair) => alter(pair.code_verifier, 'last'),
      },
      {
        what: 'a verifier with its letters in the other case',
        verifier: (pair) => alter(pair.code_verifier, 'case'),
      },
      { what: 'the challenge itself as verifier', verifier: (pair) => pair.code_challenge },
    ];
    for (const { what, verifier } of wrong) {
      const pair = flow.pkce();
      const code = await codeFor(flow, side, { pkce: pair });
      const exchange = await flow.redeem(code, { params: { code_verifier: verifier(pair) }, note: what });
      expect.invalidGrant(exchange, `an exchange with ${what}`);
    }
  },
});

export const verifierMissing = requirement({
  id: 'pkce-verifier-missing',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(9700, '2.1.1'), rfc(7636, '4.6')],
  needs: ['public-client', 'person'],
  statement: 'A code issued for a challenge is not redeemed without verifier.',
  how:
    'A code for an S256 challenge is redeemed with its verifier (200). Then, each on a fresh code: without ' +
    'code_verifier, and with an empty one. Expected of each: 400, invalid_grant or invalid_request, no tokens.',
  next: 'Decide by the challenge that is stored with the code, not by whether a verifier was sent.',
  async check({ flow, expect, remark }) {
    const side = await publicSide(flow);
    await redeemedTwin(flow, side);
    for (const { verifier, what } of [
      { verifier: null, what: 'without code_verifier' },
      { verifier: '', what: 'with an empty code_verifier' },
    ]) {
      const code = await codeFor(flow, side);
      const exchange = await flow.redeem(code, { params: { code_verifier: verifier }, note: what });
      expect.refused(exchange, { status: 400, error: GRANT_OR_REQUEST, what: `an exchange ${what}` });
      remark(`The answer to an exchange ${what}: ${whatCame(exchange)}.`);
    }
  },
});

export const verifierSyntax = requirement({
  id: 'pkce-verifier-syntax',
  // The syntax binds the client; that the server looks at it is inferred.
  level: 'SHOULD',
  profile: 'oidc',
  source: [rfc(7636, '4.1')],
  needs: ['public-client', 'person'],
  statement: 'A verifier outside the defined syntax is refused.',
  how:
    'A code for an S256 challenge of a verifier of 43 characters is redeemed (200). Then the same with a verifier of 10 ' +
    'characters, one of 129, and one of 43 with an exclamation mark in it; each fits its challenge. Expected of ' +
    'each: 400, invalid_grant or invalid_request, no tokens.',
  next: 'Accept 43 to 128 letters, digits and - . _ ~ in a verifier: a shorter one can be guessed from its challenge.',
  async check({ flow, expect, remark }) {
    const side = await publicSide(flow);
    await redeemedTwin(flow, side);
    const cases = [
      { what: 'of 10 characters', verifier: verifierOf(10) },
      { what: 'of 129 characters', verifier: verifierOf(129) },
      { what: 'with an exclamation mark', verifier: `${verifierOf(21)}!${verifierOf(21)}` },
    ];
    const accepted: string[] = [];
    for (const { what, verifier } of cases) {
      const code = await codeFor(flow, side, { pkce: flow.pkce(verifier) });
      const exchange = await flow.redeem(code, { note: `a verifier ${what}` });
      if (hasTokens(exchange)) accepted.push(what);
      else {
        expect.refused(exchange, { status: 400, error: GRANT_OR_REQUEST, what: `a code_verifier ${what}` });
        remark(`The answer to a verifier ${what}: ${whatCame(exchange)}.`);
      }
    }
    expect.that(
      accepted.length === 0,
      `These code_verifiers were accepted: one ${accepted.join(', one ')}.`,
      { expected: '43 to 128 characters of letters, digits and - . _ ~', received: '200 with tokens' },
    );
  },
});
