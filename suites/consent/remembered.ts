/** A remembered consent covers what the person has allowed, to the client that they allowed it to, and no more. */

import { codeIn, codeOf } from '../../fixtures/flow/answer.js';
import type { Answer, Client, Flow, Tokens } from '../../fixtures/flow/types.js';
import { whereItEnded } from '../../fixtures/judgement/describe.js';
import { Blocked, NotApplicable } from '../../fixtures/verdict.js';
import { isDecision } from '../authz/onwards.js';
import { type CheckContext, requirement } from '../requirement.js';
import { oidcCore, rfc } from '../sources.js';
import { requireCode } from '../steps/codes.js';

const SILENT = { prompt: 'none' } as const;

export const notWidened = requirement({
  id: 'consent-not-widened',
  level: 'MUST',
  profile: 'oidc',
  source: [oidcCore('3.1.2.4')],
  needs: ['person', 'registration', 'page'],
  byBrowser: true,
  statement: 'Consent to some scopes does not cover others.',
  how:
    'A client that declared openid and email is allowed openid, and then asks for both with prompt=none. Expected: an ' +
    'error (consent_required or interaction_required are usual), or a code for a token whose scope lacks email and ' +
    'which reads no further claims at userinfo. The request for openid works before and afterwards. Not applicable ' +
    'where another client of the same kind is not asked about both scopes, or where the first token has email already.',
  next: 'Compare every scope of the request with those that were allowed, and ask again where one is missing.',
  async check({ flow, target, expect, remark }) {
    const declared = { scope: 'openid email' };
    const [client, other] = await Promise.all([flow.ownClient(declared), flow.ownClient(declared)]);
    const wide = flow.wide(client);
    const scope = wide.split(' ').find((one) => one !== 'openid') ?? 'email';
    await asksFor({ flow, target }, other, wide);

    const narrow = await flow.tokens({ client, note: 'openid alone is allowed' });
    if (narrow.scope.split(' ').includes(scope)) {
      throw new NotApplicable(
        `The server grants ${scope} with openid, so there is nothing wider to ask for.`,
      );
    }
    await remembers(flow, client, remark);

    const silent = await flow.authorize({
      client,
      scope: wide,
      params: SILENT,
      note: `${scope} beside openid, silently`,
    });
    const code = codeOf(silent);
    if (code === null) {
      remark(`The wider request came to ${whereItEnded(silent)}.`);
    } else {
      const exchange = await flow.redeem(code);
      if (exchange.string('access_token') === null) {
        throw new Blocked('tokens', `The code was answered with ${exchange.status} and no token.`);
      }
      const granted = exchange.string('scope');
      expect.that(
        granted !== null && !granted.split(' ').includes(scope),
        `After consent to openid alone a request for ${scope} too was granted without asking.`,
        {
          expected: `an error, or a token without ${scope}`,
          received:
            granted === null ? 'a token without scope member, so of both scopes' : `scope "${granted}"`,
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
  source: [oidcCore('3.1.2.4'), rfc(6749, '10.2')],
  needs: ['person', 'registration', 'page'],
  byBrowser: true,
  statement: 'Consent to one client does not cover another.',
  how:
    'Two clients are registered just now. The person is asked about the second and gives no answer, then allows the ' +
    'first. Expected: the second, for the same scope and with prompt=none, gets an error (consent_required or ' +
    'interaction_required are usual) and no code. Afterwards the first gets a code, and the second too once it is ' +
    'allowed. Where the first person is not asked, the second person is tried, who may have allowed nothing yet; where ' +
    'nobody is asked, consent is given by other means and this does not apply.',
  next: 'Store consent by person and client, and look it up by both.',
  async check({ flow, target, expect, remark }) {
    const [allowed, other] = await Promise.all([flow.ownClient(), flow.ownClient()]);
    const as = await whoIsAsked({ flow, target }, other);
    if (as === 'second') remark('The first person was not asked about a new client; the second was.');
    await flow.code({ client: allowed, as, note: 'the first client is allowed' });
    const silent = await flow.authorize({
      client: other,
      as,
      params: SILENT,
      note: 'the second client asks silently',
    });
    expect.noCode(
      silent,
      'Consent to one client gave a code to another one.',
      'an error, as nobody allowed this client',
    );
    remark(`The client that was not allowed came to ${whereItEnded(silent)}.`);
    await flow.code({ client: allowed, as, note: 'the first client once more' });
    await flow.code({ client: other, as, note: 'the second client after its own consent' });
  },
});

/** @throws NotApplicable, or Blocked in profile polar, where the person is not asked */
async function asksFor(
  { flow, target }: Pick<CheckContext, 'flow' | 'target'>,
  client: Client,
  scope: string,
): Promise<void> {
  notAsked(target.profile, await leftOpen(flow, client, 'first', scope));
}

/** @returns the person whom the server asks about a client that nobody knows */
async function whoIsAsked(
  { flow, target }: Pick<CheckContext, 'flow' | 'target'>,
  client: Client,
): Promise<'first' | 'second'> {
  const shown = await leftOpen(flow, client, 'first', flow.narrow);
  if (shown === null) return 'first';
  if (codeIn(shown) !== null && flow.hasPerson('second')) {
    if ((await leftOpen(flow, client, 'second', flow.narrow)) === null) return 'second';
  }
  notAsked(target.profile, shown);
  return 'first';
}

/** @returns null when a consent page was shown, and left without a decision, else what came instead */
async function leftOpen(
  flow: Flow,
  client: Client,
  as: 'first' | 'second',
  scope: string,
): Promise<Answer | null> {
  const answer = await flow.authorize({ client, as, scope, decide: 'stop', note: 'left without a decision' });
  return isDecision(answer) ? null : answer;
}

function notAsked(profile: CheckContext['target']['profile'], instead: Answer | null): void {
  if (instead === null) return;
  requireCode(instead, 'The request of a signed-in person');
  const what = 'The server shows no consent page for a new client.';
  throw profile === 'polar' ? new Blocked('consent', what) : new NotApplicable(what);
}

/** A server that asks every time keeps the rule as well; which it is stands in the report. */
async function remembers(flow: Flow, client: Client, remark: (text: string) => void): Promise<void> {
  const same = await flow.authorize({ client, params: SILENT, note: 'what was allowed, silently' });
  if (codeIn(same) !== null) return;
  remark(`Consent is not remembered: the same request with prompt=none came to ${whereItEnded(same)}.`);
}

/** @returns the names of the claims that only the second token reads */
async function furtherClaims(
  flow: Flow,
  narrow: Tokens,
  accessToken: string | null,
): Promise<readonly string[]> {
  if (accessToken === null || typeof flow.metadata().userinfo_endpoint !== 'string') return [];
  const before = await flow.userinfo(narrow.access_token);
  const after = await flow.userinfo(accessToken);
  return Object.keys(after.object()).filter((claim) => !(claim in before.object()));
}
