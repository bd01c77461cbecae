/** Bodies that aren't registrations, and names in any script. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Failed, NotApplicable, NotTested } from '../../fixtures/verdict.js';
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
import { judgeOddRequests, type OddRequest } from './odd-requests.js';
import { explainError } from './raw-requests.js';

const POLLUTED = 'https://app.example.com/from-the-prototype';
const DEPTH = 5_000;

type Metadata = Readonly<Record<string, unknown>>;

/** A body, and whether a client that comes of it all the same is harmless (RFC 7591 section 3.2.1). */
type Trial = readonly [label: string, text: string, isHarmless?: (returned: Metadata) => boolean];

const isListOfStrings = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
const isString = (value: unknown): boolean => typeof value === 'string' && !value.includes('[object');

/** Metadata of a wrong kind, and what may be returned in its place. */
const WRONG_KINDS: readonly (readonly [
  member: string,
  value: unknown,
  isSuitable: (value: unknown) => boolean,
])[] = [
  ['client_name', { text: 'name' }, isString],
  ['grant_types', 'authorization_code', isListOfStrings],
  ['response_types', [null], isListOfStrings],
  ['scope', ['openid'], isString],
  ['token_endpoint_auth_method', 5, isString],
  ['contacts', {}, isListOfStrings],
];

export const registrationJson = requirement({
  id: 'robust-registration-json',
  level: 'SHOULD',
  levelReason: 'Section 3.2.2 has 400 "unless otherwise specified". No keyword forbids a 500.',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.2'), rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: 'Malformed registration bodies are client errors.',
  how:
    'A valid registration gets a client. Then sends, as the whole body: truncated JSON, [], null, "x", 5, ' +
    'and 5,000 nested arrays; and the valid metadata with redirect_uris as a string and with a number in ' +
    'it, client_name as an object, grant_types as a string, response_types with null, scope as a list, ' +
    'token_endpoint_auth_method as a number, contacts as an object, and a member __proto__. Expects a ' +
    'status from 400 to 499 and no client; the server may also replace a value of the wrong type, or ' +
    'ignore __proto__. The valid registration still works and has nothing from __proto__.',
  hint:
    "Parse the body in one place that answers 400 and invalid_client_metadata, and check every member's " +
    'type.',
  async check(context) {
    const { flow, expect } = context;
    const body = flow.registrationBody({ client_uri: null });
    const valid = await registerControl(flow, body);
    await judgeOddRequests(context, sendTrials(flow, trials(body, valid)), {
      subject: 'Malformed registrations are not refused:',
      expected: 'a status from 400 to 499, such as 400, and no client',
    });
    const again = await sendValidRegistration(flow, body, 'the valid registration once more');
    expect.that(
      again.string('client_uri') !== POLLUTED,
      "Values from one registration's __proto__ show up in a later one.",
      {
        expected: 'no client_uri, as none was sent',
        received: 'the client_uri of __proto__',
        exchange: again,
      },
    );
    await registerControlAgain(flow, body);
  },
});

function trials(body: Metadata, valid: Exchange): readonly Trial[] {
  const text = JSON.stringify(body);
  const uris: readonly unknown[] = Array.isArray(body.redirect_uris) ? body.redirect_uris : [];
  const sameUris = JSON.stringify(valid.object().redirect_uris);
  const isSame = (returned: Metadata) => JSON.stringify(returned.redirect_uris) === sameUris;
  const polluted = `{"__proto__":${JSON.stringify({ client_uri: POLLUTED })},${text.slice(1)}`;
  return [
    ['truncated JSON', text.slice(0, -20)],
    ...['[]', 'null', '"x"', '5'].map((whole): Trial => [whole, whole]),
    ['5,000 nested arrays', '['.repeat(DEPTH) + ']'.repeat(DEPTH)],
    ['redirect_uris as a string', JSON.stringify({ ...body, redirect_uris: uris[0] }), isSame],
    ['redirect_uris with a number', JSON.stringify({ ...body, redirect_uris: [...uris, 5] }), isSame],
    ...WRONG_KINDS.map(
      ([member, value, isSuitable]): Trial => [
        `${member} ${JSON.stringify(value)}`,
        JSON.stringify({ ...body, [member]: value }),
        ({ [member]: returned }) => returned === undefined || isSuitable(returned),
      ],
    ),
    ['a member __proto__', polluted, () => true],
  ];
}

async function* sendTrials(flow: Flow, list: readonly Trial[]): AsyncGenerator<OddRequest> {
  for (const [label, text, isHarmless = () => false] of list) {
    // The control request was answered just before, so it is this body that was not.
    const exchange = await flow.registerBody(text, label).catch((error: unknown) => {
      const received = explainError(error);
      throw new Failed(`A registration with ${label} gets no answer.`, {
        expected: 'a status from 400 to 499',
        received,
      });
    });
    if (exchange.status === 401)
      throw new NotTested('Registration is closed to us (401), so the answer says nothing about the body.');
    const isRefused = exchange.status >= 400 && exchange.status <= 499 && !hasClientId(exchange);
    const isFault = hasClient(exchange) ? !isHarmless(exchange.object()) : !isRefused;
    yield { label, answer: { exchange, closed: false }, isFault };
  }
}

const NAME = 'Café Ω 日本 🙂';

export const unicode = requirement({
  id: 'robust-unicode',
  level: 'SHOULD',
  levelReason:
    "The RFCs say how text is encoded and that it's returned. A server may allow fewer characters.",
  profile: 'oauth',
  clauses: [rfc(8259, '8.1'), rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: 'Unicode in client metadata survives.',
  how:
    `Registers a client with an ASCII name, then one named ${NAME}, in UTF-8. Expects the identical name ` +
    "back, or a status from 400 to 499 for characters that the server doesn't allow.",
  hint: 'Read and store JSON as UTF-8, in a column that holds every character.',
  async check({ flow, expect, remark }) {
    const plain = flow.registrationBody();
    const control = await registerControl(flow, plain);
    const response = await sendRegistration(flow, { ...plain, client_name: NAME }, `a client named ${NAME}`);
    if (!hasClient(response)) {
      expect.clientError(response, `A non-ASCII name was answered with status ${response.status}.`);
      remark(`The server does not allow the name: ${describeExchange(response)}.`);
      await registerControlAgain(flow, plain);
      return;
    }
    // Members that a server doesn't support it may ignore (RFC 7591 section 2).
    if (control.object().client_name === undefined)
      throw new NotApplicable('The server registers no client_name.');
    expect.same(response.object().client_name, NAME, 'A non-ASCII name came back changed.', response);
  },
});
