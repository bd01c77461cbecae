/** Signing in and allowing again: prompt=login, max_age and prompt=consent. */
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { describeOutcome, quote } from '../../fixtures/expect/describe.js';
import { readCode } from '../../fixtures/flow/read-outcome.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type { AuthorizationOptions, AuthorizationOutcome, Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { parseDateHeader } from '../../fixtures/http/headers.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { continueToRedirect, isDecision, isLogin } from '../steps/continue-to-redirect.js';
import { usernameIfKnown } from '../steps/login.js';
import {
  beginSession,
  demandCredentials,
  demandSession,
  openSession,
  sessionValues,
} from '../steps/session.js';
import { isNotTested, nullOn } from '../steps/signals.js';

/** Seconds: auth_time counts whole ones. */
const BETWEEN_LOGINS = 3;
/** Seconds: between a Date header and auth_time, which both count whole ones. */
const CLOCK_STEP = 1;
/** Seconds: whole-second clocks and small leeways. */
const LONGER_THAN_MAX_AGE = 4;
/** The control of a request with max_age: no login is older than this. */
const LONG_AGO = { params: { max_age: '10000' }, note: 'the control: max_age=10000' } as const;

export const promptLogin = requirement({
  id: 'authz-prompt-login',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.3')],
  needs: ['user', 'page', 'client', 'login-page'],
  statement: 'prompt=login makes a signed-in user sign in again.',
  how:
    'A user signs in and allows. The same request again asks for no credentials (if it does, the server ' +
    'keeps no session: not tested). A few seconds later, sends prompt=login. Expects a login page and, ' +
    "after credentials, a code, or an error such as login_required; a consent page alone isn't enough. If " +
    "both ID Tokens have auth_time, expects the second one's to be later. If a second user has a password, " +
    "that one signs in last, in the same browser, and the ID Token isn't about the first user." +
    ' Expects the same for the same request once more, and no code without credentials next to a login_hint or an id_token_hint of the user.',
  hint: 'For prompt=login, show the login page whatever the session says, and renew auth_time.',
  deadline: 60_000,
  async check(context) {
    const { flow, users, expect, time, remark } = context;
    const visit = await users.newPage('nobody');
    const client = await flow.client();
    await beginSession(visit, client);
    await time.advance(BETWEEN_LOGINS, await sessionValues(visit), 'the session');
    const control = { client, note: 'the control: the same request in the session' };
    const earlier = await readAuthTime(flow, client, await demandSession(visit, control));
    const asked = await visit.openAuthorization({
      client,
      params: { prompt: 'login' },
      note: 'prompt=login',
    });
    await judgeAlsoBesides(context, visit, client, asked);
    const shown = isLogin(asked) ? await visit.openAuthorization(sameAgain(asked, client)) : asked;
    const what = isLogin(asked)
      ? 'a request with prompt=login, opened once more,'
      : 'a request with prompt=login';
    const renewed = await demandCredentials(context, visit, shown, what);
    if (renewed === null) return;
    const later = await readAuthTime(flow, client, renewed);
    if (earlier === null || later === null) {
      remark('The ID Tokens have no auth_time, so the two logins were not compared.');
      return;
    }
    // A server whose auth_time is never that of a login fails idtoken-auth-time.
    const isOfSecondLogin = later >= readSeconds(asked) - CLOCK_STEP;
    expect.that(later > earlier || isOfSecondLogin, 'auth_time is not that of the second login.', {
      expected: `auth_time later than ${earlier}`,
      received: `auth_time ${later}`,
    });
    await judgeOtherUser(context, visit, client);
  },
});

/** The same request, as a user who reloads the page sends it. */
function sameAgain({ request }: AuthorizationOutcome, client: Client): AuthorizationOptions {
  const { state, nonce, pkce } = request;
  const note = 'prompt=login, the same request once more';
  return { client, state, nonce, pkce, params: { prompt: 'login' }, note };
}

