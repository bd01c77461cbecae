/** Requests for a resource that doesn't exist, or isn't a URI: refused with invalid_target (RFC 8707 section 2). */
import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange, describeOutcome, hasTokens } from '../../fixtures/expect/describe.js';
import { readCode, readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { refreshedTokens, tokensWithRefreshIfAny } from '../steps/tokens.js';
import { resourceIdentifier } from './protected-resource.js';
import { requestFor, tokensFor } from './resource-tokens.js';

/** The clause says "should" in small letters; a server that ignores the parameter gives a token for whatever it likes. */
const LEVEL = 'SHOULD';

const REFUSAL = 'the error invalid_target, at the authorization or the token endpoint';

const unknownResource = (): string => `https://resource.example/${randomBytes(6).toString('hex')}`;

export const unknown = requirement({
  id: 'agents-resource-unknown',
  level: LEVEL,
  profile: 'agents',
  clauses: [rfc(8707, '2'), rfc(8707, '2.1'), rfc(9700, '4.10.2')],
  needs: ['user', 'client', 'protected-endpoint'],
  statement: 'A request for an unknown resource is refused with invalid_target.',
  how:
    "A request for the API's resource gets tokens. Then sends a URL that's no resource. Expects " +
    'invalid_target, at the authorization endpoint or when the code is exchanged with the same resource.',
  hint: "Refuse a resource that you can't issue a token for, before you ask the user.",
  async check(context) {
    await tokensFor(context.flow, [await resourceIdentifier(context.flow)]);
    await expectInvalidTarget(context, unknownResource(), 'a request for an unknown resource');
  },
});

export const malformed = requirement({
  id: 'agents-resource-malformed',
  level: LEVEL,
  profile: 'agents',
  clauses: [rfc(8707, '2')],
  needs: ['user', 'client', 'protected-endpoint'],
  statement: "A resource that isn't an absolute URI, or has a fragment, is refused with invalid_target.",
  how:
    "A request for the API's resource gets tokens. Then sends a path alone, a text that isn't a URI, and " +
    'the identifier with a fragment. Expects invalid_target, at the authorization endpoint or when the ' +
    'code is exchanged with the same resource.',
  hint: 'Check that resource is an absolute URI with no fragment before you compare it.',
  async check(context) {
    const resource = await resourceIdentifier(context.flow);
    await tokensFor(context.flow, [resource]);
    const attempts = [
      { value: `${resource}#part`, what: 'a resource with a fragment' },
      { value: '/a/path', what: 'a resource that is a path' },
      { value: 'not a uri', what: "a resource that isn't a URI" },
    ];
    for (const { value, what } of attempts) await expectInvalidTarget(context, value, what);
  },
});

/** Refused at one of the two endpoints, wherever the server looks. */
async function expectInvalidTarget(
  { flow, expect, remark }: CheckContext,
  resource: string,
  what: string,
): Promise<void> {
  const answer = await flow.authorize({ ...(await requestFor(flow, [resource])), note: what });
  const code = readCode(answer);
  if (code === null) {
    const error = readOutcomeError(answer);
    expect.that(error === 'invalid_target', `${capitalize(what)} isn't refused with invalid_target.`, {
      expected: REFUSAL,
      received: describeOutcome(answer),
      exchange: answer,
    });
    return;
  }
  const exchange = await flow.exchangeCode(code, { params: { resource }, note: `the exchange of ${what}` });
  expect.that(!hasTokens(exchange), `${capitalize(what)} gives tokens.`, {
    expected: REFUSAL,
    received: 'a code, and tokens for it',
    exchange,
  });
  expect.refused(exchange, { status: 400, error: 'invalid_target', what });
  remark(`${capitalize(what)} is refused at the token endpoint only.`);
}

export const tokenUnknown = requirement({
  id: 'agents-resource-token-unknown',
  level: LEVEL,
  profile: 'agents',
  clauses: [rfc(8707, '2.2'), rfc(8707, '2')],
  needs: ['user', 'client', 'protected-endpoint'],
  statement: "A token request for a resource that wasn't granted is refused with invalid_target.",
  how:
    "A code for the API's resource, exchanged with it, gets tokens. Exchanges another such code with the " +
    'URL of an unknown resource. Expects 400, invalid_target and no tokens. ' +
    'The same for a refresh with that resource.',
  hint: "Compare the token request's resource with those of the authorization request.",
  async check({ flow, expect }) {
    const resource = await resourceIdentifier(flow);
    await tokensFor(flow, [resource]);
    const code = await flow.code({
      ...(await requestFor(flow, [resource])),
      note: 'a code for the resource',
    });
    const params = { resource: unknownResource() };
    const exchange = await flow.exchangeCode(code, { params, note: 'the exchange for another resource' });
    const judge = (answer: Exchange, what: string) => {
      expect.that(!hasTokens(answer), `${capitalize(what)} gives tokens.`, {
        expected: 'status 400, error invalid_target',
        received: describeExchange(answer),
        exchange: answer,
      });
      expect.refused(answer, { status: 400, error: 'invalid_target', what });
    };
    judge(exchange, 'a token request for an unknown resource');
    const grant = await tokensWithRefreshIfAny(flow, await requestFor(flow, [resource]));
    if (grant.refresh_token === null) return;
    const newest = await refreshedTokens(flow, grant, 'a refresh without resource');
    const refresh = await flow.refresh(newest, { params, note: 'a refresh for another resource' });
    judge(refresh, 'a refresh for an unknown resource');
  },
});
