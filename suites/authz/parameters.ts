/** Error responses, scopes that were not declared, and parameters that nobody knows. */
import type { Answer, Code, Flow, Redirected } from '../../fixtures/flow/types.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { type CheckContext, requirement } from '../requirement.js';
import { oidcCore, polarDocs, rfc } from '../sources.js';
import { credentialOf, inWords } from './answers.js';
import { DIFFICULT_STATE, judgeState } from './response.js';

/** RFC 6749 section 4.1.2.1: the characters of error and error_description. */
const ERROR_TEXT = /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/;
/** The characters of error_uri. */
const ERROR_URI = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

export const errorResponse = requirement({
  id: 'authz-error-response',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '4.1.2.1'), oidcCore('3.1.2.6')],
  needs: ['client'],
  statement: 'An error redirect carries a well-formed error code, the state, and no code.',
  how:
    'An error after a valid client and redirect_uri: prompt=none without a session; where that brings no redirect, ' +
    'prompt="none login" of a signed-in person. The query has error once, of the characters that the clause allows, ' +
    'error_description and error_uri, if present, likewise, state once and identical (with reserved characters), no code.',
  next: 'Build error responses from the same parts as code responses: error and state in the query, nothing else of a secret kind.',
  async check({ flow, expect }) {
    const { query, ...answer } = await errorAnswer(flow);
    const finding = {
      expected: 'error once, in the query, and no code',
      received: inWords({ query, ...answer }),
    };
    expect.that(
      query.getAll('error').length === 1,
      'The error response does not have error once in its query.',
      finding,
    );
    expect.that(credentialOf({ query, ...answer }) === null, 'The error response has a credential.', finding);
    for (const [name, syntax] of [
      ['error', ERROR_TEXT],
      ['error_description', ERROR_TEXT],
      ['error_uri', ERROR_URI],
    ] as const) {
      const value = query.get(name);
      expect.that(value === null || syntax.test(value), `${name} has characters that are not allowed.`, {
        expected: 'the characters of RFC 6749 section 4.1.2.1',
        received: JSON.stringify(value),
      });
    }
    judgeState(expect, { query, ...answer });
  },
});

async function errorAnswer(flow: Flow): Promise<Redirected> {
  const signedOut = await flow.authorize({
    as: 'nobody',
    state: DIFFICULT_STATE,
    params: { prompt: 'none' },
    note: 'prompt=none without a session',
  });
  if (signedOut.kind === 'redirected') return signedOut;
  const contradiction = await flow.authorize({
    state: DIFFICULT_STATE,
    params: { prompt: 'none login' },
    decide: 'stop',
    note: 'prompt="none login"',
  });
  if (contradiction.kind === 'redirected') return contradiction;
  throw new Blocked(
    'authz-prompt-none-signed-out',
    'No error was sent to the redirect URI, so none could be looked at.',
  );
}

export const scopeUndeclared = requirement({
  id: 'authz-scope-undeclared',
  level: 'MUST',
  profile: 'polar',
  source: [polarDocs('Start the authorization flow'), rfc(6749, '3.3')],
  needs: ['person', 'registration'],
  statement: 'A scope that the client has not declared is never granted.',
  how:
    'A client that declared it gets a further scope (email as a rule). A client that declared only openid asks for both: ' +
    'either the error invalid_scope, by redirect or page, or a token response whose scope member is there and lacks it, ' +
    'and whose userinfo has no e-mail address. Without scope parameter nothing beyond openid is granted, or an error comes.',
  next: 'Compare the requested scopes with those that the client declared.',
  async check(context) {
    const { flow, remark } = context;
    const declared = await flow.client();
    const wide = flow.wide(declared);
    const extra = wide.split(' ').find((scope) => scope !== 'openid') ?? 'email';
    const control = await flow.tokens({ client: declared, scope: wide, note: 'the valid twin: declared' });
    if (!control.scope.split(' ').includes(extra)) {
      throw new NotTested(`The server does not grant ${extra} to a client that declared it.`);
    }
    const client = await flow.ownClient({ scope: 'openid' });
    if (client.scope.split(' ').includes(extra)) {
      throw new NotTested('The server registered a wider scope than was asked for.');
    }
    const asked = await flow.authorize({
      client,
      scope: wide,
      note: `asks for ${extra}, which it has not declared`,
    });
    await judgeGrant(context, asked, extra, 'A request for a scope that was not declared');
    const unasked = await flow.authorize({ client, scope: null, note: 'without scope parameter' });
    await judgeGrant(context, unasked, extra, 'A request without scope');
    remark(`An undeclared scope ended at ${inWords(asked)}; a request without scope at ${inWords(unasked)}.`);
  },
});

