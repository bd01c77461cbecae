/** Parameters by which a client says what it would like: none of them may fail a request. */
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import { findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import { oidcCore, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { isDecision, isLogin } from '../steps/continue-to-redirect.js';
import { usernameIfKnown } from '../steps/login.js';

type Hint = readonly [name: string, value: string];

/** Beside values in use, languages that hardly any server has, and a user whom nobody knows. */
const HINTS: readonly Hint[] = [
  ['display', 'page'],
  ['display', 'popup'],
  ['display', 'touch'],
  ['ui_locales', 'en-GB en'],
  ['ui_locales', 'tlh x-none'],
  ['claims_locales', 'fr'],
  ['claims_locales', 'tlh x-none'],
  ['acr_values', '1 2'],
  ['login_hint', 'nobody-known@example.com'],
];

export const hintsAccepted = requirement({
  id: 'authz-hints-accepted',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('15.1'), oidcCore('3.1.2.1'), rfc(6749, '3.1')],
  needs: ['user', 'client'],
  statement:
    "Requests with display, ui_locales, claims_locales, acr_values or login_hint don't fail because of it.",
  how:
    "A signed-in user's request gets a code. Expects one with " +
    `${HINTS.map((hint) => hint.join('=')).join(', ')} and with the user's own name as login_hint, one at ` +
    'a time and then all together. A page that asks to sign in or to choose another account is fine. ' +
    'Without a session, expects the login page with each of them.',
  hint: 'Accept these parameters, and ignore those that you have no use for.',
  deadline: 60_000,
  async check(context) {
    const username = await usernameIfKnown(context.users);
    if (username === null)
      context.remark("The user's own login_hint was left out, because the user's name is not known.");
    await expectAccepted(context, username === null ? HINTS : [...HINTS, ['login_hint', username]]);
  },
});

/** A voluntary claim and an essential one; neither has to be returned. */
const CLAIMS = JSON.stringify({ userinfo: { nickname: null }, id_token: { auth_time: { essential: true } } });

export const claimsParameter = requirement({
  id: 'authz-claims-parameter',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('5.5.1'), oidcCore('5.5'), rfc(6749, '3.1')],
  needs: ['user', 'client'],
  statement: "A request doesn't fail because of its claims parameter.",
  how:
    `A signed-in user's request gets a code. Expects one with claims=${CLAIMS} too, whether or not the ` +
    "document has claims_parameter_supported: a claim that isn't returned is no error, and an unknown " +
    'parameter is ignored. Without a session, expects the login page with and without it.',
  hint: 'Ignore the claims parameter, or the claims in it that you have no use for.',
  async check(context) {
    await expectAccepted(context, [['claims', CLAIMS]]);
  },
});

/** Each value alone, with and without a session, and all together, after the request without any. */
async function expectAccepted({ flow, expect, remark }: CheckContext, hints: readonly Hint[]): Promise<void> {
  await flow.code({ note: 'the control request' });
  const signedOut = { as: 'nobody', decide: 'stop' } as const;
  const control = await flow.authorize({ ...signedOut, note: 'the control request without a session' });
  for (const [name, value] of hints) {
    // The name of a user is the tester's own and stays out of the report.
    const what = `a request with ${name}${name === 'login_hint' ? '' : `=${value}`}`;
    const params = { [name]: value };
    judgeAccepted(expect, await flow.authorize({ params, note: what }), what);
    if (isLogin(control)) {
      const asked = await flow.authorize({ ...signedOut, params, note: `${what}, without a session` });
      judgeAccepted(expect, asked, `${what}, without a session,`);
    } else remark(`Without a session ${describeOutcome(control)} comes, so ${name} was not tried there.`);
  }
  if (hints.length < 2) return;
  const params = Object.fromEntries(hints);
  judgeAccepted(
    expect,
    await flow.authorize({ params, note: 'all hints at once' }),
    'a request with all these hints',
  );
}

/** A code, or a page that asks the user for something more. */
function judgeAccepted(expect: Expect, answer: AuthorizationOutcome, what: string): void {
  expect.that(
    findCodeInQuery(answer) !== null || isLogin(answer) || isDecision(answer),
    `${capitalize(what)} failed.`,
    { expected: 'the same as without it', received: describeOutcome(answer), exchange: answer },
  );
}
