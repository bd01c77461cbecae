/** Signing in and allowing again: prompt=login, max_age, prompt=consent and id_token_hint. */
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { capitalize, describeOutcome } from '../../fixtures/expect/describe.js';
import { findCodeInQuery } from '../../fixtures/flow/read-outcome.js';
import { readTokens } from '../../fixtures/flow/tokens.js';
import type { AuthorizationOptions, AuthorizationOutcome, Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';

/** Seconds: auth_time counts whole ones. */
const BETWEEN_LOGINS = 3;
/** Seconds: whole-second clocks and small leeways. */
const LONGER_THAN_MAX_AGE = 4;
/** Longer requests are sent by POST (OpenID Connect Core 1.0 section 3.1.2.1 has both). */
const LONGEST_QUERY = 4_000;

export const promptLogin = requirement({
  id: 'authz-prompt-login',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.3')],
  needs: ['user', 'page', 'client', 'login-page'],
  statement: 'prompt=login authenticates a signed-in user again.',
  how:
    'A user signs in and allows; the same request once more demands no credentials (if it does, the server keeps no ' +
    'session: not tested). Two seconds later the request is sent with prompt=login: a login page comes, and after ' +
    'credentials the code; or the redirect URI receives an error such as login_required. A consent page alone is not ' +
    'enough: allowing on it must not give a code. If both ID Tokens have auth_time, the later one is larger.',
  hint: 'With prompt=login show the login page whatever the session says, and renew auth_time.',
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
    const renewed = await demandCredentials(context, visit, asked, 'a request with prompt=login');
    if (renewed === null) return;
    const later = await readAuthTime(flow, client, renewed);
    if (earlier === null || later === null) {
      remark('The ID Tokens have no auth_time, so the two logins were not compared.');
      return;
    }
    expect.that(later > earlier, 'auth_time is not that of the second login.', {
      expected: `auth_time later than ${earlier}`,
      received: `auth_time ${later}`,
    });
  },
});

export const maxAge = requirement({
  id: 'authz-max-age',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.1'), oidcCore('3.1.2.3')],
  needs: ['user', 'page', 'client', 'login-page'],
  statement: 'An authentication older than max_age is renewed.',
  how:
    'A user signs in and allows; with max_age=10000 a code comes without credentials (if not, the server keeps no ' +
    'session: not tested). Four seconds later max_age=1: a login page comes, and no code before credentials are entered; ' +
    'or the redirect URI receives an error such as login_required. The ID Token that follows the new login has an ' +
    'auth_time, which is not more than a minute before its iat.',
  hint: 'Compare the time since the user signed in with max_age, and show the login page when it is longer.',
  deadline: 60_000,
  async check(context) {
    const { flow, users, time } = context;
    const visit = await users.newPage('nobody');
    const client = await flow.client();
    await beginSession(visit, client);
    await demandSession(visit, { client, params: { max_age: '10000' }, note: 'the control: max_age=10000' });
    await time.advance(LONGER_THAN_MAX_AGE, await sessionValues(visit), 'the session');
    const asked = await visit.openAuthorization({ client, params: { max_age: '1' }, note: 'max_age=1' });
    const what = 'a request with max_age=1, four seconds after the login';
    const renewed = await demandCredentials(context, visit, asked, what);
    if (renewed !== null) await judgeFreshAuthTime(context, client, renewed);
  },
});

/** Signs in and allows, in a session of this check's own. */
export async function beginSession(visit: BrowserPage, client: Client): Promise<AuthorizationOutcome> {
  const answer = await continueToRedirect(
    visit,
    await visit.openAuthorization({ client, note: 'the first login' }),
  );
  requireCode(answer, 'The first request of the visit');
  return answer;
}

/** Cookies that may name the session: what is as long as a name that nobody can guess. */
export async function sessionValues(visit: BrowserPage): Promise<readonly string[]> {
  const cookies = await visit.context.cookies();
  return cookies.map(({ value }) => value).filter((value) => value.length >= 16);
}

/** @returns the answer; NotTested where the session that was just begun does not count. */
export async function demandSession(
  visit: BrowserPage,
  options: AuthorizationOptions,
): Promise<AuthorizationOutcome> {
  const answer = await continueToRedirect(visit, await visit.openAuthorization(options), { signIn: false });
  if (findCodeInQuery(answer) !== null) return answer;
  throw new NotTested(
    `The server keeps no session that could be renewed: right after the login the request ended at ${describeOutcome(answer)}.`,
  );
}

/** @returns the answer after credentials, or null where an error came instead of a page */
export async function demandCredentials(
  { expect, remark }: CheckContext,
  visit: BrowserPage,
  asked: AuthorizationOutcome,
  what: string,
): Promise<AuthorizationOutcome | null> {
  const answer = await continueToRedirect(visit, asked, { signIn: false });
  expect.noCode(
    answer,
    `${capitalize(what)} gave a code without credentials.`,
    'a login page, or an error such as login_required',
  );
  if (answer.kind === 'redirected') {
    expect.authorizationRefused(answer, what);
    remark(`The server does not sign in again: ${describeOutcome(answer)}.`);
    return null;
  }
  if (answer.page.kind !== 'login') {
    throw new NotTested(`${capitalize(what)} ended at ${describeOutcome(answer)}, which is not understood.`);
  }
  const after = await continueToRedirect(visit, answer);
  expect.issuedCode(after, `${capitalize(what)} does not end with a code after credentials.`);
  return after;
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
    'auth_time is not that of the login that max_age brought.',
    {
      expected: `auth_time at most ${FROM_LOGIN_TO_TOKEN} s before iat`,
      received: `auth_time ${iat - authTime} s before iat`,
      exchange,
    },
  );
}

