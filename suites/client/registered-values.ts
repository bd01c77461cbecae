/** What is registered if a registration leaves a member out, asks for what the server lacks, or asks for too much. */
import { generateKeyPairSync } from 'node:crypto';
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { readRegistration } from '../../fixtures/flow/client-management.js';
import { clientFromResponse } from '../../fixtures/flow/clients.js';
import { Blocked, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { exchangeUnknownCode } from '../steps/exchange.js';
import { hasClient, registerControl, sendRegistration } from '../steps/registration.js';
import { expectRegistrationsRefused } from './refused-registrations.js';

const RELYING_PARTY = 'https://app.example.com';
const UNSUPPORTED = 'urn:example:none';

export const defaults = requirement({
  id: 'client-defaults',
  level: 'MUST',
  levelReason:
    "All registered metadata MUST be returned, including what the server filled in. So what isn't returned " +
    'has its default.',
  profile: 'oauth',
  clauses: [rfc(7591, '2'), rfc(7591, '3.2.1')],
  needs: ['registration', 'user'],
  statement:
    'A client that sends only its name and redirect URI gets what the response says, or the defaults.',
  how:
    'Registers a client with only client_name and redirect_uris, and does what the response says. Where it ' +
    'says nothing, uses the defaults: response type code, grant authorization_code, client_secret_basic. ' +
    'Expects a code, and tokens for it. Not tested if the server refuses such a short registration.',
  hint: 'Return what you registered for the members that were left out, or register the defaults of section 2.',
  async check({ flow, expect, remark }) {
    await registerControl(flow, flow.registrationBody());
    const { client_name, redirect_uris } = flow.registrationBody();
    const body = { client_name, redirect_uris };
    const response = await sendRegistration(flow, body, 'a name and a redirect URI alone');
    const client = hasClient(response) ? clientFromResponse(response, body) : null;
    if (client === null)
      throw new NotTested(`Such a short registration was answered with ${describeExchange(response)}.`);
    const { token_endpoint_auth_method: method, grant_types, response_types } = response.object();
    for (const [name, value, wanted] of [
      ['grant_types', grant_types, 'authorization_code'],
      ['response_types', response_types, 'code'],
    ] as const) {
      if (value !== undefined)
        expect.includes(value, wanted, `A client that left ${name} out cannot use ${wanted}.`);
    }
    if (method !== undefined && method !== 'client_secret_basic')
      remark(`The server registered ${String(method)} in place of the default client_secret_basic.`);
    const exchange = await flow.exchangeCode(await flow.code({ client }), { note: 'as the response says' });
    expect.that(
      hasTokens(exchange),
      'A client that was registered without an authentication method gets no tokens.',
      {
        expected: `200 with tokens by ${client.token_endpoint_auth_method}, ${method === undefined ? 'the default' : 'as the response says'}`,
        received: describeExchange(exchange),
        exchange,
      },
    );
  },
});

/** A secret that is empty says that there is none. */
const isEmpty = (name: string, value: unknown): boolean =>
  value === null || (value === '' && name !== 'client_secret');

export const responseNulls = requirement({
  id: 'client-response-nulls',
  level: 'SHOULD',
  levelReason: 'Section 3.2.1 has registered metadata returned, and no keyword forbids null.',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.1'), rfc(7591, '2')],
  needs: ['registration'],
  statement: "A registration response leaves out what wasn't registered.",
  how:
    'Registers a client with the usual members, and one with only a name and a redirect URI, which then ' +
    'reads its record if clients are managed. Expects no member that is null.' +
    ' An empty string is as bad, except for client_secret.',
  hint: "Leave out members that have no value; don't return null.",
  async check({ flow, expect }) {
    const full = flow.registrationBody();
    const { client_name, redirect_uris } = full;
    const short = 'a registration of a name and a redirect URI alone';
    const control = await registerControl(flow, full);
    const brief = await sendRegistration(flow, { client_name, redirect_uris }, short);
    const access = [brief, control]
      .filter(hasClient)
      .map((each) => each.object())
      .find((each) => typeof each.registration_client_uri === 'string');
    const uri = String(access?.registration_client_uri);
    const token = String(access?.registration_access_token);
    const read = access === undefined ? [] : [await readRegistration(flow, uri, token, 'its record')];
    for (const [what, response] of [
      ['an ordinary registration', control],
      [short, brief],
      ...read.map((each) => ['a request for the record of a client', each] as const),
    ] as const) {
      if (!hasClient(response)) continue;
      const answer = response.object();
      const empty = Object.keys(answer).filter((name) => isEmpty(name, answer[name]));
      expect.none(
        empty,
        `The response to ${what} has members that are null or empty.`,
        'such members left out',
        response,
      );
    }
  },
});

/** A statement that nobody signed, so nothing in it counts (RFC 7591 section 2.3). */
function makeUnsignedStatement(): string {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode({ iss: RELYING_PARTY, client_name: UNSUPPORTED })}.`;
}

export const unsupportedValues = requirement({
  id: 'client-unsupported-values',
  level: 'SHOULD',
  levelReason:
    "A server MAY reject or replace values. That it doesn't confirm what it lacks follows from section " +
    '3.2.1.',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.1'), rfc(7591, '2'), rfc(7591, '2.3')],
  needs: ['registration'],
  statement: "A registration response doesn't confirm what the server doesn't support.",
  how:
    `Registers an ordinary client, then, one by one, the authentication method ${UNSUPPORTED}, and the ` +
    'same value as an extra grant type and as an extra response type. Expects a status from 400 to 499 and ' +
    'no client, or a response without that value. Then the first registers again.' +
    ' The same for a client_name that only an unsigned software_statement has.',
  hint: "Refuse or replace values that the server doesn't support, and return what was stored.",
  async check(context) {
    const { flow } = context;
    const trial = (member: string, value: unknown) => ({
      label: member,
      member,
      body: flow.registrationBody({ [member]: value }),
      harmless: (response: { readonly response: { readonly body: string } }) =>
        !response.response.body.includes(UNSUPPORTED),
    });
    await expectRegistrationsRefused(context, {
      subject: 'A client with a value that the server does not support',
      control: flow.registrationBody(),
      trials: [
        trial('token_endpoint_auth_method', UNSUPPORTED),
        trial('grant_types', ['authorization_code', UNSUPPORTED]),
        trial('response_types', ['code', UNSUPPORTED]),
        {
          ...trial('software_statement', makeUnsignedStatement()),
          label: 'an unsigned software_statement',
          member: 'client_name',
        },
      ],
    });
  },
});

export const jwksBoth = requirement({
  id: 'client-jwks-both',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7591, '2')],
  needs: ['registration'],
  statement: "A client can't have both jwks and jwks_uri.",
  how:
    'Registers an ordinary client, then the same with jwks (one public key) and jwks_uri. Expects a status ' +
    'from 400 to 499 and no client, or a response with at most one of the two. Then the first registers ' +
    'again.',
  hint: 'Refuse a registration that has both members.',
  async check(context) {
    const { flow } = context;
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwks = { keys: [publicKey.export({ format: 'jwk' })] };
    await expectRegistrationsRefused(context, {
      subject: 'A client with two sources of keys',
      control: flow.registrationBody(),
      trials: [
        {
          label: 'jwks and jwks_uri',
          member: 'jwks_uri',
          body: flow.registrationBody({ jwks, jwks_uri: `${RELYING_PARTY}/jwks.json` }),
          harmless: (response) => !('jwks' in response.object() && 'jwks_uri' in response.object()),
        },
      ],
    });
  },
});

export const idIssued = requirement({
  id: 'client-id-issued',
  level: 'MUST',
  levelReason:
    "Section 3.2.1 has SHOULD NOT for another client's id, but RFC 6749 section 2.2 makes it unique, and " +
    'this is a takeover.',
  profile: 'oauth',
  clauses: [rfc(6749, '2.2'), rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: "A registration can't take another client's client_id or client_secret.",
  how:
    'Registers a client whose secret authenticates at the token endpoint with a made-up code. Then another ' +
    'registration names that client_id. Expects a refusal, or a client with another client_id; the first ' +
    "client's secret still authenticates. Then two registrations name the same made-up client_secret. " +
    'Expects no client that has it.',
  hint: 'Generate a new client_id and a new client_secret for each registration, whatever the body says.',
  async check({ flow, expect, alter }) {
    const client = await flow.newClient();
    const before = await exchangeUnknownCode(flow, client, 'the control: a made-up code');
    const body = { ...flow.registrationBody(), client_id: client.client_id };
    const response = await sendRegistration(flow, body, 'with the client_id of another client');
    if (response.status >= 500)
      throw new Blocked(
        'registration',
        `A registration with client_id was answered with ${response.status}.`,
      );
    expect.that(
      !hasClient(response) || response.string('client_id') !== client.client_id,
      'A registration took the client_id of another client.',
      {
        expected: 'another client_id',
        received: 'the client_id that the registration named',
        exchange: response,
      },
    );
    const after = await exchangeUnknownCode(flow, client, 'the made-up code again');
    expect.same(
      after.string('error'),
      before.string('error'),
      "A registration that names a client's id changed that client.",
    );
    if (client.client_secret === null) return;
    const chosen = alter(client.client_secret, 'random');
    for (const which of ['a', 'the same']) {
      const named = { ...flow.registrationBody(), client_secret: chosen };
      const answer = await sendRegistration(flow, named, `with ${which} client_secret of its choice`);
      expect.that(answer.string('client_secret') !== chosen, 'A registration chose its own client_secret.', {
        expected: 'a client_secret that the server made, different for each client',
        received: 'the client_secret that the registration named',
        exchange: answer,
      });
    }
  },
});
