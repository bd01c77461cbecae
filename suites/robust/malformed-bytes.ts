/** Malformed bytes and bodies at the authorization and the token endpoint. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { RawExchange } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, Failed } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import {
  demandUnharmed,
  demandWellFormedAnswered,
  explainError,
  isClientError,
  type Requester,
  rawAuthorizationUrl,
  sharedOrUnknownClient,
  type TokenForm,
  tokenForm,
} from './raw-requests.js';

const MALFORMED = ['%', '%ZZ', '%00', '%C3%28'] as const;

export const authzBytes = requirement({
  id: 'robust-authz-bytes',
  // RFC 6749 names the error, not what a server does with bytes that aren't text; a 500 is bad, not forbidden.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), rfc(3986, '2.1')],
  needs: [],
  statement:
    'Malformed percent-encoding, NUL and invalid UTF-8 in an authorization request are client errors.',
  how:
    'A visitor without session sends an ordinary request, then the same with a bare %, %ZZ, %00 and %C3%28 (no UTF-8) ' +
    'appended, one at a time, to client_id, redirect_uri, scope and state, byte for byte; state also with prompt=none, where it ' +
    'is echoed. Expected: a status below 500 (an error page, an error at the redirect URI, or success where the value ' +
    'is merely opaque); the connection may be closed instead. Then the ordinary request is answered as before.',
  hint: 'Decode parameters in one place that answers 400 where the bytes aren’t text, and keep NUL away from the database.',
  async check({ flow, expect, remark }) {
    const who = await sharedOrUnknownClient(flow);
    const before = await sendOrdinary(flow, who);
    if (!isAnswered(before)) {
      throw new Blocked(
        'code',
        `An ordinary authorization request of a visitor was answered with ${describeExchange(before.exchange)}.`,
      );
    }
    const faults: string[] = [];
    const answers = new Set<string>();
    let received = '';
    for (const { label, raw } of malformedRequests(who)) {
      const { exchange } = await flow.sendRaw({ url: rawAuthorizationUrl(flow, who, raw), note: label });
      requireNotRateLimited(exchange);
      answers.add(exchange.status === 0 ? 'closed' : String(exchange.status));
      if (exchange.status < 500) continue;
      faults.push(label);
      received ||= `status ${exchange.status}`;
    }
    expect.that(
      faults.length === 0,
      `The authorization endpoint fails on malformed bytes: ${faults.join(', ')}.`,
      { expected: 'a status below 500', received },
    );
    const failure = await sendOrdinary(flow, who).then(
      (after) => (isAnswered(after) ? null : describeExchange(after.exchange)),
      explainError,
    );
    expect.none(
      failure,
      'After the malformed requests an ordinary one is no longer answered as before.',
      'an answer below 500',
    );
    remark(`The answers: ${[...answers].join(', ')}.`);
  },
});

function* malformedRequests(who: Requester): Generator<{ label: string; raw: Record<string, string> }> {
  const valid = {
    client_id: encodeURIComponent(who.client_id),
    redirect_uri: encodeURIComponent(who.redirect_uri),
    scope: 'openid',
    state: 'polar-conformance',
  };
  for (const [name, value] of Object.entries(valid)) {
    for (const bytes of MALFORMED) {
      yield { label: `${name} with ${bytes}`, raw: { [name]: value + bytes } };
      if (name !== 'state') continue;
      yield { label: `state with ${bytes} and prompt=none`, raw: { state: value + bytes, prompt: 'none' } };
    }
  }
}

function sendOrdinary(flow: Flow, who: Requester): Promise<RawExchange> {
  return flow.sendRaw({ url: rawAuthorizationUrl(flow, who), note: 'an ordinary request' });
}

const isAnswered = ({ exchange: { status } }: RawExchange): boolean => status > 0 && status < 500;

export const tokenBytes = requirement({
  id: 'robust-token-bytes',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2')],
  needs: ['client'],
  statement: 'Malformed bodies at the token endpoint are client errors.',
  how:
    'A well-formed request with a made-up code gives 400 invalid_grant. Then in turn: an empty body; %ZZ, %00, %C3%28 and ' +
    'two bytes that aren’t UTF-8 in the place of the code; the same request as multipart and as JSON; 5,000 further ' +
    'parameters. Expected: a status from 400 to 499 or a closed connection, and no tokens; for the empty body (the client ' +
    'authenticates in the header where it does) 400 or 401 and a JSON object with error. Then the well-formed request ' +
    'is answered as before.',
  hint: 'Let a failure to read the body of a token request end in 400 invalid_request.',
  async check({ flow, expect, remark }) {
    const client = await flow.client();
    await demandWellFormedAnswered(flow, client);
    const form = tokenForm(flow, client);
    const answers = new Set<string>();
    for (const { label, type, body } of malformedBodies(form)) {
      const headers = { ...form.headers, ...(type === undefined ? {} : { 'content-type': type }) };
      const url = flow.endpoint('token');
      const answer = await flow.sendRaw({ method: 'POST', url, headers, body, note: label });
      const { exchange } = answer;
      requireNotRateLimited(exchange);
      expect.noTokens(exchange, label);
      if (!isClientError(answer)) {
        throw new Failed(`The token endpoint answered ${label} with status ${exchange.status}.`, {
          expected: 'a status from 400 to 499 or a closed connection',
          received: describeExchange(exchange),
        });
      }
      answers.add(describeExchange(exchange));
      if (body !== '') continue;
      expect.that(
        [400, 401].includes(exchange.status) && exchange.string('error') !== null,
        'The token endpoint does not answer an empty body with an error response.',
        { expected: '400 or 401 and a JSON object with error', received: describeExchange(exchange) },
      );
    }
    await demandUnharmed(flow, client, 'malformed bodies');
    remark(`The answers: ${[...answers].join(', ')}.`);
  },
});

const MANY_PARAMETERS = 5_000;

function malformedBodies(
  form: TokenForm,
): readonly { readonly label: string; readonly type?: string; readonly body: string }[] {
  const boundary = 'polar-conformance-boundary';
  const parts = Object.entries(form.fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const many = Array.from({ length: MANY_PARAMETERS }, (_, n) => `p${n}=1`).join('&');
  return [
    { label: 'an empty body', body: '' },
    { label: 'a code with %ZZ', body: form.body({ code: 'a%ZZ' }) },
    { label: 'a code with a NUL character', body: form.body({ code: 'a%00' }) },
    { label: 'a code that is percent-encoded, but no UTF-8', body: form.body({ code: 'a%C3%28' }) },
    { label: 'a code of bytes that aren’t UTF-8', body: form.body({ code: 'a\xc3\x28' }) },
    {
      label: 'a multipart body',
      type: `multipart/form-data; boundary=${boundary}`,
      body: `${parts.join('')}--${boundary}--\r\n`,
    },
    { label: 'a JSON body', type: 'application/json', body: JSON.stringify(form.fields) },
    { label: 'a body of 5,000 further parameters', body: `${form.body()}&${many}` },
  ];
}
