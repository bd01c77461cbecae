/** Headers by which a client, or a proxy on the way, names another host than the server's own. */
import { Blocked } from '../../fixtures/verdict.js';
import { oidcDiscovery, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { readDocument } from './document.js';

const OTHER_HOST = 'evil.example';

const FORWARDED: readonly (readonly [string, string])[] = [
  ['x-forwarded-host', OTHER_HOST],
  ['forwarded', `for=192.0.2.1;host=${OTHER_HOST};proto=https`],
  ['x-forwarded-server', OTHER_HOST],
  ['x-original-host', OTHER_HOST],
];

export const forwardedHeaders = requirement({
  id: 'discovery-forwarded-headers',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '4.13'), oidcDiscovery('4.3'), rfc(8414, '3.3')],
  needs: ['metadata'],
  statement: 'Forwarding headers from outside change neither issuer nor endpoints.',
  how:
    `The document is fetched as usual, then with X-Forwarded-Host, Forwarded, X-Forwarded-Server and X-Original-Host, each ` +
    `naming ${OTHER_HOST}. Expected: the same issuer and nothing of that host in the document, or a status from 400 to ` +
    '499. The same headers at the authorization endpoint: no Location on that host.',
  hint: 'Take the issuer from the configuration, and let the proxy overwrite forwarding headers that come from outside.',
  async check({ flow, target, expect }) {
    const { issuer } = await readDocument(flow, target);
    const authorization = flow.endpoint('authorization');
    for (const [name, value] of FORWARDED) {
      const headers = { accept: 'application/json', [name]: value };
      const document = await flow.send({ url: target.discoveryUrl, headers, note: `with ${name}: ${value}` });
      if (document.status >= 500)
        throw new Blocked('discoveryDocument', `The document was answered with ${document.status}.`);
      if (document.status < 400) {
        expect.same(
          document.object().issuer,
          issuer,
          `The header ${name} changes the issuer of the document.`,
        );
        expect.that(
          !document.response.body.includes(OTHER_HOST),
          `The header ${name} changes URLs of the document.`,
          {
            expected: 'the endpoints as without the header',
            received: `URLs on ${OTHER_HOST}`,
            exchange: document,
          },
        );
      }
      const page = await flow.send({
        url: authorization,
        headers: { [name]: value },
        note: `authorization, ${name}`,
      });
      const location = page.header('location') ?? '';
      expect.that(
        !location.includes(`//${OTHER_HOST}`),
        `The header ${name} changes where the authorization endpoint redirects to.`,
        {
          expected: 'no redirect to that host',
          received: `Location: ${location}`,
          exchange: page,
        },
      );
    }
  },
});

export const foreignHost = requirement({
  id: 'discovery-foreign-host',
  // No keyword: RFC 9700 speaks of headers that a proxy sets. What a cache keeps of such an answer is another's.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(9700, '4.13'), rfc(9110, '7.2')],
  needs: ['metadata'],
  statement: 'A foreign Host header does not put endpoints of another host into the document.',
  how:
    `The document is fetched with Host: ${OTHER_HOST}, on a connection to the server. Expected: a status from 400 to 499, ` +
    'a redirect or a closed connection; or a document with nothing of that host.',
  hint: 'Make URLs from the configured issuer, not from the Host header; refuse hosts that are not yours.',
  async check({ flow, target, expect, remark }) {
    await readDocument(flow, target);
    const { exchange } = await flow.sendRaw({
      url: target.discoveryUrl,
      headers: { host: OTHER_HOST, accept: 'application/json' },
      note: `with Host: ${OTHER_HOST}`,
    });
    if (exchange.status !== 200)
      return remark(`A foreign Host is answered with ${exchange.status || 'a closed connection'}.`);
    expect.that(
      !exchange.response.body.includes(OTHER_HOST),
      'The Host header of a request changes URLs of the document.',
      {
        expected: 'the endpoints of the issuer',
        received: `URLs on ${OTHER_HOST}`,
        exchange,
      },
    );
  },
});
