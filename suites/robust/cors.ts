/** Which endpoints scripts of other origins may call and read, and which not. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { unknownCodeParams } from '../steps/exchange.js';
import { rawAuthorizationUrl, sharedOrUnknownClient } from './raw-requests.js';
import { serverPages } from './server-pages.js';

const ALLOW_ORIGIN = 'access-control-allow-origin';
const ALLOW_CREDENTIALS = 'access-control-allow-credentials';

export const tokenCors = requirement({
  id: 'robust-token-cors',
  // RFC 9700 says MAY; that a documented client in the browser must be able to call is the reason for SHOULD.
  level: 'SHOULD',
  profile: 'polar',
  clauses: [polarDocs('Public Clients'), rfc(9700, '2.6')],
  needs: ['public-client'],
  statement: 'Single-page applications can call the token endpoint from the browser.',
  how:
    'With the origin of the public client’s redirect URI: a token request with a made-up code. Expected: ' +
    'Access-Control-Allow-Origin is that origin or *, on this error response too, since an application has to read it. What ' +
    'a preflight for POST is answered is remarked on: a form is sent without one.',
  hint: 'Send Access-Control-Allow-Origin with every answer of the token endpoint, errors included.',
  async check({ flow, expect, remark }) {
    const client = await flow.client('public');
    const { origin, protocol } = new URL(client.redirect_uri);
    if (!/^https?:$/.test(protocol)) {
      throw new NotTested('The redirect URI of the public client belongs to no origin of the web.');
    }
    const preflight = await preflightFor(flow, flow.endpoint('token'), origin, 'POST');
    const exchange = await flow.tokenRequest(unknownCodeParams(flow, client), {
      auth: { client },
      headers: { origin },
      note: 'a made-up code, from a script in the browser',
    });
    requireNotRateLimited(exchange);
    const allowed = exchange.header(ALLOW_ORIGIN);
    expect.that(
      allowed === '*' || allowed === origin,
      'A script of the public client’s origin cannot read the answer of the token endpoint.',
      {
        expected: `Access-Control-Allow-Origin: ${origin} or *`,
        received: `${describeExchange(exchange)}, ${allowed === null ? 'without Access-Control-Allow-Origin' : `Access-Control-Allow-Origin: ${allowed}`}`,
      },
    );
    remark(
      `A preflight is answered with ${preflight.status}, Access-Control-Allow-Origin: ${preflight.header(ALLOW_ORIGIN) ?? 'none'}.`,
    );
  },
});

const FOREIGN_ORIGIN = 'https://evil.example';

export const corsCredentials = requirement({
  id: 'robust-cors-credentials',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '2.6')],
  needs: [],
  statement:
    'The authorization endpoint takes no part in CORS, and no endpoint that acts on the session’s cookie lets arbitrary origins read.',
  how:
    'With Origin: https://evil.example. The authorization endpoint, by GET and by a preflight: no ' +
    'Access-Control-Allow-Origin. The places that the forms of the login page and, with a user, of the consent page ' +
    'post to, by POST without cookies and by a preflight: never Access-Control-Allow-Credentials: true together ' +
    'with that origin. Any status is accepted. Pages whose forms have no address of their own are remarked on.',
  hint: 'Set CORS headers endpoint by endpoint, for those alone that scripts call without cookies.',
  async check({ flow, target, users, expect, remark }) {
    const url = rawAuthorizationUrl(flow, await sharedOrUnknownClient(flow));
    const note = 'the authorization request, from a script of another site';
    const direct = await flow.send({ url, headers: { origin: FOREIGN_ORIGIN }, note });
    const preflight = await preflightFor(flow, flow.endpoint('authorization'), FOREIGN_ORIGIN, 'GET');
    for (const [exchange, what] of [
      [direct, 'an authorization request'],
      [preflight, 'a preflight at the authorization endpoint'],
    ] as const) {
      requireNotRateLimited(exchange);
      const allowed = exchange.header(ALLOW_ORIGIN);
      expect.that(
        allowed === null,
        `The answer to ${what} of another site has Access-Control-Allow-Origin.`,
        { expected: 'no Access-Control-Allow-Origin', received: `Access-Control-Allow-Origin: ${allowed}` },
      );
    }
    for (const { what, page } of await serverPages({ flow, target, users }, remark)) {
      if (what === 'error') continue;
      const action = formAction(page.html, page.url);
      if (action === null) {
        remark(`The ${what} page has no form with an address of its own.`);
        continue;
      }
      await judgeAction(flow, expect, action, what);
    }
  },
});

async function judgeAction(flow: Flow, expect: Expect, url: string, what: string): Promise<void> {
  const posted = await flow.send({
    method: 'POST',
    url,
    headers: { origin: FOREIGN_ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
    note: `what the ${what} page posts to, from a script of another site`,
  });
  for (const exchange of [posted, await preflightFor(flow, url, FOREIGN_ORIGIN, 'POST')]) {
    const shared =
      exchange.header(ALLOW_CREDENTIALS) === 'true' && exchange.header(ALLOW_ORIGIN) === FOREIGN_ORIGIN;
    expect.that(!shared, `A script of any site may read, with cookies, what the ${what} form is answered.`, {
      expected: 'no Access-Control-Allow-Credentials for an arbitrary origin',
      received: `Access-Control-Allow-Origin: ${FOREIGN_ORIGIN} and Access-Control-Allow-Credentials: true`,
    });
  }
}

function preflightFor(flow: Flow, url: string, origin: string, method: string): Promise<Exchange> {
  return flow.send({
    method: 'OPTIONS',
    url,
    headers: { origin, 'access-control-request-method': method },
    note: `a preflight for ${method}`,
  });
}

/** @returns where the first form of the page posts to */
function formAction(html: string, page: string): string | null {
  const form = [...html.matchAll(/<form\b[^>]*>/gi)]
    .map(([tag]) => tag)
    .find((tag) => /\bmethod\s*=\s*["']?post/i.test(tag));
  const action = /\baction\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(form ?? '');
  const value = (action?.[1] ?? action?.[2] ?? action?.[3])?.replaceAll('&amp;', '&');
  return value !== undefined && URL.canParse(value, page) ? new URL(value, page).href : null;
}
