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
  readonly harmless?: (response: Exchange) => boolean;
}

export const registrationJson = requirement({
  id: 'robust-registration-json',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.2'), rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: 'Malformed registration bodies are client errors.',
  how:
    'A valid registration gives a client. Then in turn, as the whole body: JSON that breaks off, [], null, "x", 5,000 nested ' +
    'arrays; and the valid metadata with redirect_uris as a string, client_name as an object, a member __proto__. ' +
    'Expected: a status from 400 to 499 and no client. A value of the wrong type may also be replaced by a suitable ' +
    'one, and __proto__ be ignored as unknown members are. The valid registration then works as before, and has ' +
    'nothing of what stood in __proto__.',
  hint: 'Parse the body in one place that answers 400 invalid_client_metadata, and check the type of every member.',
  async check({ flow, expect, remark }) {
    const twin = flow.registrationBody({ client_uri: null });
    const valid = await registerControl(flow, twin);
    const faults: { readonly label: string; readonly received: string }[] = [];
    const answers = new Set<string>();
    for (const trial of trials(twin, valid)) {
      const received = await describeOutcome(flow, trial);
      answers.add(received.short);
      if (received.fault) faults.push({ label: trial.label, received: received.short });
    }
    expect.that(
      faults.length === 0,
      `Malformed registrations are not refused: ${faults.map(({ label }) => label).join(', ')}.`,
      {
        expected: 'a status from 400 to 499, such as 400, and no client',
        received: faults[0]?.received ?? '',
      },
    );
    const again = await sendValidRegistration(flow, twin, 'the valid registration once more');
    expect.that(
      again.string('client_uri') !== POLLUTED,
      'What stood in the member __proto__ of one registration appears in a later one.',
      { expected: 'no client_uri, as none was sent', received: 'the client_uri that stood in __proto__' },
    );
    await registerControlAgain(flow, twin);
    remark(`The answers: ${[...answers].join(', ')}.`);
  },
});

function trials(twin: Readonly<Record<string, unknown>>, valid: Exchange): readonly Trial[] {
  const text = JSON.stringify(twin);
  const uri = Array.isArray(twin.redirect_uris) ? String(twin.redirect_uris[0]) : '';
  const sameUris = JSON.stringify(valid.object().redirect_uris);
  return [
    { label: 'JSON that breaks off', text: text.slice(0, -20) },
    { label: '[]', text: '[]' },
    { label: 'null', text: 'null' },
    { label: '"x"', text: '"x"' },
    { label: '5,000 nested arrays', text: '['.repeat(DEPTH) + ']'.repeat(DEPTH) },
    {
      label: 'redirect_uris as a string',
      text: JSON.stringify({ ...twin, redirect_uris: uri }),
      harmless: (response) => JSON.stringify(response.object().redirect_uris) === sameUris,
    },
    {
      label: 'client_name as an object',
      text: JSON.stringify({ ...twin, client_name: { text: 'name' } }),
      harmless: (response) => {
        const name = response.object().client_name;
        return name === undefined || (typeof name === 'string' && !name.includes('[object'));
      },
    },
    {
      label: 'a member __proto__',
      text: `{"__proto__":${JSON.stringify({ client_uri: POLLUTED })},${text.slice(1)}`,
      harmless: () => true,
    },
  ];
}

async function describeOutcome(
  flow: Flow,
  { label, text, harmless }: Trial,
): Promise<{ readonly short: string; readonly fault: boolean }> {
  try {
    const response = await flow.registerBody(text, label);
    if (response.status === 401) {
      throw new NotTested('Registration is closed to us (401), so the answer says nothing about the body.');
    }
    requireNotRateLimited(response);
    const short = describeExchange(response);
    if (hasClient(response)) return { short, fault: harmless?.(response) !== true };
    return { short, fault: response.status < 400 || response.status > 499 || hasClientId(response) };
  } catch (error) {
    // The control request was answered just before, so it is this body that was not.
    return { short: explainError(error), fault: true };
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
    if (returned === undefined) {
      throw new Blocked('registrationResponse', 'The registration response does not return client_name.');
    }
    expect.same(returned, NAME, 'A name beyond ASCII is returned altered.');
  },
});
