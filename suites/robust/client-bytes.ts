/** Malformed credentials, tokens and bodies at the endpoints that clients call. */
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { isNotApplicable, nullOn } from '../steps/signals.js';
import { isClientError, judgeOddRequests, type OddRequest } from './odd-requests.js';
import { demandUnharmed, demandWellFormedAnswered, type TokenForm, tokenForm } from './raw-requests.js';

const FORM = 'application/x-www-form-urlencoded';

/** @param text each character is one byte */
const basic = (text: string): string => `Basic ${Buffer.from(text, 'latin1').toString('base64')}`;

const HEADERS: readonly (readonly [what: string, header: string])[] = [
  ['Basic without a colon', basic('no-colon-here')],
  ['Basic that is not base64', 'Basic %%%not-base64%%%'],
  ['Basic with invalid UTF-8', basic('client\xc3\x28:secret\xff')],
  ['Basic with a malformed percent-encoding', basic('client%ZZ:secret%')],
  ['Basic with a NUL character', basic('client\0:secret')],
  ['Basic without credentials', 'Basic'],
  ['an unknown scheme', 'Unknown x'],
];

const FIELDS: readonly (readonly [name: string, value: string])[] = [
  ['client_id', 'a%00'],
  ['client_id', 'a%C3%28'],
  ['client_secret', 'a%00'],
  ['client_secret', 'a%C3%28'],
  ['code_verifier', 'a%00'],
  ['redirect_uri', 'https%3A%2F%2Fapp.example.com%2F%00'],
  ['grant_type', 'refresh_token%00'],
  ['scope', '%22%5C%00'],
  // Names that every object of JavaScript has.
  ['grant_type', 'constructor'],
  ['client_id', '__proto__'],
  ['client_assertion', 'a.b.c'],
];

const LONG = 5_000;
/** Beyond the characters of two bytes, which some databases can't store. */
const EMOJI = '%F0%9F%99%82';

/** Values of a token, a code or a refresh token that no column of a database may be made for. */
const VALUES: readonly (readonly [what: string, value: string])[] = [
  ['bytes', 'a%00'],
  ['an emoji', EMOJI],
  [`${LONG} characters`, 'x'.repeat(LONG)],
];

export const clientBytes = requirement({
  id: 'robust-client-bytes',
  level: 'SHOULD',
  levelReason: 'Section 5.2 has 400 "unless specified otherwise". No keyword forbids a 500.',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2'), rfc(9110, '15.6.1')],
  needs: ['client'],
  statement:
    'Malformed credentials and tokens at the token, revocation and introspection endpoints are client ' +
    'errors.',
  how:
    'A well-formed token request with a made-up code gets 400. Then, at the token endpoint and at those ' +
    "for revocation and introspection: Basic with no colon, that isn't base64, isn't UTF-8, is badly " +
    'percent-encoded, has a NUL or is empty, and an unknown scheme; and client_id, client_secret, ' +
    "code_verifier, redirect_uri, grant_type, scope, token and refresh_token with bytes that aren't text. " +
    'Expects a status below 500 and no tokens; revocation may answer 200. The well-formed request still ' +
    'works. ' +
    'Also sends code, refresh_token and token with an emoji, with 5,000 characters and as a list in ' +
    'brackets, no token and an empty one, grant_type, client_id and token_type_hint with names that every ' +
    "JavaScript object has, and assertions that aren't JWTs.",
  hint: 'Decode credentials in one place that answers 401 and invalid_client if that fails.',
  deadline: 90_000,
  async check(context) {
    const { flow } = context;
    const client = await flow.client();
    await demandWellFormedAnswered(flow, client);
    await judgeOddRequests(context, malformedCredentials(flow, client), { subject: 'The server fails on' });
    await demandUnharmed(flow, client, 'malformed credentials');
  },
});

async function* malformedCredentials(flow: Flow, client: Client): AsyncGenerator<OddRequest> {
  const form = tokenForm(flow, client);
  for (const name of ['token', 'revocation', 'introspection'] as const) {
    const url = await nullOn(isNotApplicable, () => flow.endpoint(name));
    if (url === null) continue;
    const send = async (what: string, more: Readonly<Record<string, string>>, text: string) => {
      const label = `${name}, ${what}`;
      const headers = { 'content-type': FORM, accept: 'application/json', ...more };
      return { label, answer: await flow.sendRaw({ method: 'POST', url, headers, body: text, note: label }) };
    };
    for (const [what, body] of name === 'token' ? listGrants(form) : listTokens(form))
      yield send(what, form.headers, body);
    for (const [what, authorization] of HEADERS)
      yield send(what, { authorization }, 'grant_type=authorization_code&code=x&token=x');
    if (name !== 'token') continue;
    for (const [field, value] of FIELDS)
      yield send(`${field} with ${value}`, form.headers, form.body({ [field]: value }));
  }
}

