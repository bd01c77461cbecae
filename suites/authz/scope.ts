/** Scopes that a client has not declared. */
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { findCodeInQuery, readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { ownPublicClient } from '../steps/clients.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { isUnavailable, nullOn } from '../steps/signals.js';

/** Claims by which a scope shows itself at userinfo (OpenID Connect Core 1.0 section 5.4). */
const CLAIMS: Readonly<Record<string, readonly string[]>> = { email: ['email', 'email_verified'] };

export const scopeUndeclared = requirement({
  id: 'authz-scope-undeclared',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Start the authorization flow'), rfc(6749, '3.3')],
  needs: ['user', 'registration'],
  statement: "The server never grants a scope that the client hasn't declared.",
  how:
    'A client that declared another scope (usually email) gets it. A client that declared only openid ' +
    'requests both. Expects an error, usually invalid_scope, or tokens whose scope member leaves it out ' +
    'and whose userinfo has no email address. With no scope parameter, expects an error or nothing beyond ' +
    'openid. A public client that declared only openid requests both, too.',
  hint: 'Compare the requested scopes with those that the client declared.',
  async check(context) {
    const { flow, remark } = context;
    const declared = await flow.client();
    const wide = flow.widerScope(declared);
    const extra = wide.split(' ').find((scope) => scope !== 'openid') ?? 'email';
    const control = await flow.tokens({
      client: declared,
      scope: wide,
      note: 'the control request: declared',
    });
    if (!control.scope.split(' ').includes(extra)) {
      throw new NotTested(`The server does not grant ${extra} to a client that declared it.`);
    }
    const client = await flow.newClient({ scope: 'openid' });
    if (client.scope.split(' ').includes(extra)) {
      throw new NotTested('The server registered a wider scope than was asked for.');
    }
    const note = `asks for ${extra}, which it has not declared`;
    const asked = await flow.authorize({ client, scope: wide, note });
    await judgeGrant(context, asked, extra, `a request for ${extra}, which the client has not declared,`);
    remark(`A request for an undeclared scope ended at ${describeOutcome(asked)}.`);
    const error = readOutcomeError(asked);
    if (error !== null && error !== 'invalid_scope')
      remark(`The error is ${error}, where invalid_scope is usual.`);
    const unasked = await flow.authorize({ client, scope: null, note: 'without scope parameter' });
    await judgeGrant(context, unasked, extra, 'a request without scope');
    remark(`A request without scope ended at ${describeOutcome(unasked)}.`);
    const open = await nullOn(isUnavailable, () => ownPublicClient(flow, { scope: 'openid' }));
    if (open === null || open.scope.split(' ').includes(extra)) return;
    const whose = `a request of a public client for ${extra}, which it has not declared,`;
    const publicly = await flow.authorize({ client: open, scope: wide, note: whose });
    await judgeGrant(context, publicly, extra, whose);
  },
});

/** A value of the syntax of RFC 6749 section 3.3 that no server lists. */
const NO_SCOPE = 'no.such:scope';

export const scopeUnknown = requirement({
  id: 'authz-scope-unknown',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [oidcCore('3.1.2.1'), rfc(6749, '3.3')],
  needs: ['user', 'client'],
  statement: "The server never grants scopes that it doesn't know.",
  how:
    `openid alone gets a token. Then requests "openid ${NO_SCOPE}", and that scope alone. Expects ` +
    'invalid_scope, at the redirect URI or on a page, or a token response whose scope member leaves it ' +
    'out. A token response with no scope member says that everything was granted.' +
    ' Scopes are case-sensitive, so a known scope in capitals is unknown, too. So are two scopes with a comma between them.',
  hint: 'Ignore or refuse unknown scopes, and return the scope that was granted.',
  async check(context) {
    const { flow, remark } = context;
    await flow.tokens({ note: 'the control request' });
    for (const [scope, what] of [
      [`${flow.minimalScope} ${NO_SCOPE}`, 'a request for an unknown scope'],
      [NO_SCOPE, 'a request for an unknown scope alone'],
    ] as const) {
      const answer = await flow.authorize({ scope, note: what });
      await judgeGrant(context, answer, NO_SCOPE, what);
      remark(`${capitalize(what)} ended at ${describeOutcome(answer)}.`);
    }
    await judgeAlmostKnown(context);
  },
});

/** Scopes are case-sensitive strings with spaces between them, and a comma may be part of one (RFC 6749 section 3.3). */
async function judgeAlmostKnown(context: CheckContext): Promise<void> {
  const { flow } = context;
  const client = await flow.client();
  const known = client.scope.split(' ').find((one) => one !== 'openid' && one !== one.toUpperCase());
  if (known === undefined) return;
  const capitals = `${flow.minimalScope} ${known.toUpperCase()}`;
  for (const scope of [capitals, `${flow.minimalScope},${known}`]) {
    const what = `a request for ${scope}`;
    await judgeGrant(context, await flow.authorize({ client, scope, note: what }), known, what);
  }
}

/** An error passes; a code is exchanged, and what was granted is looked at. */
async function judgeGrant(
  { flow, expect }: CheckContext,
  answer: AuthorizationOutcome,
  extra: string,
  what: string,
): Promise<void> {
  const value = findCodeInQuery(answer);
  if (answer.kind === 'stayed' || value === null) {
    expect.authorizationRefused(answer, what);
    return;
  }
  const { request } = answer;
  const exchange = await flow.exchangeCode(
    { value, client: request.client, request, outcome: answer },
    { note: 'what was granted' },
  );
  const token = exchange.string('access_token');
  if (token === null) return;
  const member = exchange.string('scope');
  // An absent member says that all that was asked for is granted (RFC 6749 section 5.1).
  const granted = (member ?? request.scope ?? '').split(' ');
  const finding =
    member === null
      ? `The tokens for ${what} came without a scope member, which says that ${extra} was granted.`
      : `${capitalize(what)} was granted ${extra}.`;
  expect.that(!granted.includes(extra), finding, {
    expected: `an error, or a scope member without ${extra}`,
    received: member === null ? 'a token response without scope member' : `scope "${member}"`,
  });
  if (typeof flow.metadata().userinfo_endpoint !== 'string') return;
  const claims = (await useFresh(() => flow.userinfo(token))).object();
  const shown = CLAIMS[extra]?.find((name) => name in claims);
  // Userinfo that shows it to every token says nothing about this one.
  if (shown !== undefined && (await showsToAll(flow, shown))) return;
  const message = `${capitalize(what)} was granted ${extra}: userinfo shows ${shown}.`;
  expect.none(shown, message, `userinfo without ${shown}`);
}

/** @returns whether userinfo shows the claim to a token of the minimal scope, too */
async function showsToAll(flow: Flow, claim: string): Promise<boolean> {
  const { access_token } = await flow.tokens({ scope: flow.minimalScope, note: 'a token of less scope' });
  const answer = await useFresh(() => flow.userinfo(access_token, 'what userinfo shows to it'));
  return claim in answer.object();
}
