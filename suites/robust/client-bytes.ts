/** Malformed credentials and tokens at the endpoints that clients call. */

import { Buffer } from 'node:buffer';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Client, EndpointName, RawExchange } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isNotApplicable, nullOn } from '../steps/signals.js';
import { demandWellFormedAnswered, isClientError, tokenForm } from './raw-requests.js';

const base64 = (...parts: readonly (string | number)[]): string =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))),
  ).toString('base64');

const HEADERS: readonly (readonly [what: string, header: string])[] = [
  ['Basic without a colon', `Basic ${base64('no-colon-here')}`],
  ['Basic that is not base64', 'Basic %%%not-base64%%%'],
  ['Basic with invalid UTF-8', `Basic ${base64('client', 0xc3, 0x28, ':secret', 0xff)}`],
  ['Basic with a malformed percent-encoding', `Basic ${base64('client%ZZ:secret%')}`],
  ['Basic with a NUL character', `Basic ${base64('client', 0, ':secret')}`],
  ['Basic without credentials', 'Basic'],
  ['an unknown scheme', 'Unknown x'],
];

const FIELDS: readonly (readonly [name: string, value: string])[] = [
  ['client_id', 'a%00'],
  ['client_id', 'a%C3%28'],
  ['client_secret', 'a%00'],
  ['client_secret', 'a%C3%28'],
  ['code_verifier', 'a%00'],
  ['redirect_uri', 'https%3A%2F%2Fapp.example.com%2F%00'],
  ['grant_type', 'refresh_token%00'],
  ['scope', '%22%5C%00'],
];

export const clientBytes = requirement({
  id: 'robust-client-bytes',
  // Section 5.2 has 400 "unless specified otherwise"; no keyword forbids a 500.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(9110, '15.6.1')],
  needs: ['client'],
  statement:
    'Malformed credentials and tokens at the token, revocation and introspection endpoints are client errors.',
  how:
    'A well-formed token request with a made-up code is answered with 400. Then at the token endpoint, and at those for ' +
    'revocation and introspection where there are any: Authorization with Basic that has no colon, is not base64, is not ' +
    'UTF-8, is badly percent-encoded, has a NUL character or is empty, and with an unknown scheme; and ' +
    'client_id, client_secret, code_verifier, redirect_uri, grant_type, scope, token and refresh_token with bytes that ' +
    'aren’t text. Expected: a status below 500, and no tokens; revocation may answer 200. The well-formed request is then ' +
    'answered as before.',
  hint: 'Decode credentials in one place that answers 401 invalid_client where that fails.',
  deadline: 90_000,
  async check({ flow, expect, remark }) {
    const client = await flow.client();
    await demandWellFormedAnswered(flow, client);
    const faults: { readonly label: string; readonly exchange: RawExchange['exchange'] }[] = [];
    for await (const { label, answer } of sendMalformed(flow, client)) {
      requireNotRateLimited(answer.exchange);
      expect.noTokens(answer.exchange, label);
      if (!isClientError(answer) && answer.exchange.status >= 500)
        faults.push({ label, exchange: answer.exchange });
    }
    const [first] = faults;
    if (first !== undefined) {
      expect.that(false, `The server fails on ${faults.map(({ label }) => label).join(', ')}.`, {
        expected: 'a status below 500',
        received: describeExchange(first.exchange),
        exchange: first.exchange,
      });
    }
    await demandWellFormedAnswered(flow, client);
    remark('The well-formed request was answered as before.');
  },
});

async function* sendMalformed(
  flow: Flow,
  client: Client,
): AsyncGenerator<{ readonly label: string; readonly answer: RawExchange }> {
  const form = tokenForm(flow, client);
  const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const token = { token: 'a%00', token_type_hint: '%C3%28' };
  const endpoints: readonly (readonly [EndpointName, string])[] = [
    ['token', form.body({ grant_type: 'refresh_token', refresh_token: 'a%00' })],
    ['revocation', form.body(token)],
    ['introspection', form.body(token)],
  ];
  for (const [name, body] of endpoints) {
    const url = await nullOn(isNotApplicable, () => flow.endpoint(name));
    if (url === null) continue;
    const send = (label: string, headers: Readonly<Record<string, string>>, text: string) =>
      flow.sendRaw({ method: 'POST', url, headers: { ...type, ...headers }, body: text, note: label });
    const plain = `${name}, bytes in token or refresh_token`;
    yield { label: plain, answer: await send(plain, form.headers, body) };
    for (const [what, authorization] of HEADERS) {
      const label = `${name}, ${what}`;
      yield {
        label,
        answer: await send(label, { authorization }, 'grant_type=authorization_code&code=x&token=x'),
      };
    }
    if (name !== 'token') continue;
    for (const [field, value] of FIELDS) {
      const label = `${name}, ${field} with ${value}`;
      yield { label, answer: await send(label, form.headers, form.body({ [field]: value })) };
    }
  }
}
