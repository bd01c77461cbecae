/** Which endpoints scripts of other origins may call and read, and which not. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { unknownCodeParams } from '../steps/exchange.js';
import { isUnavailable, nullOn } from '../steps/signals.js';
import { rawAuthorizationUrl, sharedOrUnknownClient } from './raw-requests.js';
import { serverPages } from './server-pages.js';

const readAllowed = (exchange: Exchange): string => exchange.header('access-control-allow-origin') ?? 'none';

export const tokenCors = requirement({
  id: 'robust-token-cors',
  level: 'SHOULD',
  levelReason:
    'RFC 9700 says MAY. A documented browser client has to be able to call the endpoint, so this is a ' +
    'SHOULD.',
  profile: 'polar',
  clauses: [polarDocs('Public Clients'), rfc(9700, '2.6')],
  needs: ['public-client'],
  statement: 'Single-page applications can call the token endpoint from the browser.',
  how:
    "With the origin of the public client's redirect URI, sends a token request with a made-up code and, " +
    'if a user is available, with a real one. Expects Access-Control-Allow-Origin with that origin or *, ' +
    "also on the error. Remarks on the answer to a preflight, which a form doesn't need.",
  hint: 'Send Access-Control-Allow-Origin with every token endpoint response, including errors.',
  async check({ flow, expect, remark }) {
    const client = await flow.client('public');
    const { origin, protocol } = new URL(client.redirect_uri);
    if (!/^https?:$/.test(protocol))
      throw new NotTested("The public client's redirect URI has no web origin.");
    const preflight = await preflightFor(flow, flow.endpoint('token'), origin, 'POST');
    const options = { auth: { client }, headers: { origin } };
    const refusal = await flow.tokenRequest(unknownCodeParams(flow, client), {
      ...options,
      note: 'a made-up code, from a script in the browser',
    });
    const code = await nullOn(isUnavailable, () => flow.code({ client }));
    const answers = [refusal];
    if (code !== null)
      answers.push(await flow.exchangeCode(code, { ...options, note: 'a real code, from a script' }));
    for (const exchange of answers) {
      requireNotRateLimited(exchange);
      const allowed = readAllowed(exchange);
      const message = "A script of the public client's origin cannot read the answer of the token endpoint.";
      expect.that(allowed === '*' || allowed === origin, message, {
        expected: `Access-Control-Allow-Origin: ${origin} or *`,
        received: `${describeExchange(exchange)}, Access-Control-Allow-Origin: ${allowed}`,
        exchange,
      });
    }
    remark(
      `A preflight is answered with ${preflight.status}, Access-Control-Allow-Origin: ${readAllowed(preflight)}.`,
    );
  },
});

/** Origins that no server should trust: any site, a sandboxed frame, and one that only looks like the server's own. */
const listForeignOrigins = (issuer: string): readonly string[] => [
  'https://evil.example',
  'null',
  `${new URL(issuer).origin.replace(/:\d+$/, '')}.evil.example`,
];

export const corsCredentials = requirement({
  id: 'robust-cors-credentials',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.6')],
  needs: [],
  statement:
    "The authorization endpoint doesn't support CORS, and no endpoint that uses the session cookie lets " +
    'other origins read its responses.',
  how:
    "Sends Origin https://evil.example, null, and one that starts like the server's own. Expects no " +
    'Access-Control-Allow-Origin at the authorization endpoint, by GET and by a preflight. Where the login ' +
    'and consent forms post to, by POST with no cookies and by a preflight, and at the API, by GET with a ' +
    "user's cookies and no token, expects never Access-Control-Allow-Credentials: true together with that " +
    'origin, unless the API refuses the cookies.',
  hint: 'Set CORS headers endpoint by endpoint, only where scripts call without cookies.',
  async check(context) {
    const { flow, target, expect, remark } = context;
    const origins = listForeignOrigins(target.issuer);
    const url = rawAuthorizationUrl(flow, await sharedOrUnknownClient(flow));
    for (const origin of origins) {
      const note = `the authorization request, from a script of ${origin}`;
      for (const [exchange, what] of [
        [await flow.send({ url, headers: { origin }, note }), 'an authorization request'],
        [await preflightFor(flow, flow.endpoint('authorization'), origin, 'GET'), 'a preflight for it'],
      ] as const) {
        requireNotRateLimited(exchange);
        const message = `The answer to ${what} from another site has Access-Control-Allow-Origin.`;
        const found = exchange.header('access-control-allow-origin');
        expect.none(found, message, 'no Access-Control-Allow-Origin', exchange);
      }
    }
    for (const { what, page } of await serverPages(context, remark)) {
      if (what === 'error') continue;
      const action = findFormAction(page.html, page.url);
      if (action === null) remark(`The ${what} page has no form with its own URL.`);
      else for (const origin of origins) await judgeAction(context, action, `the ${what} form`, origin);
    }
    for (const origin of origins) await judgeApiWithCookies(context, origin);
  },
});

/** Never: this origin, with credentials. */
function expectNotShared({ expect }: CheckContext, exchange: Exchange, what: string, origin: string): void {
  const isShared =
    exchange.header('access-control-allow-credentials') === 'true' && readAllowed(exchange) === origin;
  expect.that(!isShared, `A script on any site can read the response of ${what}, with the user's cookies.`, {
    expected: 'no Access-Control-Allow-Credentials for an arbitrary origin',
    received: `Access-Control-Allow-Origin: ${origin} and Access-Control-Allow-Credentials: true`,
    exchange,
  });
}

async function judgeAction(context: CheckContext, url: string, what: string, origin: string): Promise<void> {
  const { flow } = context;
  const headers = { origin, 'content-type': 'application/x-www-form-urlencoded' };
  const note = `${what}, from a script of ${origin}`;
  expectNotShared(context, await flow.send({ method: 'POST', url, headers, body: '', note }), what, origin);
  expectNotShared(context, await preflightFor(flow, url, origin, 'POST'), what, origin);
}

/** An API that knows the user by the cookie alone, as some do for their own pages. */
async function judgeApiWithCookies(context: CheckContext, origin: string): Promise<void> {
  const { flow, target } = context;
  const { user } = target.settings.apiEndpoints ?? {};
  const path = user?.path ?? null;
  if (path === null || (user?.method ?? 'GET') !== 'GET') return;
  const url = `${(target.settings.api ?? target.issuer).replace(/\/+$/, '')}${path}`;
  const note = `the API with the cookies of a user, from a script of ${origin}`;
  const answer = await nullOn(isUnavailable, () =>
    flow.sendRaw({ url, as: 'first', headers: { origin }, note }),
  );
  if (answer !== null && answer.exchange.status === 200)
    expectNotShared(context, answer.exchange, 'the API', origin);
}

function preflightFor(flow: Flow, url: string, origin: string, method: string): Promise<Exchange> {
  const headers = { origin, 'access-control-request-method': method };
  return flow.send({ method: 'OPTIONS', url, headers, note: `a preflight for ${method}` });
}

/** @returns where the first form of the page posts to */
function findFormAction(html: string, page: string): string | null {
  const form = [...html.matchAll(/<form\b[^>]*>/gi)]
    .map(([tag]) => tag)
    .find((tag) => /\bmethod\s*=\s*["']?post/i.test(tag));
  const action = /\baction\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(form ?? '');
  const value = (action?.[1] ?? action?.[2] ?? action?.[3])?.replaceAll('&amp;', '&');
  return value !== undefined && URL.canParse(value, page) ? new URL(value, page).href : null;
}
