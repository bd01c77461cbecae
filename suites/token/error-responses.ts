/** Error responses of the token endpoint. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { capitalize, describeExchange, joinWords, quote } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { clientWithAuthMethod, supportsAuthMethod } from '../steps/clients.js';
import { demandAuthenticated, exchangeFreshCode, unknownCodeParams } from '../steps/exchange.js';
import { isNotTested, isUnavailable, nullOn } from '../steps/signals.js';
import { makeUnsignedAssertion } from '../steps/unsigned-jwts.js';

export const getRefused = requirement({
  id: 'token-get-refused',
  level: 'SHOULD',
  levelReason: 'The clauses bind the client. That the server refuses is inferred.',
  profile: 'oauth',
  clauses: [rfc(6749, '3.2'), oidcCore('3.1.3.1')],
  needs: ['client', 'user'],
  statement: 'The token endpoint issues tokens only by POST.',
  how:
    'Exchanges a code by POST (200). Then sends GET with all parameters in the query, and PUT and PATCH ' +
    'with them in the body; the client authenticates in the header if the server offers that. Expects no ' +
    'tokens (usually 405; remarks on the status).',
  hint: 'Route only POST to the token endpoint. With GET, the code ends up in logs and browser histories.',
  async check({ flow, expect, remark }) {
    const client = await clientForHeader(flow);
    await exchangeFreshCode(flow, { client });
    for (const method of ['GET', 'PUT', 'PATCH']) {
      const note = `the same by ${method}`;
      const exchange = await flow.exchangeCode(await flow.code({ client }), { method, note });
      expect.noTokens(exchange, `a token request by ${method}`);
      remark(`The answer to ${method}: ${describeExchange(exchange)}.`);
    }
  },
});

export const grantTypeUnsupported = requirement({
  id: 'token-grant-type-unsupported',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(9700, '2.4')],
  needs: ['client'],
  statement: 'An unknown grant type is refused as unsupported.',
  how:
    'An authenticated client sends grant_type=urn:example:none. Expects 400 and unsupported_grant_type. ' +
    'Then sends grant_type=password with made-up credentials, unless the document lists it. Expects a ' +
    'status from 400 to 499 and no tokens. ' +
    "The same with the user's real password, if it's known, with an unsigned JWT as a jwt-bearer grant, even " +
    'if the document lists that type, and with a code and grant_type=Authorization_Code.',
  hint: "Answer a grant_type that you don't implement with unsupported_grant_type.",
  async check({ flow, expect, remark, users }) {
    const client = await flow.client();
    const unknown = await flow.tokenRequest(
      { grant_type: 'urn:example:none' },
      { auth: { client }, note: 'an unknown grant type' },
    );
    await demandAuthenticated(flow, unknown, client);
    expect.refused(unknown, { status: 400, error: 'unsupported_grant_type', what: 'an unknown grant type' });
    const known = await nullOn(isNotTested, () => users.credentials('first'));
    for (const { what, fields } of listOtherGrants(flow, client, known)) {
      const exchange = await flow.tokenRequest(fields, { auth: { client }, note: what });
      expect.noTokens(exchange, what);
      expect.clientError(exchange, `${capitalize(what)} was not refused with a client error.`);
      remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
    }
    const code = await nullOn(isUnavailable, () => flow.code({ client }));
    if (code === null) return;
    const params = { grant_type: 'Authorization_Code' };
    const capitals = await flow.exchangeCode(code, { params, note: 'the grant type in capitals' });
    expect.noTokens(capitals, 'the grant type Authorization_Code');
  },
});

interface OtherGrant {
  readonly what: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** @param known the name and password of the user, null if they aren't known */
function listOtherGrants(
  flow: Flow,
  { client_id }: Client,
  known: { readonly username: string; readonly password: string } | null,
): readonly OtherGrant[] {
  const assertion = makeUnsignedAssertion(client_id, known?.username ?? 'nobody', flow.endpoint('token'));
  const unsigned = {
    what: 'an unsigned JWT as a grant',
    fields: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion },
  };
  if (flow.supportedValues('grant_types_supported')?.includes('password') === true) return [unsigned];
  const grant_type = 'password';
  return [
    {
      what: 'a password grant, which the server does not list,',
      fields: { grant_type, username: 'nobody', password: 'made-up' },
    },
    ...(known === null
      ? []
      : [
          {
            what: "a password grant with the user's password, which the server does not list,",
            fields: { grant_type, ...known, scope: flow.minimalScope },
          },
        ]),
    unsigned,
  ];
}