/** A hint at the user who is signed in takes nothing from prompt=login. */
async function judgeAlsoBesides(
  { flow, users, expect }: CheckContext,
  visit: BrowserPage,
  client: Client,
  asked: AuthorizationOutcome,
): Promise<void> {
  if (!isLogin(asked)) return;
  const { id_token } = await flow.tokens({ client, note: 'for an ID Token as hint' });
  const username = await usernameIfKnown(users);
  for (const [name, value] of Object.entries({ login_hint: username, id_token_hint: id_token })) {
    if (value === null) continue;
    const what = `A request with prompt=login and ${name}`;
    const answer = await visit.openAuthorization({
      client,
      params: { prompt: 'login', [name]: value },
      note: what,
    });
    expect.noCode(answer, `${what} gave a code without credentials.`, 'a login page, as without the hint');
  }
}

/** The code is for the user who signs in on the page of prompt=login. */
async function judgeOtherUser(
  { flow, users, expect, remark }: CheckContext,
  visit: BrowserPage,
  client: Client,
): Promise<void> {
  const second = flow.hasUser('second') ? await nullOn(isNotTested, () => users.credentials('second')) : null;
  if (second === null) return;
  const own = flow.decodeIdToken(await flow.tokens({ client })).claims.sub;
  const request = { client, params: { prompt: 'login' }, note: 'prompt=login, for another user' };
  const asked = await continueToRedirect(visit, await visit.openAuthorization(request), { signIn: false });
  if (!isLogin(asked)) return;
  const answer = await continueToRedirect(visit, await visit.signIn(second), { signIn: false });
  const code = readCode(answer);
  if (code === null)
    return remark(`Where another user signs in, prompt=login ends at ${describeOutcome(answer)}.`);
  const exchange = await flow.exchangeCode({ ...code, client }, { note: 'the exchange, for sub' });
  const { sub } = flow.decodeIdToken(readTokens({ ...code, client }, exchange)).claims;
  expect.that(sub !== own, 'Another user signed in at prompt=login, but the code is for the first one.', {
    expected: 'an ID Token of the user who signed in, or an error',
    received: `an ID Token with the sub ${quote(sub)} of the first user`,
    exchange,
  });
}

export const maxAge = requirement({
  id: 'authz-max-age',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.3')],
  needs: ['user', 'page', 'client', 'login-page'],
  statement: 'A login older than max_age is renewed.',
  how:
    "A user signs in and allows; max_age=10000 gets a code with no credentials (if it doesn't, the server " +
    'keeps no session: not tested). Four seconds later, sends max_age=1 with prompt=none, and expects an ' +
    'error. Then sends max_age=1 alone, and expects a login page and no code before credentials, or an ' +
    'error such as login_required. The new ID Token has an auth_time at most a minute before its iat.' +
    ' With prompt=consent, max_age=1 gives no code without credentials either.',
  hint: "Compare the time since the user signed in with max_age, and show the login page if it's longer.",
  deadline: 60_000,
  async check(context) {
    const { flow, expect, time } = context;
    const client = await flow.client();
    const visit = await openSession(context, { client, ...LONG_AGO });
    await time.advance(LONGER_THAN_MAX_AGE, await sessionValues(visit), 'the session');
    const silent = { max_age: '1', prompt: 'none' };
    expect.noCode(
      await visit.openAuthorization({ client, params: silent, note: 'max_age=1 with prompt=none' }),
      'A request with max_age=1 and prompt=none gave a code four seconds after the login.',
    );
    const both = { max_age: '1', prompt: 'consent' };
    expect.noCode(
      await continueToRedirect(
        visit,
        await visit.openAuthorization({ client, params: both, note: 'max_age=1 with prompt=consent' }),
        { signIn: false },
      ),
      'A request with max_age=1 and prompt=consent gave a code without credentials.',
      'a login page, or an error such as login_required',
    );
    const asked = await visit.openAuthorization({ client, params: { max_age: '1' }, note: 'max_age=1' });
    const what = 'a request with max_age=1, four seconds after the login,';
    const renewed = await demandCredentials(context, visit, asked, what);
    if (renewed !== null) await judgeFreshAuthTime(context, client, renewed);
  },
});

