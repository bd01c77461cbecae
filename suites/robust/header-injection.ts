/** Line breaks in parameters must not become line breaks between header fields. */
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { NotUnderstood } from '../../fixtures/browser/unrecognized-page.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Client, RawExchange } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { clientThatAsks, openConsent } from '../steps/consent.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';
import { usernameIfKnown } from '../steps/login.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { rawAuthorizationUrl } from './raw-requests.js';

const PAYLOADS = ['%0d%0aX-Injected:%201', '%0aSet-Cookie:injected=1'] as const;

/** The ways to an answer at the redirect URI that a header field carries at once. */
const WAYS = [
  { label: 'a signed-in user', as: 'first', more: {} },
  { label: 'nobody, with prompt=none', more: { prompt: 'none' } },
] as const;

type Way = (typeof WAYS)[number];

export const headerInjection = requirement({
  id: 'robust-header-injection',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '10.14'), rfc(9110, '5.5')],
  needs: ['user'],
  statement: "Line breaks in parameters don't get into the response headers.",
  how:
    'Sends authorization requests, signed in and without a session with prompt=none, with ' +
    '%0d%0aX-Injected:%201 and %0aSet-Cookie:injected=1 appended to state, scope and redirect_uri, and ' +
    'reads the response on a bare socket, where a lone CR or LF also ends a line. Sends the state through ' +
    'a consent form, to allow and to deny, and through a login form if the password is known. Expects no ' +
    'such header and no such cookie. robust-authz-bytes judges a server error.',
  hint: 'Percent-encode parameters before you put them into Location, and let no line break into any header.',
  async check(context) {
    const { flow, expect, remark } = context;
    const client = await flow.client();
    await flow.code({ client });
    const answered: string[] = [];
    for (const way of WAYS) if (await isAnswered(flow, client, way)) answered.push(way.label);
    const valid = {
      state: 'polar-conformance',
      scope: flow.minimalScope,
      redirect_uri: encodeURIComponent(client.redirect_uri),
    };
    for (const [name, value] of Object.entries(valid)) {
      for (const payload of PAYLOADS) {
        for (const way of WAYS) {
          const note = `${name} with ${payload}, ${way.label}`;
          const answer = await ask(flow, client, way, { [name]: value + payload }, note);
          const message = `A line break in ${name} starts a new response header.`;
          const expected = 'the line break percent-encoded, or the request refused';
          expect.none(findInjectedField(answer), message, expected, answer.exchange);
        }
      }
    }
    for (const decision of ['allow', 'deny'] as const)
      if (await judgeAfterForm(context, decision)) answered.push(`the form to ${decision}`);
    if (await judgeAfterLogin(context)) answered.push('the login form');
    if (answered.length === 0)
      throw new NotTested('No request got an answer at the redirect URI in a Location header.');
    remark(`With harmless values, a Location header answers ${answered.join(' and ')}.`);
  },
});

async function isAnswered(flow: Flow, client: Client, way: Way): Promise<boolean> {
  const state = 'harmless-value';
  const { fields } = await ask(flow, client, way, { state }, `harmless values, ${way.label}`);
  return fields.some(
    ([name, value]) =>
      name === 'location' &&
      value.startsWith(client.redirect_uri) &&
      new URLSearchParams(value.split(/[?#]/).slice(1).join('&')).get('state') === state,
  );
}

async function ask(
  flow: Flow,
  client: Client,
  { more, ...way }: Way,
  raw: Readonly<Record<string, string>>,
  note: string,
): Promise<RawExchange> {
  const url = rawAuthorizationUrl(flow, client, { ...raw, ...more });
  const answer = await flow.sendRaw({ url, note, ...('as' in way ? { as: way.as } : {}) });
  requireNotRateLimited(answer.exchange);
  return answer;
}

function findInjectedField({ fields }: RawExchange): string | null {
  const found = fields.find(
    ([name, value]) => name === 'x-injected' || (name === 'set-cookie' && /^injected=/.test(value)),
  );
  return found === undefined ? null : found.join(': ');
}

/** @returns whether somebody could sign in, so that the answer came after the login form */
async function judgeAfterLogin({ flow, users, expect }: CheckContext): Promise<boolean> {
  if ((await usernameIfKnown(users)) === null) return false;
  const visit = await nullOn(isUnavailable, () => users.newPage('nobody'));
  if (visit === null) return false;
  const client = await flow.client();
  const injected = watchForInjected(visit);
  const asked = await visit.openAuthorization({
    client,
    state: WITH_LINES,
    note: 'state with line breaks, signed out',
  });
  const isNotUnderstood = (signal: unknown) => signal instanceof NotUnderstood;
  if ((await nullOn(isNotUnderstood, () => continueToRedirect(visit, asked))) === null) return false;
  const message = 'A line break in state starts a new response header after the login form.';
  expect.none(await injected(), message, 'the line break percent-encoded, or the request refused');
  return true;
}

const WITH_LINES = decodeURIComponent(`polar-conformance${PAYLOADS.join('')}`);

/** @returns what tells which of the fields came until then */
function watchForInjected(visit: BrowserPage): () => Promise<readonly string[]> {
  const injected: string[] = [];
  visit.page.on('response', (response) => {
    if ('x-injected' in response.headers()) injected.push('X-Injected');
  });
  return async () => {
    const cookies = (await visit.context.cookies()).map(({ name }) => name);
    return cookies.includes('injected') ? [...injected, 'Set-Cookie'] : injected;
  };
}

/** @returns whether a consent page was shown, so that the answer came after its form */
async function judgeAfterForm(context: CheckContext, decision: 'allow' | 'deny'): Promise<boolean> {
  const { flow, expect } = context;
  const { options } = await clientThatAsks(flow);
  const note = `state with line breaks, ${decision}`;
  const isGone = (signal: unknown) => isUnavailable(signal) || signal instanceof NotApplicable;
  const consent = await nullOn(isGone, () => openConsent(context, { ...options, state: WITH_LINES, note }));
  if (consent === null) return false;
  const { visit } = consent;
  const injected = watchForInjected(visit);
  // Not every page can be understood, or has a way to deny; other checks report that.
  const isNotUnderstood = (signal: unknown) => signal instanceof NotUnderstood;
  if ((await nullOn(isNotUnderstood, () => visit[decision]())) === null) return false;
  const message = `A line break in state starts a new response header after the form to ${decision}.`;
  expect.none(await injected(), message, 'the line break percent-encoded, or the request refused');
  return true;
}