export const errorFormat = requirement({
  id: 'token-error-format',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), oidcCore('3.1.3.4')],
  needs: ['client'],
  statement: 'The token endpoint refuses requests with a well-formed JSON error.',
  how:
    'An authenticated client sends a made-up code. Expects 400, application/json, one object with error ' +
    'invalid_grant, and only allowed characters in error_description and error_uri. The same form, with ' +
    'invalid_request or another fitting error, without code, without grant_type, and with characters that ' +
    'need escaping in either. Judges the characters for an unknown client and a made-up refresh token too ' +
    'and, if refresh tokens are issued, the form for one with client_id alone.',
  hint:
    "Look at the token endpoint's error handler. Every error is a JSON object, not a page, and quotes " +
    'nothing from the request.',
  async check({ flow, expect, remark }) {
    const client = await flow.client();
    const made = () => unknownCodeParams(flow, client);
    const cases = [
      { what: 'a made-up code', fields: made(), error: ['invalid_grant'] },
      {
        what: 'a request without code',
        fields: omitParam(made(), 'code'),
        error: ['invalid_request', 'invalid_grant'],
      },
      {
        what: 'a request without grant_type',
        fields: omitParam(made(), 'grant_type'),
        error: ['invalid_request', 'unsupported_grant_type'],
      },
      {
        what: 'a code with quotation marks',
        fields: { ...made(), code: AWKWARD },
        error: ['invalid_grant', 'invalid_request'],
      },
      {
        what: 'a grant_type with quotation marks',
        fields: { ...made(), grant_type: `grant of ${AWKWARD}` },
        error: ['unsupported_grant_type', 'invalid_request'],
      },
    ];
    for (const { what, fields, error } of cases) {
      const exchange = await flow.tokenRequest(fields, { auth: { client }, note: what });
      await demandAuthenticated(flow, exchange, client);
      judgeCharacters(expect, exchange, expect.jsonObject(exchange, `the answer to ${what}`, 400), what);
      expect.refused(exchange, { status: 400, error, what });
      remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
    }
    const unknown = { ...client, client_id: `polar-conformance-${AWKWARD}` };
    const refresh = { grant_type: 'refresh_token', refresh_token: AWKWARD };
    for (const [what, fields, asking] of [
      ['an unknown client', made(), unknown],
      ['a made-up refresh token', refresh, client],
    ] as const) {
      const exchange = await flow.tokenRequest(fields, { auth: { client: asking }, note: what });
      // Its status and media type are judged by token-auth-unknown-client and token-error-media-type.
      if (exchange.string('error') !== null) judgeCharacters(expect, exchange, exchange.object(), what);
    }
    if (flow.supportedValues('grant_types_supported')?.includes('refresh_token') !== true) return;
    const what = 'a made-up refresh token with the client_id alone';
    const fields = { grant_type: 'refresh_token', refresh_token: 'polar-conformance-made-up' };
    const bare = await flow.tokenRequest(fields, { auth: { client, method: 'none' }, note: what });
    if (bare.status === 400 || bare.status === 401)
      judgeCharacters(expect, bare, expect.jsonObject(bare, `the answer to ${what}`, bare.status), what);
  },
});

/** Characters that an error_description may not repeat. */
const AWKWARD = 'no "such" \\ thing, é';

/** RFC 6749 appendix A.8 and A.9. */
const CHARACTERS = {
  error_description: /^[\x20\x21\x23-\x5B\x5D-\x7E]+$/,
  error_uri: /^[\x21\x23-\x5B\x5D-\x7E]+$/,
};

/** The members of an error have the form that RFC 6749 section 5.2 defines. */
function judgeCharacters(
  expect: Expect,
  exchange: Exchange,
  body: Readonly<Record<string, unknown>>,
  what: string,
): void {
  for (const [member, characters] of Object.entries(CHARACTERS)) {
    const value = body[member];
    if (value === undefined) continue;
    const text = expect.string(value, member, `the answer to ${what}`, exchange);
    const message = `The ${member} in the answer to ${what} has characters that RFC 6749 forbids there.`;
    expect.that(characters.test(text), message, {
      expected: 'visible ASCII characters without double quote and backslash',
      // What the server repeats of a code is hidden in a report, and with it what is wrong.
      received: `${quote(text)}, with ${describeForbidden(text, characters)}`,
      exchange,
    });
  }
  expect.matchesSchema('error', body, `the answer to ${what}`, exchange);
}

function describeForbidden(text: string, allowed: RegExp): string {
  const forbidden = [...new Set(text)].filter((character) => !allowed.test(character));
  return forbidden.length === 0 ? 'no characters at all' : joinWords(forbidden.map(describeCharacter), 'and');
}

function describeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return code < 0x20 || code === 0x7f ? number : `${character} (${number})`;
}

function omitParam(fields: Readonly<Record<string, string>>, left: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== left));
}

/** A client that authenticates by header where the server has that, so that GET can carry it unchanged. */
async function clientForHeader(flow: Flow): Promise<Client> {
  if (!supportsAuthMethod(flow, 'client_secret_basic')) return flow.client();
  return (
    (await nullOn(isNotTested, () => clientWithAuthMethod(flow, 'client_secret_basic'))) ?? flow.client()
  );
}
