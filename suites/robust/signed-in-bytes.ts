/** Odd values in authorization requests: of a user who is signed in, and in the parameters that a server reads as more than text. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { UserName } from '../../fixtures/target/settings.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { rawAuthorizationUrl } from './raw-requests.js';

/** A value in the place of one parameter, percent-encoded already or malformed on purpose. */
interface OddValue {
  readonly name: string;
  readonly value: string;
  /** Names the request in a message. It never has the form `name=value`, because a secret would be hidden there. */
  readonly label: string;
}

const BYTES = ['%00', '%C3%28', '%ZZ', '%22', '%5C', '%E2%98%83'] as const;
const NAMES = [
  'response_type',
  'response_mode',
  'prompt',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'id_token_hint',
  'login_hint',
  'ui_locales',
  'acr_values',
  'display',
  'resource',
  'state',
  'scope',
] as const;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @param shown how a message shows the value, if not as it is */
const odd = (name: string, value: string, shown = `"${value}"`): OddValue => ({
  name,
  value,
  label: `${name} ${shown}`,
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
  odd('claims', '%7B%22id_token%22%3A5%7D'),
  odd('ui_locales', 'x'.repeat(300), 'of 300 characters'),
  odd('code_challenge', 'x'),
  odd('response_type', 'code%20code'),
];

/** Each request is answered below 500, and an ordinary one afterwards as before. */
async function judgeOddValues(
  { flow, expect, remark }: CheckContext,
  values: readonly OddValue[],
  who: { readonly as?: UserName },
): Promise<void> {
  const client = await flow.client();
  const send = (raw: Readonly<Record<string, string>>, note: string) =>
    flow.sendRaw({ url: rawAuthorizationUrl(flow, client, raw), ...who, note });
  const before = await send({}, 'the control: an ordinary request');
  if (before.exchange.status === 0 || before.exchange.status >= 500) {
    throw new Blocked(
      'code',
      `An ordinary authorization request was answered with ${describeExchange(before.exchange)}.`,
    );
  }
  const faults: { readonly label: string; readonly exchange: typeof before.exchange }[] = [];
  const answers = new Set<number>();
  for (const { name, value, label } of values) {
    const { exchange } = await send({ [name]: value }, label);
    requireNotRateLimited(exchange);
    answers.add(exchange.status);
    if (exchange.status >= 500) faults.push({ label, exchange });
  }
  const [first] = faults;
  if (first !== undefined) {
    expect.that(
      false,
      `The authorization endpoint fails on ${faults.map(({ label }) => label).join(', ')}.`,
      {
        expected: 'a status below 500',
        received: `status ${first.exchange.status}`,
        exchange: first.exchange,
      },
    );
  }
  const after = await send({}, 'the control again');
  if (after.exchange.status === 0 || after.exchange.status >= 500)
    throw new NotTested(`An ordinary request was then answered with ${describeExchange(after.exchange)}.`);
  remark(`The answers: ${[...answers].map((status) => (status === 0 ? 'closed' : status)).join(', ')}.`);
}

export const signedInBytes = requirement({
  id: 'robust-authz-bytes-signed-in',
  // RFC 6749 names the error, not what a server does with bytes that aren't text.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2.1'), rfc(9110, '15.6.1')],
  needs: ['client', 'user'],
  statement:
    'Malformed bytes in any parameter of a signed-in user’s authorization request are client errors.',
  how:
    'A user with a session sends an ordinary request, then the same with %00, %C3%28 (no UTF-8), %ZZ, a double quote, a ' +
    'backslash and a snowman in the place of, one at a time, response_type, response_mode, prompt, nonce, ' +
    'code_challenge, code_challenge_method, id_token_hint, login_hint, ui_locales, acr_values, display, resource, state ' +
    'and scope. Expected: a status below 500; the connection may be closed instead.',
  hint: 'Check parameters before anything is stored for the session, or NUL and invalid UTF-8 end up in the database.',
  deadline: 90_000,
  async check(context) {
    const values = NAMES.flatMap((name) => BYTES.map((value) => odd(name, value, `with ${value}`)));
    await judgeOddValues(context, values, { as: 'first' });
  },
});

export const authzValues = requirement({
  id: 'robust-authz-values',
  // Section 4.1.2.1 has invalid_request for a value that is not valid; no keyword forbids a 500.
  level: 'SHOULD',
  profile: 'oidc',
  clauses: [rfc(6749, '4.1.2.1'), oidcCore('3.1.2.6'), rfc(9110, '15.6.1')],
  needs: ['client', 'user'],
  statement: 'Odd values of parameters that are numbers, tokens or lists are client errors.',
  how:
    'A user with a session sends an ordinary request, then with max_age abc, -1, 1e9, 1.5, twenty nines and an empty one; ' +
    'id_token_hint x, a.b.c and JWTs whose payload is not an object; prompt none twice; claims that aren’t a JSON object; a ui_locales of 300 ' +
    'characters, a code_challenge of one; response_type code twice. Expected: a status below 500.',
  hint: 'Parse max_age, id_token_hint and claims in one place that answers invalid_request where that fails.',
  deadline: 60_000,
  async check(context) {
    await judgeOddValues(context, ODD_VALUES, { as: 'first' });
  },
});
