/** What a registration is answered with: an error that says why, a secret that says how long, a coherent client. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { hasClient, registerControl, registerControlAgain, sendRegistration } from '../steps/registration.js';
import { isMissing, isNotApplicable, nullOn } from '../steps/signals.js';
import { ManagedClient } from './managed-client.js';

/** A single code of visible ASCII characters, not a sentence. */
const ERROR_CODE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

const FAULTY = [
  {
    what: 'a redirect URI that has a fragment',
    changes: { redirect_uris: ['https://app.example.com/callback#part'] },
  },
  { what: 'a relative redirect URI', changes: { redirect_uris: ['/callback'] } },
  { what: 'a redirect URI of the scheme javascript', changes: { redirect_uris: ['javascript:alert(1)'] } },
  { what: 'redirect_uris as a number', changes: { redirect_uris: 7 } },
  { what: 'no redirect_uris', changes: { redirect_uris: null } },
  { what: 'an unknown grant type', changes: { grant_types: ['urn:example:none'] } },
] as const;

const STANDARD_ERRORS: readonly string[] = ['invalid_redirect_uri', 'invalid_client_metadata'];
/** Clocks differ a little. */
const SKEW_SECONDS = 60;
/** What lies further ahead is in milliseconds. */
const CENTURY_SECONDS = 3_155_760_000;

export const errorFormat = requirement({
  id: 'client-error-format',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.2'), rfc(7592, '2.2')],
  needs: ['registration'],
  statement: 'A refused registration gets a client error, usually 400, with a JSON error object.',
  how:
    'Registers an ordinary client. Then, one by one: a redirect URI with a fragment, a relative one, one ' +
    'with the scheme javascript, redirect_uris as a number, no redirect_uris, and an unknown grant type. ' +
    'For each refusal, expects 400 (remarks on other statuses below 500), application/json, and an object ' +
    'with an error code (remarks on nonstandard ones) and, if present, error_description as a string. Not ' +
    'tested if nothing is refused. An update that is refused with 400 has such an object, too.',
  hint: 'Answer a refused registration with 400 and a JSON object with error and error_description.',
  async check({ flow, expect, remark }) {
    const control = flow.registrationBody();
    await registerControl(flow, control);
    let refusals = 0;
    for (const { what, changes } of FAULTY) {
      const response = await sendRegistration(flow, flow.registrationBody(changes), what);
      if (response.status < 400) continue;
      refusals += 1;
      const subject = `the answer to a registration with ${what}`;
      expect.clientError(
        response,
        `A registration with ${what} was answered with status ${response.status}.`,
      );
      const { error, error_description } = expect.jsonObject(response, subject, response.status);
      // 400 "unless otherwise specified": another client error is allowed.
      if (response.status !== 400) remark(`The status of ${subject} is ${response.status} instead of 400.`);
      const code = expect.string(error, 'error', subject);
      expect.that(ERROR_CODE.test(code), `The error in ${subject} is not an error code.`, {
        expected: 'a code such as invalid_redirect_uri or invalid_client_metadata',
        received: code,
        exchange: response,
      });
      expect.that(
        error_description === undefined || typeof error_description === 'string',
        `The error_description in ${subject} is not a string.`,
        {
          expected: 'a string, or no error_description',
          received: typeof error_description,
          exchange: response,
        },
      );
      if (!STANDARD_ERRORS.includes(code)) remark(`The error in ${subject} is ${code}.`);
    }
    if (refusals === 0)
      throw new NotTested('The server refused no faulty registration, so there was no refusal to judge.');
    await registerControlAgain(flow, control);
    await judgeRefusedUpdate({ flow, expect });
  },
});

/** A refused update has the same error as a refused registration (RFC 7592 section 2.2). */
async function judgeRefusedUpdate({ flow, expect }: Pick<CheckContext, 'flow' | 'expect'>): Promise<void> {
  const mine = await nullOn(isMissing, () => ManagedClient.register(flow));
  if (mine === null) return;
  const what = 'an update with a redirect URI that has a fragment';
  const record = mine.client.registration?.object() ?? {};
  const answer = await mine.update(
    record,
    { redirect_uris: ['https://app.example.com/callback#part'] },
    what,
  );
  if (answer.status !== 400) return;
  const subject = `the answer to ${what}`;
  const code = expect.string(expect.jsonObject(answer, subject, 400).error, 'error', subject, answer);
  expect.that(ERROR_CODE.test(code), `The error in ${subject} is not an error code.`, {
    expected: 'a code such as invalid_redirect_uri or invalid_client_metadata',
    received: code,
    exchange: answer,
  });
}

