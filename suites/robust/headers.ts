/** Header fields that belong to every answer of a kind: Allow to a 405, nosniff to whatever is served. */
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { EndpointName } from '../../fixtures/flow/types.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { asvs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isMissing, nullOn } from '../steps/signals.js';
import { serverPages } from './server-pages.js';

/** Methods that the endpoints don't have. None of them changes anything. */
const WRONG_METHODS: readonly (readonly [EndpointName, ...string[]])[] = [
  ['token', 'GET', 'PUT', 'DELETE'],
  ['userinfo', 'PUT', 'DELETE'],
  ['revocation', 'GET', 'DELETE'],
  ['introspection', 'GET', 'DELETE'],
  ['jwks', 'POST', 'DELETE'],
];

export const method = requirement({
  id: 'robust-method',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9110, '15.5.6')],
  needs: [],
  statement: 'A 405 names the allowed methods.',
  how:
    'Sends GET, PUT and DELETE to the token endpoint, PUT and DELETE to userinfo, GET and DELETE to ' +
    'revocation and introspection, POST and DELETE to the key set, and POST to the configuration document. ' +
    "Expects an Allow header in every 405, which may be empty, and no tokens. Doesn't judge other " +
    'refusals. Not applicable without any 405.',
  hint: 'Add an Allow header to every 405.',
  async check({ flow, target, expect, remark }) {
    const requests = [{ url: target.discoveryUrl, verb: 'POST', what: 'POST at the configuration document' }];
    for (const [name, ...verbs] of WRONG_METHODS) {
      const url = await nullOn(isMissing, () => flow.endpoint(name));
      if (url === null) continue;
      requests.push(...verbs.map((verb) => ({ url, verb, what: `${verb} at the ${name} endpoint` })));
    }
    const allowed: string[] = [];
    const others: string[] = [];
    for (const { verb, url, what } of requests) {
      const exchange = await flow.send({ method: verb, url, note: what });
      requireNotRateLimited(exchange);
      expect.noTokens(exchange, what);
      if (exchange.status !== 405) {
        others.push(`${what}: ${exchange.status}`);
        continue;
      }
      const allow = exchange.header('allow');
      expect.that(allow !== null, `${what} is answered with 405 without an Allow header.`, {
        expected: "an Allow header with the endpoint's methods",
        received: 'status 405 without Allow',
        exchange,
      });
      allowed.push(`${what}: ${allow === '' ? 'none' : allow}`);
    }
    if (allowed.length === 0)
      throw new NotApplicable(`The server answers none of these with 405 (${others.join(', ')}).`);
    remark(`Allowed instead of ${allowed.join('; ')}.`);
    if (others.length > 0) remark(`Not judged: ${others.join(', ')}.`);
  },
});

export const nosniff = requirement({
  id: 'robust-nosniff',
  level: 'SHOULD',
  levelReason: "OWASP ASVS isn't an OAuth specification. It says what every web server should do.",
  profile: 'oauth',
  clauses: [asvs('14.4.4')],
  needs: [],
  statement: 'Responses forbid content sniffing.',
  how:
    'Expects X-Content-Type-Options: nosniff on the login page, on an error page, on the consent page if ' +
    "there's a user, and on a token endpoint error. Remarks on pages that the server doesn't have, or has " +
    'elsewhere.',
  hint: 'Send X-Content-Type-Options: nosniff with every response.',
  async check({ flow, target, expect, remark }) {
    const refusal = await flow.send({
      method: 'POST',
      url: flow.endpoint('token'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=urn%3Aexample%3Anone',
      note: 'a token request that is refused',
    });
    requireNotRateLimited(refusal);
    if (refusal.status < 400) throw new NotTested('The token endpoint did not refuse an unknown grant type.');
    const fields = new Map<string, string | null>();
    for (const { what, page } of await serverPages({ flow, target }, remark))
      fields.set(`the ${what} page`, page.headers['x-content-type-options'] ?? null);
    // Where the endpoint fails as such, its owner says so, and this answer is not the one that is meant.
    if (refusal.status >= 500)
      remark(`The token endpoint answered ${refusal.status}, so its error response was not looked at.`);
    else fields.set('the error response of the token endpoint', refusal.header('x-content-type-options'));
    const missing = [...fields].filter(([, value]) => value?.trim().toLowerCase() !== 'nosniff');
    const where = missing.map(([what]) => what).join(', ');
    expect.that(missing.length === 0, `X-Content-Type-Options: nosniff is missing on ${where}.`, {
      expected: 'X-Content-Type-Options: nosniff',
      received: `X-Content-Type-Options: ${missing[0]?.[1] ?? 'left out'}`,
    });
    remark(`Looked at: ${[...fields.keys()].join(', ')}.`);
  },
});
