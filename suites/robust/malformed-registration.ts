/** Bodies that aren't registrations, and names in any script. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import { requireNotRateLimited } from '../../fixtures/expect/rate-limited.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import {
  hasClient,
  hasClientId,
  registerControl,
  registerControlAgain,
  sendRegistration,
  sendValidRegistration,
} from '../steps/registration.js';
import { explainError } from './raw-requests.js';

const POLLUTED = 'https://app.example.com/from-the-prototype';
const DEPTH = 5_000;

interface Trial {
  readonly label: string;
  readonly text: string;
  /** Registered after all, but harmlessly: ignored, or replaced by a suitable value (RFC 7591 section 3.2.1). */
  readonly isHarmless?: (returned: Readonly<Record<string, unknown>>) => boolean;
}

const isListOfStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** Metadata of a wrong kind, and what may be returned in its place. */
const WRONG_KINDS: readonly (readonly [
  label: string,
  member: string,
  value: unknown,
  (value: unknown) => boolean,
])[] = [
  ['client_name as an object', 'client_name', { text: 'name' }, (name) => !String(name).includes('[object')],
  ['grant_types as a string', 'grant_types', 'authorization_code', isListOfStrings],
  ['response_types with null', 'response_types', [null], isListOfStrings],
  ['scope as a list', 'scope', ['openid'], (scope) => typeof scope === 'string'],
  [
    'token_endpoint_auth_method as a number',
    'token_endpoint_auth_method',
    5,
    (way) => typeof way === 'string',
  ],
  ['contacts as an object', 'contacts', {}, isListOfStrings],
];

export const registrationJson = requirement({
  id: 'robust-registration-json',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.2'), rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: 'Malformed registration bodies are client errors.',
  how:
    'A valid registration gives a client. Then in turn, as the whole body: JSON that breaks off, [], null, "x", 5, 5,000 ' +
    'nested arrays; and the valid metadata with redirect_uris as a string and with a number in it, client_name as an ' +
    'object, grant_types as a string, response_types with null, scope as a list, token_endpoint_auth_method as a number, ' +
    'contacts as an object, a member __proto__. Expected: a status from 400 to 499 and no client. A value of the wrong type ' +
    'may also be replaced by a suitable one, and __proto__ be ignored as unknown members are. The valid registration then ' +
    'works as before, and has nothing of what was in __proto__.',
  hint: 'Parse the body in one place that answers 400 invalid_client_metadata, and check the type of every member.',
  async check({ flow, expect, remark }) {
    const body = flow.registrationBody({ client_uri: null });
    const valid = await registerControl(flow, body);
    const faults: { readonly label: string; readonly came: string; readonly exchange: Exchange | null }[] =
      [];
    const answers = new Set<string>();
    for (const trial of trials(body, valid)) {
      const { isFault, came, exchange } = await judgeTrial(flow, trial);
      answers.add(came);
      if (isFault) faults.push({ label: trial.label, came, exchange });
    }
    const message = `Malformed registrations are not refused: ${faults.map(({ label }) => label).join(', ')}.`;
    expect.that(faults.length === 0, message, {
      expected: 'a status from 400 to 499, such as 400, and no client',
      received: faults[0]?.came ?? '',
      ...(faults[0]?.exchange ? { exchange: faults[0].exchange } : {}),
    });
    const again = await sendValidRegistration(flow, body, 'the valid registration once more');
    expect.that(
      again.string('client_uri') !== POLLUTED,
      'What was in the member __proto__ of one registration appears in a later one.',
      {
        expected: 'no client_uri, as none was sent',
        received: 'the client_uri of __proto__',
        exchange: again,
      },
    );
    await registerControlAgain(flow, body);
    remark(`The answers: ${[...answers].join(', ')}.`);
  },
});

function trials(body: Readonly<Record<string, unknown>>, valid: Exchange): readonly Trial[] {
  const text = JSON.stringify(body);
  const uris: readonly unknown[] = Array.isArray(body.redirect_uris) ? body.redirect_uris : [];
  const sameUris = JSON.stringify(valid.object().redirect_uris);
  const isSame: Trial['isHarmless'] = (returned) => JSON.stringify(returned.redirect_uris) === sameUris;
  return [
    { label: 'JSON that breaks off', text: text.slice(0, -20) },
    ...['[]', 'null', '"x"', '5'].map((whole) => ({ label: whole, text: whole })),
    { label: '5,000 nested arrays', text: '['.repeat(DEPTH) + ']'.repeat(DEPTH) },
    {
      label: 'redirect_uris as a string',
      text: JSON.stringify({ ...body, redirect_uris: uris[0] }),
      isHarmless: isSame,
    },
    {
      label: 'redirect_uris with a number',
      text: JSON.stringify({ ...body, redirect_uris: [...uris, 5] }),
      isHarmless: isSame,
    },
    ...WRONG_KINDS.map(([label, member, value, isRight]) => ({
      label,
      text: JSON.stringify({ ...body, [member]: value }),
      isHarmless: ({ [member]: returned }: Readonly<Record<string, unknown>>) =>
        returned === undefined || isRight(returned),
    })),
    {
      label: 'a member __proto__',
      text: `{"__proto__":${JSON.stringify({ client_uri: POLLUTED })},${text.slice(1)}`,
      isHarmless: () => true,
    },
  ];
}

async function judgeTrial(flow: Flow, { label, text, isHarmless = () => false }: Trial) {
  try {
    const exchange = await flow.registerBody(text, label);
    if (exchange.status === 401)
      throw new NotTested('Registration is closed to us (401), so the answer says nothing about the body.');
    requireNotRateLimited(exchange);
    const isRefused = exchange.status >= 400 && exchange.status <= 499 && !hasClientId(exchange);
    const isFault = hasClient(exchange) ? !isHarmless(exchange.object()) : !isRefused;
    return { isFault, came: describeExchange(exchange), exchange };
  } catch (error) {
    // The control request was answered just before, so it is this body that was not.
    return { isFault: true, came: explainError(error), exchange: null };
  }
}

const NAME = 'Café Ω 日本 🙂';

export const unicode = requirement({
  id: 'robust-unicode',
  // The RFCs say how text is encoded and that it is returned; that a server may admit fewer characters is allowed.
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(8259, '8.1'), rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: 'Unicode in client metadata survives.',
  how:
    `A client named in ASCII is registered, then one named ${NAME}, in UTF-8. Expected: the response returns the identical ` +
    'name; or a status from 400 to 499 for characters that the server does not admit; never altered text.',
  hint: 'Read and store JSON as UTF-8, in a column that holds every character.',
  async check({ flow, expect, remark }) {
    const plain = flow.registrationBody();
    await registerControl(flow, plain);
    const response = await sendRegistration(flow, { ...plain, client_name: NAME }, `a client named ${NAME}`);
    if (!hasClient(response)) {
      expect.clientError(response, `A name beyond ASCII was answered with status ${response.status}.`);
      remark(`The server does not admit the name: ${describeExchange(response)}.`);
      await registerControlAgain(flow, plain);
      return;
    }
    const returned = response.object().client_name;
    if (returned === undefined)
      throw new Blocked('registrationResponse', 'The registration response does not return client_name.');
    expect.same(returned, NAME, 'A name beyond ASCII is returned altered.', response);
  },
});