type NamedBody = readonly [what: string, body: string];

/** Requests to the token endpoint. */
function listGrants(form: TokenForm): readonly NamedBody[] {
  return [
    ...VALUES.map(([what, value]): NamedBody => [`code with ${what}`, form.body({ code: value })]),
    ...VALUES.map(
      ([what, value]): NamedBody => [
        `refresh_token with ${what}`,
        form.body({ grant_type: 'refresh_token', refresh_token: value }),
      ],
    ),
    ['code as a list in brackets', form.body({ 'code[]': 'a', 'client_id[x]': 'a' })],
    [
      "an assertion that isn't a JWT",
      form.body({ grant_type: 'urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer', assertion: 'a.b.c' }),
    ],
  ];
}

/** Requests to the revocation or introspection endpoint. */
function listTokens(form: TokenForm): readonly NamedBody[] {
  return [
    ...VALUES.map(
      ([what, value]): NamedBody => [
        `token with ${what}`,
        form.body({ token: value, token_type_hint: '%C3%28' }),
      ],
    ),
    ['token as a list in brackets', form.body({ 'token[]': 'a', 'token_type_hint[x]': 'a' })],
    ['token_type_hint with constructor', form.body({ token: 'a', token_type_hint: 'constructor' })],
    ['no token', form.body()],
    ['an empty token', form.body({ token: '' })],
  ];
}

export const tokenBytes = requirement({
  id: 'robust-token-bytes',
  level: 'SHOULD',
  levelReason: 'Section 5.2 has 400 "unless specified otherwise". No keyword forbids a 500.',
  profile: 'oauth',
  clauses: [rfc(6749, '5.2')],
  needs: ['client'],
  statement: 'Malformed bodies at the token endpoint are client errors.',
  how:
    'A well-formed request with a made-up code gets 400 and invalid_grant. Then sends an empty body; %ZZ, ' +
    "%00, %C3%28 and two bytes that aren't UTF-8 as the code; the same request as multipart and as JSON; " +
    '5,000 more parameters. Expects a status from 400 to 499 or a closed connection, no tokens, and a JSON ' +
    'object with error for the empty body. The well-formed request still works.',
  hint: "If reading a token request's body fails, answer 400 and invalid_request.",
  async check(context) {
    const { flow } = context;
    const client = await flow.client();
    await demandWellFormedAnswered(flow, client);
    const form = tokenForm(flow, client);
    await judgeOddRequests(context, malformedBodies(flow, form), {
      subject: 'The token endpoint does not refuse, as the clause says,',
      expected: 'a status from 400 to 499 or a closed connection; for an empty body a JSON object with error',
    });
    await demandUnharmed(flow, client, 'malformed bodies');
  },
});

const BOUNDARY = 'polar-conformance-boundary';
const MANY_PARAMETERS = 5_000;

async function* malformedBodies(flow: Flow, form: TokenForm): AsyncGenerator<OddRequest> {
  const parts = Object.entries(form.fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const many = Array.from({ length: MANY_PARAMETERS }, (_, n) => `p${n}=1`).join('&');
  const bodies: readonly (readonly [label: string, body: string, type?: string])[] = [
    ['an empty body', ''],
    ['a code with %ZZ', form.body({ code: 'a%ZZ' })],
    ['a code with a NUL character', form.body({ code: 'a%00' })],
    ['a code that is percent-encoded, but not UTF-8', form.body({ code: 'a%C3%28' })],
    ["a code of bytes that aren't UTF-8", form.body({ code: 'a\xc3\x28' })],
    ['a multipart body', `${parts.join('')}--${BOUNDARY}--\r\n`, `multipart/form-data; boundary=${BOUNDARY}`],
    ['a JSON body', JSON.stringify(form.fields), 'application/json'],
    ['a body of 5,000 further parameters', `${form.body()}&${many}`],
  ];
  const url = flow.endpoint('token');
  for (const [label, body, type = FORM] of bodies) {
    const headers = { ...form.headers, 'content-type': type };
    const answer = await flow.sendRaw({ method: 'POST', url, headers, body, note: label });
    const isVague = body === '' && !answer.closed && answer.exchange.string('error') === null;
    yield { label, answer, isFault: isVague || !isClientError(answer) };
  }
}
