/** Headers by which a client, or a proxy on the way, names a place other than the server's own. */
import {
  nextRegistrationAccess,
  readRegistration,
  readRegistrationAccess,
} from '../../fixtures/flow/client-management.js';
import { Blocked } from '../../fixtures/verdict.js';
import { oidcDiscovery, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isMissing, nullOn } from '../steps/signals.js';
import { fetchDocument, readDocument } from './document.js';

const OTHER_HOST = 'evil.example';

/** @param protocol of the server; the other one is what a proxy would be lied to about */
const listForwarded = (protocol: string): readonly (readonly [name: string, value: string])[] => [
  ['x-forwarded-host', OTHER_HOST],
  ['forwarded', `for=192.0.2.1;host=${OTHER_HOST};proto=https`],
  ['x-forwarded-server', OTHER_HOST],
  ['x-original-host', OTHER_HOST],
  ['x-forwarded-proto', protocol === 'https:' ? 'http' : 'https'],
  ['x-forwarded-port', '4443'],
  ['x-forwarded-prefix', '/evil'],
];

type Members = Readonly<Record<string, unknown>>;

/** Whose values say where the server is. */
const isPlace = (name: string): boolean =>
  name === 'issuer' || name === 'jwks_uri' || name.endsWith('_endpoint');

export const forwardedHeaders = requirement({
  id: 'discovery-forwarded-headers',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '4.13'), oidcDiscovery('4.3'), rfc(8414, '3.3')],
  needs: ['metadata'],
  statement: 'Forwarding headers from outside change neither the issuer nor the endpoints.',
  how:
    'Fetches the document as usual, then with X-Forwarded-Host, Forwarded, X-Forwarded-Server and ' +
    `X-Original-Host, each naming ${OTHER_HOST}, and with X-Forwarded-Proto, X-Forwarded-Port and ` +
    'X-Forwarded-Prefix. Expects the same issuer, endpoints and jwks_uri, or a status from 400 to 499. At ' +
    'the authorization endpoint, expects no Location on that host.' +
    ' Then sends a valid request with each header that names the host, with and without prompt=none: the host is nowhere in the answer.' +
    " Where a client manages its record, the record doesn't name that host either.",
  hint:
    'Take the issuer from the configuration, and have the proxy overwrite forwarding headers that come ' +
    'from outside.',
  async check({ flow, target, expect }) {
    const usual = await readDocument(flow, target);
    const url = flow.endpoint('authorization');
    const asked = await nullOn(isMissing, () =>
      flow.authorize({ as: 'nobody', decide: 'stop', note: 'a valid request, as usual' }),
    );
    let access = await nullOn(isMissing, async () => readRegistrationAccess(await flow.newClient()));
    for (const [name, value] of listForwarded(new URL(target.discoveryUrl).protocol)) {
      const exchange = await fetchDocument(flow, target, `with ${name}: ${value}`, { [name]: value });
      if (exchange.status >= 500)
        throw new Blocked('discoveryDocument', `The document was answered with ${exchange.status}.`);
      const body: Members = exchange.status < 400 ? exchange.object() : usual;
      const changed = Object.keys(usual).filter(
        (member) => isPlace(member) && body[member] !== usual[member],
      );
      expect.none(
        changed.map((member) => `${member} ${String(body[member])}`),
        `The header ${name} changes URLs in the document.`,
        'the issuer and the endpoints as without the header',
        exchange,
      );
      const page = await flow.send({ url, headers: { [name]: value }, note: `authorization, ${name}` });
      const location = page.header('location') ?? '';
      const message = `The header ${name} changes where the authorization endpoint redirects to.`;
      expect.that(!location.includes(`//${OTHER_HOST}`), message, {
        expected: 'no redirect to that host',
        received: `Location: ${location}`,
        exchange: page,
      });
      if (!value.includes(OTHER_HOST)) continue;
      if (access !== null) {
        const note = `a client reads its record, ${name}`;
        const record = await readRegistration(flow, access.uri, access.token, note, { [name]: value });
        access = { ...access, token: nextRegistrationAccess(record, access).token };
        const message = `The header ${name} changes the record that a client reads.`;
        expect.that(!record.response.body.includes(OTHER_HOST), message, {
          expected: 'registration_client_uri as without the header',
          received: `a record that names ${OTHER_HOST}`,
          exchange: record,
        });
      }
      if (asked === null) continue;
      for (const prompt of ['', '&prompt=none']) {
        const note = `a valid request${prompt}, ${name}`;
        const answer = await flow.send({
          url: `${asked.request.url}${prompt}`,
          headers: { [name]: value },
          note,
        });
        const text = `${answer.header('location') ?? ''}\n${answer.response.body}`;
        expect.that(!text.includes(OTHER_HOST), `The header ${name} changes the answer to a valid request.`, {
          expected: 'the page or the redirect, iss included, as without the header',
          received: `an answer that names ${OTHER_HOST}`,
          exchange: answer,
        });
      }
    }
  },
});

export const foreignHost = requirement({
  id: 'discovery-foreign-host',
  level: 'SHOULD',
  levelReason:
    'No keyword: RFC 9700 is about headers that a proxy sets. What a cache does with such an answer is ' +
    'another matter.',
  profile: 'oauth',
  clauses: [rfc(9700, '4.13'), rfc(9110, '7.2')],
  needs: ['metadata'],
  statement: "A foreign Host header doesn't put another host's endpoints into the document.",
  how:
    `Fetches the document with Host: ${OTHER_HOST}, on a connection to the server. Expects a status from ` +
    "400 to 499, a redirect or a closed connection, or a document that doesn't mention that host.",
  hint: "Build URLs from the configured issuer, not from the Host header, and refuse hosts that aren't yours.",
  async check({ flow, target, expect, remark }) {
    await readDocument(flow, target);
    const { exchange } = await flow.sendRaw({
      url: target.discoveryUrl,
      headers: { host: OTHER_HOST, accept: 'application/json' },
      note: `with Host: ${OTHER_HOST}`,
    });
    if (exchange.status !== 200)
      return remark(`A foreign Host is answered with ${exchange.status || 'a closed connection'}.`);
    const message = "A request's Host header changes URLs in the document.";
    expect.that(!exchange.response.body.includes(OTHER_HOST), message, {
      expected: 'the endpoints of the issuer',
      received: `URLs on ${OTHER_HOST}`,
      exchange,
    });
  },
});
