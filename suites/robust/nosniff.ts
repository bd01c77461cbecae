/** Nothing that the server sends is to be taken for another type than it says. */
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import { NotTested } from '../../fixtures/verdict.js';
import { asvs } from '../clauses.js';
import { requirement } from '../requirement.js';
import { serverPages } from './server-pages.js';

export const nosniff = requirement({
  id: 'robust-nosniff',
  // OWASP ASVS is not a clause of OAuth; it says what every web server should do.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [asvs('14.4.4')],
  needs: [],
  statement: 'Responses forbid content sniffing.',
  how:
    'Expected: X-Content-Type-Options: nosniff on the login page and an error page, with a user on the consent page, and on an ' +
    'error response of the token endpoint. Pages that the server does not have, or has elsewhere, are remarked on.',
  hint: 'Send X-Content-Type-Options: nosniff with every response.',
  async check({ flow, target, users, expect, remark }) {
    const refusal = await flow.send({
      method: 'POST',
      url: flow.endpoint('token'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=urn%3Aexample%3Anone',
      note: 'a token request that is refused',
    });
    requireNotRateLimited(refusal);
    // Where the endpoint fails as such, its owner says so, and this answer is not the one that is meant.
    const failed = refusal.status >= 500;
    if (failed)
      remark(`The token endpoint answered ${refusal.status}, so its error response was not looked at.`);
    if (refusal.status < 400) throw new NotTested('The token endpoint did not refuse an unknown grant type.');
    const fields = new Map<string, string | null>();
    for (const { what, page } of await serverPages({ flow, target, users }, remark)) {
      fields.set(`the ${what} page`, page.headers['x-content-type-options'] ?? null);
    }
    if (!failed) {
      fields.set('the error response of the token endpoint', refusal.header('x-content-type-options'));
    }
    const missing = [...fields].filter(([, value]) => value?.trim().toLowerCase() !== 'nosniff');
    const where = missing.map(([what]) => what).join(', ');
    expect.that(missing.length === 0, `Content sniffing is not forbidden on ${where}.`, {
      expected: 'X-Content-Type-Options: nosniff',
      received: `X-Content-Type-Options: ${missing[0]?.[1] ?? 'left out'}`,
    });
    remark(`Looked at: ${[...fields.keys()].join(', ')}.`);
  },
});