/** @returns auth_time of the ID Token that this code gives, or null when it has none */
export async function readAuthTime(
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
    'A fresh client is shown a consent page, which the user answers (no such page: not applicable). The same request ' +
    'with prompt=consent shows a page with a control to allow, and no code comes before it is used; or the redirect URI ' +
    'receives an error such as consent_required. Whether the page appears without prompt too is open.',
  hint: 'With prompt=consent show the consent page whatever the user has allowed before.',
  async check({ flow, expect, remark }) {
    const client = await flow.newClient();
    const first = await flow.authorize({ client, decide: 'stop', note: 'the first request of the client' });
    if (!asksConsent(first)) {
      throw new NotApplicable(`A fresh client is not shown a consent page: ${describeOutcome(first)}.`);
    }
    await flow.code({ client, note: 'the user allows' });
    const answer = await flow.authorize({
      client,
      params: { prompt: 'consent' },
      decide: 'stop',
      note: 'prompt=consent',
    });
    if (asksConsent(answer)) return;
    expect.noCode(
      answer,
      'A request with prompt=consent gave a code without a consent page.',
      'a consent page, or an error such as consent_required',
    );
    expect.authorizationRefused(answer, 'a request with prompt=consent');
    remark(`The server does not ask again: ${describeOutcome(answer)}.`);
  },
});

const asksConsent = (answer: AuthorizationOutcome): boolean =>
  answer.kind === 'stayed' && (answer.page.kind === 'consent' || answer.page.kind === 'organization');

export const idTokenHint = requirement({
  id: 'authz-id-token-hint',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.2'), oidcCore('3.1.2.1')],
  needs: ['user', 'second-user', 'client', 'page'],
  statement:
    'A request whose id_token_hint names another user is not answered for the user who is signed in.',
  how:
    'Both users get an ID Token for the same client. In the first user’s session a request with the second user’s ID Token ' +
    'as id_token_hint ends with an error, on a page, or with a code whose ID Token has the hinted sub: without prompt, and ' +
    'with prompt=none where the same with the own ID Token gives a code. Hints that are too long for a query are sent by ' +
    'POST.',
  hint: 'Compare the sub of id_token_hint with the user who is signed in, and answer login_required when it is another.',
  async check(context) {
    const { flow, users, remark } = context;
    const own = flow.decodeIdToken(await flow.tokens());
    const other = flow.decodeIdToken(await flow.tokens({ as: 'second' }));
    if (own.claims.sub === other.claims.sub) throw new Blocked('subject', 'Both users have the same sub.');
    const { sub } = other.claims;
    const control = await flow.authorize(
      withIdTokenHint(own.compact, 'the control: the own ID Token as hint'),
    );
    if (findCodeInQuery(control) === null)
      remark(
        `With the own ID Token as hint, prompt=none ended at ${describeOutcome(control)}, so it was tried without prompt alone.`,
      );
    else {
      const silent = await flow.authorize(
        withIdTokenHint(other.compact, 'the ID Token of the other user as hint, with prompt=none'),
      );
      await judgeHinted(context, silent, sub, 'a request with prompt=none');
    }
    // A page to sign in as the other user is a right answer: nobody does so here.
    const visit = await users.newPage('first');
    const asked = await visit.openAuthorization(
      withIdTokenHint(other.compact, 'the ID Token of the other user as hint, without prompt', null),
    );
    const answer = await continueToRedirect(visit, asked, { signIn: false });
    if (answer.kind === 'stayed' && answer.page.status < 500)
      return remark(`Without prompt a hint of another user ended at ${describeOutcome(answer)}.`);
    await judgeHinted(context, answer, sub, 'a request without prompt');
  },
});

/** An error, or a code for the user whom the hint names. */
async function judgeHinted(
  { flow, expect }: CheckContext,
  answer: AuthorizationOutcome,
  sub: unknown,
  what: string,
): Promise<void> {
  if (findCodeInQuery(answer) === null)
    return expect.authorizationRefused(answer, `${what} whose hint names another user`);
  const code = requireCode(answer, 'The request');
  const exchange = await flow.exchangeCode(code);
  const { claims } = flow.decodeIdToken(readTokens(code, exchange));
  expect.that(claims.sub === sub, `The hint of ${what} names one user, and the code is for another.`, {
    expected: 'an error, a login page, or an ID Token with the sub of the hint',
    received: 'a code, and an ID Token with the sub of the user who is signed in',
    exchange,
  });
}

/** @param prompt null for a request without prompt */
export function withIdTokenHint(
  id_token_hint: string,
  note: string,
  prompt: string | null = 'none',
): AuthorizationOptions {
  return {
    params: { prompt, id_token_hint },
    method: id_token_hint.length > LONGEST_QUERY ? 'POST' : 'GET',
    decide: 'stop',
    note,
  };
}
