/** Methods that an endpoint does not have. */
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';

export const method = requirement({
  id: 'robust-method',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9110, '15.5.6')],
  needs: [],
  statement: 'A 405 names the methods that are allowed.',
  how:
    'GET, PUT and DELETE at the token endpoint, POST at the configuration document. Expected: whenever the answer is 405 it has ' +
    'an Allow header, which may be empty; and no tokens. Other refusals, and a document that also answers POST, are not ' +
    'judged; without any 405 the requirement is not applicable.',
  hint: 'Add an Allow header to every 405.',
  async check({ flow, target, expect, remark }) {
    const token = flow.endpoint('token');
    const requests = [
      ...['GET', 'PUT', 'DELETE'].map((verb) => ({
        verb,
        url: token,
        what: `${verb} at the token endpoint`,
      })),
      { verb: 'POST', url: target.discoveryUrl, what: 'POST at the configuration document' },
    ];
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
        expected: 'an Allow header with the methods that the endpoint has',
        received: 'status 405 without Allow',
      });
      allowed.push(`${what}: ${allow === '' ? 'none' : allow}`);
    }
    if (allowed.length === 0) {
      throw new NotApplicable(`The server answers none of these with 405 (${others.join(', ')}).`);
    }
    remark(`Allowed instead of ${allowed.join('; ')}.`);
    if (others.length > 0) remark(`Not judged: ${others.join(', ')}.`);
  },
});