/** An error passes; a code is exchanged, and what was granted is looked at. */
async function judgeGrant(
  { flow, expect }: CheckContext,
  answer: Answer,
  extra: string,
  what: string,
): Promise<void> {
  const value = answer.kind === 'redirected' ? answer.query.get('code') : null;
  if (answer.kind === 'stayed' || value === null) {
    expect.authorizationRefused(answer, what.charAt(0).toLowerCase() + what.slice(1));
    return;
  }
  const { client } = answer.request;
  const code: Code = { value, client, request: answer.request, answer };
  const exchange = await flow.redeem(code, { note: 'what was granted' });
  const token = exchange.string('access_token');
  if (token === null) return;
  const scope = exchange.string('scope');
  const asked = answer.request.scope?.split(' ') ?? [];
  // An absent member says that all that was asked for is granted (RFC 6749 section 5.1).
  const granted = scope?.split(' ') ?? asked;
  expect.that(!granted.includes(extra), `${what} was granted: the token has ${extra}.`, {
    expected: `an error, or a scope member without ${extra}`,
    received: scope === null ? 'a token response without scope member' : `scope "${scope}"`,
  });
  if (typeof flow.metadata().userinfo_endpoint !== 'string') return;
  const claims = (await flow.userinfo(token)).object();
  expect.that(!(extra in claims), `${what} was granted: userinfo shows ${extra}.`, {
    expected: `userinfo without ${extra}`,
    received: Object.keys(claims).join(', '),
  });
}

/** A value of the syntax of RFC 6749 section 3.3 that no server lists. */
const NO_SCOPE = 'no.such:scope';

export const scopeUnknown = requirement({
  id: 'authz-scope-unknown',
  level: 'SHOULD',
  profile: 'oidc',
  source: [oidcCore('3.1.2.1'), rfc(6749, '3.3')],
  needs: ['person', 'client'],
  statement: 'Scope values the server does not know are never granted.',
  how:
    `"openid" alone ends with a token. "openid ${NO_SCOPE}" ends with the error invalid_scope, by redirect or page, or the ` +
    'value is ignored, and the scope member of the token response is there and lacks it. A token response without scope ' +
    'member says that all was granted.',
  next: 'Ignore or refuse unknown scopes, and return the scope that was granted.',
  async check(context) {
    const { flow, remark } = context;
    await flow.tokens({ note: 'the valid twin' });
    const scope = `${flow.narrow} ${NO_SCOPE}`;
    const answer = await flow.authorize({ scope, note: 'with a scope that no server knows' });
    await judgeGrant(context, answer, NO_SCOPE, 'A request for an unknown scope');
    remark(`An unknown scope ended at ${inWords(answer)}.`);
  },
});

export const parameterUnknown = requirement({
  id: 'authz-parameter-unknown',
  level: 'MUST',
  profile: 'oidc',
  source: [rfc(6749, '3.1')],
  needs: ['person', 'client'],
  statement: 'Unknown request parameters are ignored.',
  how: 'A request ends with a code; so it does with x_unknown=1, and with x_unknown twice with different values.',
  next: 'Ignore the parameters that the server does not know, repeated ones included.',
  async check({ flow, expect }) {
    await flow.code({ note: 'the valid twin' });
    for (const [what, value] of [
      ['a request with an unknown parameter', '1'],
      ['a request that repeats an unknown parameter', ['1', '2']],
    ] as const) {
      const answer = expect.answered(
        await flow.authorize({ params: { x_unknown: value }, note: what }),
        what,
      );
      expect.that(answer.query.has('code'), `${what.charAt(0).toUpperCase()}${what.slice(1)} was refused.`, {
        expected: 'a code',
        received: inWords(answer),
      });
    }
  },
});
