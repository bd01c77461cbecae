/** A remembered consent covers what the user has allowed, to the client that they allowed it to, and no more. */
import { describeOutcome } from '../../fixtures/expect/describe.js';
import { findCode, readCode } from '../../fixtures/flow/read-outcome.js';
import type {
  AuthorizationOptions,
  AuthorizationOutcome,
  Client,
  TokenSet,
} from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { isDecision } from '../steps/continue-to-redirect.js';
import { useFresh } from '../steps/fresh-tokens.js';

const SILENT = { prompt: 'none' } as const;

export const notWidened = requirement({
  id: 'consent-not-widened',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.4')],
  needs: ['user', 'registration', 'page', 'login-session'],
  byBrowser: true,
  statement: "Consent to some scopes doesn't cover others.",
  how:
    'A client that declared openid and email is allowed openid, then requests both: with prompt=none if ' +
    'that gets a code for openid, otherwise with no prompt and no page answered. Expects a page, an error, ' +
    'or a token whose scope leaves out email and that reads no more claims at userinfo. The request for ' +
    "openid works before and after. Not applicable if the server doesn't ask about both scopes, or if the " +
    'first token has email already.' +
    ' Also asks without prompt.',
  hint: 'Compare every requested scope with those that were allowed, and ask again if one is missing.',
  async check({ flow, target, expect, remark }) {
    const declared = { scope: 'openid email' };
    const [client, other] = await Promise.all([flow.newClient(declared), flow.newClient(declared)]);
    const wide = flow.widerScope(client);
    const scope = wide.split(' ').find((one) => one !== 'openid') ?? 'email';
    await isAskedAgain({ flow, target }, other, wide);

    const narrow = await flow.tokens({ client, note: 'openid alone is allowed' });
    if (narrow.scope.split(' ').includes(scope)) {
      throw new NotApplicable(
        `The server grants ${scope} with openid, so there is nothing wider to ask for.`,
      );
    }
    const quiet = await findQuietWay(flow, { client }, remark);
    const plain = { decide: 'stop' } as const;
    for (const way of quiet.params === undefined ? [plain] : [quiet, plain]) {
      const silent = await flow.authorize({
        client,
        scope: wide,
        ...way,
        note: `${scope} beside openid, and no page is answered`,
      });
      const code = readCode(silent);
      if (code === null) {
        remark(`The wider request came to ${describeOutcome(silent)}.`);
        continue;
      }
      const exchange = await flow.exchangeCode(code);
      if (exchange.string('access_token') === null) {
        throw new Blocked('tokens', `The code was answered with ${exchange.status} and no token.`);
      }
      const granted = exchange.string('scope');
      expect.that(
        granted !== null && !granted.split(' ').includes(scope),
        `After consent to openid only, a request for ${scope} too was granted without asking.`,
        {
          expected: `an error, or a token without ${scope}`,
          received:
            granted === null ? 'a token without a scope member, so with both scopes' : `scope "${granted}"`,
        },
      );
      const more = await furtherClaims(flow, narrow, exchange.string('access_token'));
      expect.none(
        more,
        `The token reads claims of ${scope} that were not allowed.`,
        'no claim that the token for openid does not read',
      );
      remark(`The wider request was granted without ${scope}.`);
    }
    await flow.code({ client, note: 'openid alone once more' });
  },
});

export const perClient = requirement({
  id: 'consent-per-client',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.4'), rfc(6749, '10.2')],
  needs: ['user', 'registration', 'page', 'login-session'],
  byBrowser: true,
  statement: "Consent to one client doesn't cover another.",
  how:
    "Registers two clients. Opens the first one's page, then the second one's in another tab, and allows " +
    "the first. Expects an answer with the first one's state, or an error page. Then the second requests " +
    'the same scope silently. Expects a page or an error (usually consent_required or ' +
    "interaction_required), and no code. Afterward both get codes, the second once it's allowed. If the " +
    "server doesn't ask the first user, tries the second; not applicable if it asks nobody.",
  hint: 'Store consent by user and client, and look it up by both.',
  deadline: 60_000,
  async check({ flow, users, target, expect, remark }) {
    const [allowed, other] = await Promise.all([flow.newClient(), flow.newClient()]);
    const as = await findAskingClient({ flow, target }, other);
    if (as === 'second') remark('The first user was not asked about a new client; the second was.');
    await judgeTwoPages({ flow, users, expect, remark }, { allowed, other, as });
    await flow.code({ client: allowed, as, note: 'the first client is allowed' });
    const quiet = await findQuietWay(flow, { client: allowed, as }, remark);
    const silent = await flow.authorize({
      client: other,
      as,
      ...quiet,
      note: 'the second client asks, and no page is answered',
    });
    expect.noCode(
      silent,
      'Consent to one client gave a code to another one.',
      'an error, as nobody allowed this client',
    );
    remark(`The client that was not allowed came to ${describeOutcome(silent)}.`);
    await flow.code({ client: allowed, as, note: 'the first client once more' });
    await flow.code({ client: other, as, note: 'the second client after its own consent' });
  },
});

