/** Odd values in authorization requests: of nobody, of a user who is signed in, and in parameters that are more than text. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { RawRequest } from '../../fixtures/flow/types.js';
import { Blocked } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { judgeOddRequests, type OddRequest } from './odd-requests.js';
import { explainError, type Requester, rawAuthorizationUrl, sharedOrUnknownClient } from './raw-requests.js';

/** A value in place of one parameter, percent-encoded already or malformed on purpose. */
interface OddValue {
  readonly label: string;
  readonly raw: Readonly<Record<string, string>>;
  /** What the control of this one has as well. */
  readonly base?: Readonly<Record<string, string>>;
}

type Way = Pick<RawRequest, 'as' | 'method'>;

/** Each request is answered below 500, and an ordinary one before and afterward as well. */
async function judgeOddValues(
  context: CheckContext,
  who: Requester,
  values: Iterable<OddValue>,
  way: Way,
): Promise<void> {
  const { flow, expect } = context;
  const send = (raw: Readonly<Record<string, string>>, note: string) => {
    const url = rawAuthorizationUrl(flow, who, raw);
    if (way.method !== 'POST') return flow.sendRaw({ ...way, url, note });
    const [place = '', body = ''] = url.split(/\?(.*)/s);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return flow.sendRaw({ ...way, url: place, headers, body, note });
  };
  const ordinary = (base: OddValue['base'] = {}) =>
    send(base, 'the control: an ordinary request').then(
      ({ exchange }) => (exchange.status === 0 || exchange.status >= 500 ? describeExchange(exchange) : null),
      explainError,
    );
  const before = await ordinary();
  if (before !== null && way.method === 'POST') return context.remark('The endpoint does not take POST.');
  if (before !== null) {
    const step = way.as === undefined ? 'login' : 'code';
    throw new Blocked(step, `An ordinary authorization request was answered with ${before}.`);
  }
  async function* requests(): AsyncGenerator<OddRequest> {
    // Where even the control fails, the value is not to blame.
    for (const { label, raw, base } of values)
      if (base === undefined || (await ordinary(base)) === null)
        yield { label, answer: await send({ ...raw, ...base }, label) };
  }
  await judgeOddRequests(context, requests(), { subject: 'The authorization endpoint fails on' });
  const message = 'After the malformed requests an ordinary one is no longer answered as before.';
  expect.none(await ordinary(), message, 'an answer below 500');
}

const MALFORMED = ['%', '%ZZ', '%00', '%C3%28'] as const;

function* malformedValues(who: Requester): Generator<OddValue> {
  const valid = {
    client_id: encodeURIComponent(who.client_id),
    redirect_uri: encodeURIComponent(who.redirect_uri),
    scope: 'openid',
    state: 'polar-conformance',
  };
  for (const bytes of MALFORMED) {
    for (const [name, value] of Object.entries(valid))
      yield { label: `${name} with ${bytes}`, raw: { [name]: value + bytes } };
    const raw = { state: valid.state + bytes };
    yield { label: `state with ${bytes} and prompt=none`, raw, base: { prompt: 'none' } };
  }
}

export const authzBytes = requirement({
  id: 'robust-authz-bytes',
  level: 'SHOULD',
  levelReason:
    "RFC 6749 names the error, not what a server does with bytes that aren't text. A 500 is bad, but not " +
    'forbidden.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), rfc(3986, '2.1')],
  needs: [],
  statement:
    'Malformed percent-encoding, NUL and invalid UTF-8 in an authorization request are client errors.',
  how:
    'A browser without a session sends an ordinary request, then the same with a bare %, %ZZ, %00 and ' +
    '%C3%28 (not UTF-8) appended, one at a time, to client_id, redirect_uri, scope and state, and to state ' +
    'with prompt=none. By GET and by POST. Expects a status below 500 or a closed connection. The ordinary ' +
    'request still works.',
  hint:
    "Decode parameters in one place that answers 400 if the bytes aren't text, and keep NUL away from the " +
    'database.',
  async check(context) {
    const who = await sharedOrUnknownClient(context.flow);
    for (const method of ['GET', 'POST'])
      await judgeOddValues(context, who, malformedValues(who), { method });
  },
});