export const maxAgeZero = requirement({
  id: 'authz-max-age-zero',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.3')],
  needs: ['user', 'page', 'client', 'login-page'],
  statement: 'max_age=0 makes a signed-in user sign in again, like prompt=login.',
  how:
    "A user signs in and allows; max_age=10000 gets a code with no credentials (if it doesn't, the server " +
    'keeps no session: not tested). Then sends max_age=0 with prompt=none, and expects an error and no ' +
    'code. Then sends max_age=0 alone, and expects a login page and no code before credentials, or an ' +
    'error such as login_required.',
  hint: 'Treat max_age=0 as a number, not as a missing value.',
  deadline: 60_000,
  async check(context) {
    const { flow, expect } = context;
    const client = await flow.client();
    const visit = await openSession(context, { client, ...LONG_AGO });
    const silent = await visit.openAuthorization({
      client,
      params: { max_age: '0', prompt: 'none' },
      note: 'max_age=0 with prompt=none',
    });
    expect.noCode(silent, 'A request with max_age=0 and prompt=none gave a code.', 'an error, and no code');
    const asked = await visit.openAuthorization({ client, params: { max_age: '0' }, note: 'max_age=0' });
    await demandCredentials(context, visit, asked, 'a request with max_age=0');
  },
});

/** When the server showed this page, in seconds by its own clock; NaN if it doesn't say. */
function readSeconds(answer: AuthorizationOutcome): number {
  const date = answer.kind === 'stayed' ? parseDateHeader(answer.page.headers.date) : null;
  return date ?? Number.NaN;
}

/** Seconds from the login to the ID Token: as long as pages may take on a slow machine. */
const FROM_LOGIN_TO_TOKEN = 60;

/** With max_age auth_time is required, and it is that of the login that just took place. */
async function judgeFreshAuthTime(
  { flow, expect }: CheckContext,
  client: Client,
  answer: AuthorizationOutcome,
): Promise<void> {
  const code = { ...requireCode(answer, 'The request'), client };
  const exchange = await flow.exchangeCode(code, { note: 'the exchange, for auth_time' });
  const { auth_time: authTime, iat } = flow.decodeIdToken(readTokens(code, exchange)).claims;
  const finding = { expected: 'auth_time, a number of seconds', received: typeof authTime, exchange };
  expect.that(
    typeof authTime === 'number',
    'The ID Token of a request with max_age has no auth_time.',
    finding,
  );
  if (typeof authTime !== 'number' || typeof iat !== 'number') return;
  expect.that(
    iat - authTime <= FROM_LOGIN_TO_TOKEN,
    'auth_time is not that of the login that max_age required.',
    {
      expected: `auth_time at most ${FROM_LOGIN_TO_TOKEN} s before iat`,
      received: `auth_time ${iat - authTime} s before iat`,
      exchange,
    },
  );
}

/** @returns auth_time of the ID Token that this code gives, or null when it has none */
async function readAuthTime(
  flow: Flow,
  client: Client,
  answer: AuthorizationOutcome,
): Promise<number | null> {
  const code = { ...requireCode(answer, 'The request'), client };
  const exchange = await flow.exchangeCode(code, { note: 'the exchange, for auth_time' });
  const { auth_time } = flow.decodeIdToken(readTokens(code, exchange)).claims;
  return typeof auth_time === 'number' ? auth_time : null;
}

export const promptConsent = requirement({
  id: 'authz-prompt-consent',
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1')],
  needs: ['user', 'page', 'client'],
  statement: 'prompt=consent asks for consent again.',
  how:
    "A new client's request shows a consent page, which the user answers (if it doesn't: not applicable). " +
    'Then sends the same request with prompt=consent. Expects a page with a control to allow and no code ' +
    "before it's used, or an error such as consent_required.",
  hint: 'For prompt=consent, show the consent page whatever the user has allowed before.',
  async check({ flow, expect, remark }) {
    const client = await flow.newClient();
    const first = await flow.authorize({ client, decide: 'stop', note: 'the first request of the client' });
    if (!isDecision(first)) {
      throw new NotApplicable(`A fresh client is not shown a consent page: ${describeOutcome(first)}.`);
    }
    await flow.code({ client, note: 'the user allows' });
    const answer = await flow.authorize({
      client,
      params: { prompt: 'consent' },
      decide: 'stop',
      note: 'prompt=consent',
    });
    if (isDecision(answer)) return;
    expect.noCode(
      answer,
      'A request with prompt=consent gave a code without a consent page.',
      'a consent page, or an error such as consent_required',
    );
    expect.authorizationRefused(answer, 'a request with prompt=consent');
    remark(`The server does not ask again: ${describeOutcome(answer)}.`);
  },
});