export const perUser = requirement({
  id: 'consent-per-user',
  level: 'MUST',
  profile: 'oidc',
  clauses: [oidcCore('3.1.2.4')],
  needs: ['user', 'second-user', 'registration', 'login-session'],
  statement: "One user's consent doesn't cover another user.",
  how:
    'Registers two clients. The second user is asked about the first client, and leaves the page (if not asked, not ' +
    'applicable). The first user allows the second client. The second user opens its request, with prompt=none and ' +
    'without prompt. Expects a page or an error, and no code before this user allows, too.',
  hint: 'Store consent by user and client, and look it up by both.',
  async check({ flow, target, expect }) {
    const [untouched, client] = await Promise.all([flow.newClient(), flow.newClient()]);
    throwNotAsked(target.profile, await consentLeftOpen(flow, untouched, 'second', flow.minimalScope));
    await flow.code({ client, note: 'the first user allows' });
    for (const [how, params] of [
      ['with prompt=none', SILENT],
      ['without prompt', {}],
    ] as const) {
      const note = `the second user asks ${how}, and no page is answered`;
      const answer = await flow.authorize({ client, as: 'second', params, decide: 'stop', note });
      const expected = 'a page or an error, as this user has allowed nothing';
      expect.noCode(answer, `What one user allowed gave another one a code ${how}.`, expected);
    }
    await flow.code({ client, as: 'second', note: 'the second user allows, too' });
  },
});

/** Of two pages that are open at once, each is about its own request; a server may make the older one void. */
async function judgeTwoPages(
  { flow, users, expect, remark }: Pick<CheckContext, 'flow' | 'users' | 'expect' | 'remark'>,
  {
    allowed,
    other,
    as,
  }: { readonly allowed: Client; readonly other: Client; readonly as: 'first' | 'second' },
): Promise<void> {
  const visit = await users.newPage(as);
  if (!isDecision(await visit.openAuthorization({ client: allowed, note: 'the page of the first client' })))
    return remark('In a browser of its own the user was not asked about the first client.');
  await consentLeftOpen(flow, other, as, flow.minimalScope);
  const expected = visit.authorizationRequest?.params.get('state') ?? null;
  const answer = await visit.allow();
  if (answer.kind !== 'redirected')
    return remark(`With two pages open, allowing on the older one ended at ${describeOutcome(answer)}.`);
  expect.that(
    answer.query.get('state') === expected,
    'Allowing on the page of one client answers the request of another.',
    { expected: `the state ${expected}`, received: describeOutcome(answer), exchange: answer },
  );
}

/** @throws NotApplicable, or Blocked in profile polar, where the user is not asked */
async function isAskedAgain(
  { flow, target }: Pick<CheckContext, 'flow' | 'target'>,
  client: Client,
  scope: string,
): Promise<void> {
  throwNotAsked(target.profile, await consentLeftOpen(flow, client, 'first', scope));
}

/** @returns the user whom the server asks about a client that nobody knows */
async function findAskingClient(
  { flow, target }: Pick<CheckContext, 'flow' | 'target'>,
  client: Client,
): Promise<'first' | 'second'> {
  const shown = await consentLeftOpen(flow, client, 'first', flow.minimalScope);
  if (shown === null) return 'first';
  if (findCode(shown) !== null && flow.hasUser('second')) {
    if ((await consentLeftOpen(flow, client, 'second', flow.minimalScope)) === null) return 'second';
  }
  throwNotAsked(target.profile, shown);
  return 'first';
}

/** @returns null when a consent page was shown, and left without a decision, else what came instead */
async function consentLeftOpen(
  flow: Flow,
  client: Client,
  as: 'first' | 'second',
  scope: string,
): Promise<AuthorizationOutcome | null> {
  const answer = await flow.authorize({ client, as, scope, decide: 'stop', note: 'left without a decision' });
  return isDecision(answer) ? null : answer;
}

function throwNotAsked(
  profile: CheckContext['target']['profile'],
  instead: AuthorizationOutcome | null,
): void {
  if (instead === null) return;
  requireCode(instead, 'The request of a signed-in user');
  const what = 'The server shows no consent page for a new client.';
  throw profile === 'polar' ? new Blocked('consent', what) : new NotApplicable(what);
}

/**
 * How what was allowed is asked for without answering a page: with prompt=none where that gives a code, else without
 * prompt. Where neither does, the server asks every time, which keeps the rule as well.
 */
async function findQuietWay(
  flow: Flow,
  options: Pick<AuthorizationOptions, 'client' | 'as'>,
  remark: (text: string) => void,
): Promise<Pick<AuthorizationOptions, 'params' | 'decide'>> {
  const silent = { params: SILENT, decide: 'stop' } as const;
  const same = await flow.authorize({ ...options, ...silent, note: 'what was allowed, with prompt=none' });
  if (findCode(same) !== null) return silent;
  const plain = await flow.authorize({
    ...options,
    decide: 'stop',
    note: 'what was allowed, without prompt',
  });
  if (findCode(plain) === null && !isDecision(plain))
    requireCode(plain, 'A request for what was allowed before');
  remark(
    `With prompt=none what was allowed before ended at ${describeOutcome(same)}, and without prompt at ${describeOutcome(plain)}.`,
  );
  return { decide: 'stop' };
}

/** @returns the names of the claims that only the second token reads */
async function furtherClaims(
  flow: Flow,
  narrow: TokenSet,
  accessToken: string | null,
): Promise<readonly string[]> {
  if (accessToken === null || typeof flow.metadata().userinfo_endpoint !== 'string') return [];
  const before = await useFresh(() => flow.userinfo(narrow.access_token));
  const after = await useFresh(() => flow.userinfo(accessToken));
  return Object.keys(after.object()).filter((claim) => !(claim in before.object()));
}
