/** What a registration response says of the client: all that was registered. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { describeExchange, quote } from '../../fixtures/expect/describe.js';
import type { Expect } from '../../fixtures/expect/types.js';
import { clientFromResponse } from '../../fixtures/flow/clients.js';
import type { ClientMetadata } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { stripQuery } from '../../fixtures/urls.js';
import { Blocked } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import {
  hasClient,
  returnedRedirectUris,
  sendRegistration,
  sendValidRegistration,
} from '../steps/registration.js';
import { isNotTested, nullOn } from '../steps/signals.js';

export const registerEcho = requirement({
  id: 'client-register-echo',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7591, '3.2.1')],
  needs: ['registration'],
  statement: 'The registration response returns all metadata that was registered.',
  how:
    'Registers two clients, each with a name, two redirect URIs of its own, the grant type ' +
    'authorization_code, the response type code and an authentication method. Expects redirect_uris in ' +
    'each response, a list of strings that differs between the two; client_name, grant_types, ' +
    'response_types and token_endpoint_auth_method, if present, have the right JSON type. A server may ' +
    "register less than it was asked to, but a redirect URI that isn't returned must not work." +
    ' The same for scope. A redirect_uris that is a string, a list in a list or a list with null is refused, or registered as a list of the URI alone.',
  hint: "Return the stored record: it's the only way for a client to learn what was registered.",
  async check(context) {
    const first = await registerWithUris(context, ['first', 'second']);
    const second = await registerWithUris(context, ['third', 'fourth']);
    context.expect.that(
      JSON.stringify(first) !== JSON.stringify(second),
      'Two registrations with different redirect URIs return the same ones.',
      { expected: 'the redirect URIs of the second client', received: JSON.stringify(second) },
    );
    await judgeOtherTypes(context);
  },
});

/** redirect_uris is an array of strings (RFC 7591 section 2): nothing else is stored as it is, or as its characters. */
async function judgeOtherTypes({
  flow,
  expect,
  remark,
}: Pick<CheckContext, 'flow' | 'expect' | 'remark'>): Promise<void> {
  const uri = flow.redirectUri('/echo/type');
  for (const [what, redirect_uris] of [
    ['a string', uri],
    ['a list in a list', [[uri]]],
    ['a list with null', [uri, null]],
  ] as const) {
    const body = flow.registrationBody({ redirect_uris });
    const response = await nullOn(isNotTested, () =>
      sendRegistration(flow, body, `redirect_uris as ${what}`),
    );
    if (response === null) return;
    if (!hasClient(response)) continue;
    expect.that(
      JSON.stringify(returnedRedirectUris(response)) === JSON.stringify([uri]),
      `A registration with ${what} as redirect_uris was accepted, and not as a list of the URI alone.`,
      {
        expected: `a refusal, or redirect_uris ["${uri}"]`,
        received: `redirect_uris ${quote(response.object().redirect_uris)}`,
        exchange: response,
      },
    );
    remark(`redirect_uris as ${what} was registered as a list of the URI alone.`);
  }
}

/** Registers a client with these paths and judges what is returned; gives the returned redirect URIs. */
async function registerWithUris(
  { flow, expect, remark }: Pick<CheckContext, 'flow' | 'expect' | 'remark'>,
  paths: readonly string[],
): Promise<readonly string[]> {
  const uris = paths.map((path) => flow.redirectUri(`/echo/${path}`));
  const body = flow.registrationBody({
    redirect_uris: uris,
    grant_types: ['authorization_code'],
    response_types: ['code'],
  });
  const response = await sendValidRegistration(
    flow,
    body,
    `a client with the redirect URIs ${uris.join(' and ')}`,
  );
  if (!hasClient(response) && response.status < 500 && paths.length > 1) {
    remark(`A client with ${paths.length} redirect URIs was refused, which a server may do.`);
    return registerWithUris({ flow, expect, remark }, paths.slice(0, 1));
  }
  if (!hasClient(response)) {
    throw new Blocked('registration', `A valid registration gave no client (${describeExchange(response)}).`);
  }
  const returned = returnedRedirectUris(response);
  expect.that(
    returned !== null && returned.length > 0,
    'The registration response does not return redirect_uris.',
    {
      expected: 'redirect_uris, a list of strings',
      received: `a response with ${Object.keys(response.object()).join(', ')}`,
    },
  );
  judgeTypes(expect, response, remark);
  if (returned !== null && returned.length < uris.length) {
    remark(`Of ${uris.length} redirect URIs ${returned.length} came back.`);
    await demandNotInForce(
      flow,
      expect,
      response,
      body,
      uris.filter((uri) => !returned.includes(uri)),
    );
  }
  return returned ?? [];
}

const LISTS = ['grant_types', 'response_types'] as const;
const STRINGS = ['client_name', 'token_endpoint_auth_method', 'scope'] as const;

function judgeTypes(expect: Expect, response: Exchange, remark: (text: string) => void): void {
  const answer = response.object();
  const missing = [...LISTS, ...STRINGS].filter((name) => (answer[name] ?? null) === null);
  if (missing.length > 0) remark(`Not in the registration response: ${missing.join(', ')}.`);
  for (const name of LISTS) {
    const value = answer[name] ?? [];
    expect.that(
      Array.isArray(value) && value.every((one) => typeof one === 'string'),
      `${name} in the registration response is not a list of strings.`,
      { expected: 'a list of strings', received: quote(value), exchange: response },
    );
  }
  for (const name of STRINGS) {
    const value = answer[name] ?? '';
    expect.that(typeof value === 'string', `${name} in the registration response is not a string.`, {
      expected: 'a string',
      received: quote(value),
      exchange: response,
    });
  }
}

/** A redirect URI that the response leaves out was not registered, else it would be returned. */
async function demandNotInForce(
  flow: Flow,
  expect: Expect,
  response: Exchange,
  body: ClientMetadata,
  uris: readonly string[],
): Promise<void> {
  const client = clientFromResponse(response, body);
  if (client === null) return;
  for (const uri of uris) {
    const answer = await flow.authorize({
      client,
      redirect_uri: uri,
      as: 'nobody',
      params: { prompt: 'none' },
      note: 'a redirect URI that the registration did not return',
    });
    expect.that(
      answer.kind === 'stayed' || stripQuery(answer.location) !== uri,
      'A redirect URI works that the registration response does not return.',
      { expected: `${uri} in redirect_uris, or no answer there`, received: 'an answer there' },
    );
  }
}