export const secretExpiry = requirement({
  id: 'client-secret-expiry',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: 'A response that issues a client secret says when it expires.',
  how:
    'Registers a confidential client. If the response has client_secret, expects client_secret_expires_at ' +
    'as an integer: 0 for never, or a future time in seconds (more than a hundred years away means ' +
    'milliseconds). client_id_issued_at, if present, is an integer of seconds, at most a minute from now. ' +
    'Not applicable if no secret is issued.' +
    ' The same for the secret in a record that a client reads.',
  hint: "Return client_secret_expires_at with every secret, 0 if it doesn't expire.",
  async check({ flow, expect }) {
    const response = await registerControl(flow, flow.registrationBody());
    if ((response.string('client_secret') ?? '') === '') {
      throw new NotApplicable('The server issued no client secret.');
    }
    const { client_secret_expires_at: expires, client_id_issued_at: issued } = response.object();
    const now = Math.floor(Date.now() / 1000);
    expect.that(Number.isInteger(expires), 'The response does not say when the issued secret expires.', {
      expected: 'client_secret_expires_at, an integer',
      received: describeMember('client_secret_expires_at', expires),
    });
    expect.that(expires === 0 || Number(expires) > now, 'The issued secret has already expired.', {
      expected: '0, or a future time in seconds since 1970',
      received: describeMember('client_secret_expires_at', expires),
    });
    const inSeconds = Number(expires) < now + CENTURY_SECONDS;
    expect.that(inSeconds, 'client_secret_expires_at is not in seconds.', {
      expected: '0, or a future time in seconds since 1970',
      received: describeMember('client_secret_expires_at', expires),
    });
    const right = issued === undefined || (Number.isInteger(issued) && Number(issued) <= now + SKEW_SECONDS);
    expect.that(right, 'client_id_issued_at is not a past time in seconds.', {
      expected: `an integer of at most ${now + SKEW_SECONDS}`,
      received: describeMember('client_id_issued_at', issued),
    });
    const mine = await nullOn(isNotApplicable, () => ManagedClient.register(flow));
    const read = await mine?.read('the record of a client, for its secret');
    if (read === undefined || !hasClient(read) || (read.string('client_secret') ?? '') === '') return;
    const { client_secret_expires_at: later } = read.object();
    expect.that(
      Number.isInteger(later),
      "A client's record has the secret without the time at which it expires.",
      {
        expected: 'client_secret_expires_at, an integer',
        received: describeMember('client_secret_expires_at', later),
        exchange: read,
      },
    );
  },
});

export const unknownMetadata = requirement({
  id: 'client-unknown-metadata',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7591, '2')],
  needs: ['registration'],
  statement: "The server ignores client metadata that it doesn't understand.",
  how:
    'Registers an ordinary client, then the same with three members that no server knows: a string, an ' +
    'object and null. Expects a client; the server may return the members or not. Then the ordinary client ' +
    'registers again.' +
    ' The same with a client_name in another language.',
  hint: "Ignore members of a registration that the server doesn't know.",
  async check({ flow, expect, remark }) {
    const control = flow.registrationBody();
    await registerControl(flow, control);
    const unknown = {
      x_conformance_probe: 'text',
      x_conformance_probe_object: { of: 'an object' },
      x_conformance_probe_null: null,
      // RFC 7591 section 2.2: a name in another language.
      'client_name#de': 'Eine Anwendung',
    };
    const response = await sendRegistration(flow, { ...control, ...unknown }, 'with four more members');
    await registerControlAgain(flow, control);
    expect.that(hasClient(response), 'A registration with unknown members was refused.', {
      expected: 'a client, as without them',
      received: describeExchange(response),
    });
    const returned = Object.keys(unknown).filter((name) => name in response.object());
    if (returned.length > 0) remark(`The response returns ${returned.join(', ')}.`);
  },
});

export const grantCoherence = requirement({
  id: 'client-grant-coherence',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(7591, '2.1')],
  needs: ['registration'],
  statement: "A client can't register response types that its grant types don't allow.",
  how:
    'Registers response_types ["code"] with grant_types ["authorization_code"], then with only ' +
    '["refresh_token"]. Expects a status from 400 to 499 and no client, or returned grant_types with ' +
    'authorization_code, or returned response_types without code. Not tested if the response returns ' +
    'neither. Then the first registers again.',
  hint: 'Compare grant_types with response_types: code needs authorization_code.',
  async check({ flow, expect, remark }) {
    const control = flow.registrationBody({ response_types: ['code'], grant_types: ['authorization_code'] });
    await registerControl(flow, control);
    const body = { ...control, grant_types: ['refresh_token'] };
    const response = await sendRegistration(flow, body, 'code without authorization_code');
    await registerControlAgain(flow, control);
    remark(`code without authorization_code: ${describeExchange(response)}.`);
    if (!hasClient(response)) {
      expect.clientError(response, 'An inconsistent registration was not refused with a client error.');
      return;
    }
    const { grant_types: grants, response_types: types } = response.object();
    if (!Array.isArray(grants) && !Array.isArray(types)) {
      throw new NotTested('The response returns neither grant_types nor response_types.');
    }
    const repaired = Array.isArray(grants) && grants.includes('authorization_code');
    const withoutCode = Array.isArray(types) && !types.includes('code');
    expect.that(
      repaired || withoutCode,
      'The response type code was registered without authorization_code.',
      {
        expected: 'a refusal, or grant_types and response_types that go together',
        received: `grant_types ${JSON.stringify(grants)}, response_types ${JSON.stringify(types)}`,
      },
    );
  },
});

const describeMember = (name: string, value: unknown): string =>
  value === undefined ? `no ${name}` : `${name} ${JSON.stringify(value)}`;