const BYTES = ['%00', '%C3%28', '%ZZ', '%22', '%5C', '%E2%98%83'] as const;
const NAMES =
  'response_type response_mode prompt nonce code_challenge code_challenge_method id_token_hint login_hint ui_locales ' +
  'acr_values display resource state scope';

export const signedInBytes = requirement({
  id: 'robust-authz-bytes-signed-in',
  level: 'SHOULD',
  levelReason: "RFC 6749 names the error, not what a server does with bytes that aren't text.",
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), rfc(9110, '15.6.1')],
  needs: ['client', 'user'],
  statement:
    "Malformed bytes in any parameter of a signed-in user's authorization request are client errors.",
  how:
    'A user with a session sends an ordinary request, then %00, %C3%28 (not UTF-8), %ZZ, a double quote, a ' +
    'backslash and a snowman as, one at a time, response_type, response_mode, prompt, nonce, ' +
    'code_challenge, code_challenge_method, id_token_hint, login_hint, ui_locales, acr_values, display, ' +
    'resource, state and scope, and malformed bytes appended to client_id, redirect_uri, scope and state. ' +
    'Expects a status below 500 or a closed connection.',
  hint:
    'Check parameters before you store anything for the session, or NUL and invalid UTF-8 end up in the ' +
    'database.',
  deadline: 90_000,
  async check(context) {
    const client = await context.flow.client();
    const values = NAMES.split(' ').flatMap((name) =>
      BYTES.map((value) => ({ label: `${name} with ${value}`, raw: { [name]: value } })),
    );
    await judgeOddValues(context, client, [...values, ...malformedValues(client)], { as: 'first' });
  },
});

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @param shown how a message shows the value, if not as it is */
const odd = (name: string, value: string, shown = `"${value}"`): OddValue => ({
  label: `${name} ${shown}`,
  raw: { [name]: value },
});

const ODD_VALUES: readonly OddValue[] = [
  ...['abc', '-1', '1e9', '1.5', '99999999999999999999', ''].map((value) => odd('max_age', value)),
  odd('id_token_hint', 'x'),
  odd('id_token_hint', 'a.b.c'),
  odd('id_token_hint', `${encode({ alg: 'RS256' })}.${encode([1])}.x`, 'with a JWT that holds a list'),
  odd('id_token_hint', `${encode(null)}.${encode(null)}.`, 'with a JWT that holds null'),
  odd('prompt', 'none%20none'),
  odd('claims', '%7B'),
  odd('claims', 'null'),
  odd('claims', '%5B1%5D'),
  odd('claims', '%7B%22id_token%22%3A5%7D'),
  odd('ui_locales', 'x'.repeat(300), 'of 300 characters'),
  odd('code_challenge', 'x'),
  odd('response_type', 'code%20code'),
];

export const authzValues = requirement({
  id: 'robust-authz-values',
  level: 'SHOULD',
  levelReason: "Section 4.1.2.1 has invalid_request for a value that isn't valid. No keyword forbids a 500.",
  profile: 'oidc',
  clauses: [rfc(6749, '4.1.2.1'), oidcCore('3.1.2.6'), rfc(9110, '15.6.1')],
  needs: ['client', 'user'],
  statement: 'Odd values of parameters that are numbers, tokens or lists are client errors.',
  how:
    'A user with a session sends an ordinary request, then max_age abc, -1, 1e9, 1.5, twenty nines and ' +
    "empty; id_token_hint x, a.b.c and JWTs whose payload isn't an object; prompt with none twice; claims " +
    "that aren't a JSON object; ui_locales of 300 characters; code_challenge of one; response_type with " +
    'code twice. Then the same without a session. Expects a status below 500.',
  hint: 'Parse max_age, id_token_hint and claims in one place that answers invalid_request if that fails.',
  deadline: 60_000,
  async check(context) {
    const client = await context.flow.client();
    for (const way of [{ as: 'first' }, {}] as const) await judgeOddValues(context, client, ODD_VALUES, way);
  },
});
