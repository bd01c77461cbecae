/** What a registration is answered with: an error that says why, a secret that says how long, a coherent client. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { hasClient, registerControl, registerControlAgain, sendRegistration } from '../steps/registration.js';
import { isNotApplicable, nullOn } from '../steps/signals.js';
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
  clauses: [rfc(7591, '3.2.2')],
  needs: ['registration'],
  statement: 'A refused registration is answered by a client error, 400 as a rule, and a JSON error object.',
  how:
    'An ordinary client is registered. Then, one by one, with a redirect URI that has a fragment, a relative one, one of ' +
    'the scheme javascript, redirect_uris as a number, none, and an unknown grant type. Expected of each that is ' +
    'refused: 400 (another status below 500 is remarked on), application/json, and an object with error, a single code ' +
    '(invalid_redirect_uri or invalid_client_metadata, another is remarked on) and, if at all, a string ' +
    'error_description. Nothing refused: not tested.',
  hint: 'Answer a refused registration with 400 and a JSON object that has error and error_description.',
  async check({ flow, expect, remark }) {
    const twin = flow.registrationBody();
    await registerControl(flow, twin);
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
      throw new NotTested('No faulty registration was refused, so no refusal could be looked at.');
    await registerControlAgain(flow, twin);
  },
});

export const secretExpiry = requirement({
  id: 'client-secret-expiry',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: 'A response that issues a client secret says when it expires.',
  how:
    'A confidential client is registered. If the response has client_secret, client_secret_expires_at is an integer: 0 ' +
    'for never, or a time to come, in seconds (more than a hundred years are milliseconds); client_id_issued_at, if present, is an integer of seconds that is not ' +
    'later than now plus a minute. So it is with the secret in a record that a client reads. No secret issued: not applicable.',
  hint: 'Return client_secret_expires_at with every secret, 0 when it does not expire.',
  async check({ flow, expect }) {
    const response = await registerControl(flow, flow.registrationBody());
    if ((response.string('client_secret') ?? '') === '') {
      throw new NotApplicable('The server issued no client secret.');
    }
    const { client_secret_expires_at: expires, client_id_issued_at: issued } = response.object();
    const now = Math.floor(Date.now() / 1000);
    expect.that(Number.isInteger(expires), 'A secret was issued without the time at which it expires.', {
      expected: 'client_secret_expires_at, an integer',
      received: describeMember('client_secret_expires_at', expires),
    });
    expect.that(expires === 0 || Number(expires) > now, 'The secret that was issued has expired already.', {
      expected: '0, or a time to come, in seconds since 1970',
      received: describeMember('client_secret_expires_at', expires),
    });
    const inSeconds = Number(expires) < now + CENTURY_SECONDS;
    expect.that(inSeconds, 'client_secret_expires_at is not in seconds.', {
      expected: '0, or a time to come, in seconds since 1970',
      received: describeMember('client_secret_expires_at', expires),
    });
    const right = issued === undefined || (Number.isInteger(issued) && Number(issued) <= now + SKEW_SECONDS);
    expect.that(right, 'client_id_issued_at is not a time that has come, in seconds.', {
      expected: `an integer, not above ${now + SKEW_SECONDS}`,
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
  statement: 'Client metadata that the server does not understand is ignored.',
  how:
    'An ordinary client is registered; then the same with three more members that no server knows: a string, an object and ' +
    'null; and with its name in another language.' +
    '  Expected: a client again; whether the members are returned is open. Afterward the ordinary client registers again.',
  hint: 'Ignore the members of a registration that the server does not know.',
  async check({ flow, expect, remark }) {
    const twin = flow.registrationBody();
    await registerControl(flow, twin);
    const unknown = {
      x_conformance_probe: 'text',
      x_conformance_probe_object: { of: 'an object' },
      x_conformance_probe_null: null,
      // RFC 7591 section 2.2: a name in another language.
      'client_name#de': 'Eine Anwendung',
    };
    const response = await sendRegistration(flow, { ...twin, ...unknown }, 'with four more members');
    await registerControlAgain(flow, twin);
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
  statement: 'A client cannot register response types that its grant types do not allow.',
  how:
    'response_types ["code"] with grant_types ["authorization_code"] is registered; then with ["refresh_token"] alone. ' +
    'Expected: a status from 400 to 499 and no client, or a client whose returned grant_types has authorization_code or ' +
    'whose returned response_types lacks code. A response that returns neither member is not judged. Afterward the ' +
    'first registers again.',
  hint: 'Compare grant_types with response_types: code goes with authorization_code.',
  async check({ flow, expect, remark }) {
    const twin = flow.registrationBody({ response_types: ['code'], grant_types: ['authorization_code'] });
    await registerControl(flow, twin);
    const body = { ...twin, grant_types: ['refresh_token'] };
    const response = await sendRegistration(flow, body, 'code without authorization_code');
    await registerControlAgain(flow, twin);
    remark(`code without authorization_code: ${describeExchange(response)}.`);
    if (!hasClient(response)) {
      expect.clientError(response, 'An incoherent registration was not answered as a client error.');
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
