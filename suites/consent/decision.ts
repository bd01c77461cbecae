/** The user decides: no code before they allow, and none when they deny. */
import { mayGoOnByItself } from '../../fixtures/browser/html-forms.js';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import type { AuthorizationOptions, ParameterChanges } from '../../fixtures/flow/types.js';
import { Blocked } from '../../fixtures/verdict.js';
import { oidcCore, polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { ownPublicClient } from '../steps/clients.js';
import { clientThatAsks, demandAllowGivesCode, expectNoCodeSent, openConsent } from '../steps/consent.js';
import { isDecision, isLogin, signInIfAsked } from '../steps/continue-to-redirect.js';
import { openLogin, usernameIfKnown } from '../steps/login.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { DIFFICULT_STATE, judgeState } from '../steps/state.js';

/** A page that goes on by itself does so at once; a user who reads it takes longer than this. */
const LEFT_ALONE_MS = 1_500;

export const asked = requirement({
  id: 'consent-asked',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Start the authorization flow'), oidcCore('3.1.2.4')],
  needs: ['user', 'registration', 'page'],
  byBrowser: true,
  statement: 'A third-party client gets no code before the user has allowed it.',
  how:
    'A signed-in user opens the request of a client that was just registered. Expects a page with a ' +
    "control to allow, no code before it's used (a page with a script or a refresh gets 1.5 s), and a code " +
    'after that. If the password is known, a second such client asks in a browser without a session: ' +
    'signing in alone gives no code.' +
    ' Signing in again with prompt=login gives no code either, and neither does a request by POST or of a public client.',
  hint: "Issue the code in response to the user's decision, not to the authorization request.",
  async check(context) {
    const { flow, users, expect, pause } = context;
    const client = await flow.newClient();
    const visit = await users.newPage('first');
    const answer = await signInIfAsked(visit, await visit.openAuthorization({ client }));
    const wanted = 'a page that asks the user, and no code before they allow';
    expect.noCode(answer, 'A client that the user has never seen got a code without asking.', wanted);
    if (!isDecision(answer)) {
      throw new Blocked(
        'code',
        `The request of a new client ended at ${describeOutcome(answer)} instead of a page to allow it.`,
      );
    }
    if (answer.kind === 'stayed' && mayGoOnByItself(answer.page)) await pause(LEFT_ALONE_MS);
    const message = 'The consent page sent a code by itself, before the user had allowed.';
    expectNoCodeSent(expect, visit, answer, message, wanted);
    await demandAllowGivesCode(visit);
    await judgeOtherRequests(context);
    if ((await usernameIfKnown(users)) === null) return;
    const login = await users.newPage('nobody');
    await openLogin(login, { client: await flow.newClient() });
    const signedIn = await login.signIn();
    expectNoCodeSent(
      expect,
      login,
      signedIn,
      'Signing in gave a code to a client that nobody allowed.',
      wanted,
    );
    const params = { prompt: 'login' };
    const again = await login.openAuthorization({
      client: await flow.newClient(),
      params,
      note: 'prompt=login',
    });
    if (!isLogin(again)) return;
    const finding = 'Signing in again with prompt=login gave a code to a client that nobody allowed.';
    expectNoCodeSent(expect, login, await login.signIn(), finding, wanted);
  },
});

/** Neither the form of a request nor the kind of a client makes the question unnecessary. */
async function judgeOtherRequests({ flow, expect }: CheckContext): Promise<void> {
  const open = await nullOn(isUnavailable, () => ownPublicClient(flow));
  const ways: readonly (readonly [string, AuthorizationOptions])[] = [
    ['by POST of a client', { client: await flow.newClient(), method: 'POST' }],
    ...(open === null ? [] : [['of a public client', { client: open }] as const]),
  ];
  for (const [whose, options] of ways) {
    const answer = await flow.authorize({ ...options, decide: 'stop', note: `a request ${whose}` });
    const message = `A request ${whose} that nobody allowed gave a code without asking.`;
    expect.noCode(answer, message, 'a page that asks the user, and no code before they allow');
  }
}

export const deny = requirement({
  id: 'consent-deny',
  level: 'MUST',
  levelReason:
    '"If the resource owner denies the access request": a denial taken for consent gives the user\'s data ' +
    'away.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), oidcCore('3.1.2.6')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: 'Denying sends access_denied to the redirect URI.',
  how:
    'A new client (with closed registration, the shared one with prompt=consent) asks, and the user ' +
    'denies. Expects error=access_denied and the state in the query at the redirect URI, and no code; for ' +
    `a new client, prompt=none gets no code afterward. The same with the state ${DIFFICULT_STATE}, and ` +
    'with no state. Then allowing gets a code. Not applicable if the server shows no consent page; not ' +
    'tested if the page has no control to deny, since no clause requires one.' +
    ' Expects the same with prompt=consent after the user allowed and, in profile polar, with sub_type=organization and no choice.',
  hint: 'Send error=access_denied with the state to the redirect URI, and store nothing.',
  serial: true,
  deadline: 60_000,
  async check(context) {
    const { flow, users, target, expect } = context;
    const { fresh, options: first } = await clientThatAsks(flow);
    const { visit, options } = await openConsent({ users, target }, first);
    await judgeDenial(context, visit, 'a request');
    if (fresh) {
      const silent = { ...options, params: { prompt: 'none' }, decide: 'stop' } as const;
      expect.noCode(
        await flow.authorize({ ...silent, note: 'prompt=none after the denial' }),
        'A denial was stored as consent: prompt=none gave a code afterward.',
        'an error, as nothing was allowed',
      );
    }
    for (const [state, what] of [
      [DIFFICULT_STATE, 'a request whose state has reserved characters'],
      [null, 'a request without state'],
    ] as const) {
      const asked = await visit.openAuthorization({ ...options, state, note: what });
      if (isDecision(asked)) await judgeDenial(context, visit, what);
      else context.remark(`${capitalize(what)} ended at ${describeOutcome(asked)}.`);
    }
    await openConsent({ users, target }, options, visit);
    await demandAllowGivesCode(visit);
    await judgeLaterDenials(context, options);
  },
});

/** What was allowed before, and what is to be chosen on the page, change nothing about a denial. */
async function judgeLaterDenials(context: CheckContext, options: AuthorizationOptions): Promise<void> {
  const { users, target, remark } = context;
  const hasChoice = target.profile === 'polar' && target.settings.users?.first?.organizations !== undefined;
  const ways: readonly (readonly [string, ParameterChanges])[] = [
    ['a request with prompt=consent of a client that was allowed before', { prompt: 'consent' }],
    ...(hasChoice
      ? [['a request for an organization', { prompt: 'consent', sub_type: 'organization' }] as const]
      : []),
  ];
  // A page of its own, because the other one has sent a code.
  const visit = await users.newPage('first');
  for (const [what, params] of ways) {
    const asked = await signInIfAsked(
      visit,
      await visit.openAuthorization({ ...options, params, note: what }),
    );
    if (isDecision(asked)) await judgeDenial(context, visit, what, 'sub_type' in params);
    else remark(`${capitalize(what)} ended at ${describeOutcome(asked)}.`);
  }
}

/**
 * Denies on the page that is shown.
 * @param mayWait whether the page may keep the user until something is chosen
 */
async function judgeDenial(
  { expect, remark }: CheckContext,
  visit: BrowserPage,
  what: string,
  mayWait = false,
): Promise<void> {
  const denied = await visit.deny();
  const message = `The denial of ${what} still gave a code.`;
  expectNoCodeSent(expect, visit, denied, message, 'error=access_denied and no code');
  // A page may want the choice to be made first: nothing was sent then.
  if (mayWait && isDecision(denied)) return remark(`The denial of ${what} left the page as it was.`);
  const answer = expect.redirected(denied, `the denial of ${what}`);
  const error = answer.query.get('error');
  expect.same(error, 'access_denied', `The denial of ${what} was not answered with access_denied.`);
  judgeState(expect, answer, `the answer to the denial of ${what}`);
}
