/** Whether the document tells the truth: what it lists can be had, and what can be had is listed. */
import { describeExchange, describeOutcome, hasTokens } from '../../fixtures/expect/describe.js';
import { readOutcomeError } from '../../fixtures/flow/read-outcome.js';
import type { Client } from '../../fixtures/flow/types.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcDiscovery, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { sendValidRegistration } from '../steps/registration.js';
import { isMissing, isNotTested, nullOn } from '../steps/signals.js';
import { tokensWithRefreshOrNull } from '../steps/tokens.js';
import { readDocument } from './document.js';

/** OpenID Connect Discovery 1.0 section 3, where grant_types_supported is left out. */
const DEFAULT_GRANTS: readonly unknown[] = ['authorization_code', 'implicit'];
const METHODS = ['client_secret_basic', 'client_secret_post', 'none'] as const;

export const grantTypes = requirement({
  id: 'discovery-grant-types',
  level: 'SHOULD',
  levelReason: "The member is optional and has a default, and no keyword says that it's complete.",
  profile: 'oauth',
  clauses: [oidcDiscovery('3'), rfc(8414, '2')],
  needs: ['metadata', 'client', 'user'],
  statement: 'The document lists the grant and response types that clients can use, and no others.',
  how:
    'Expects authorization_code in grant_types_supported (by default authorization_code and implicit), and ' +
    'refresh_token too if a token response has a refresh token.' +
    ' Registers a client for each listed grant and response type, if it can. Where the server confirms it, ' +
    'expects no unsupported_grant_type and no unsupported_response_type.',
  hint: 'List the grant types and response types that clients can use, and no others.',
  async check({ flow, target, expect }) {
    const { grant_types_supported: listed } = await readDocument(flow, target);
    const list: readonly unknown[] = Array.isArray(listed) ? listed : DEFAULT_GRANTS;
    expect.includes(list, 'authorization_code', 'The document does not list the grant authorization_code.');
    await judgeListedGrants({ flow, expect }, list);
    await judgeListedResponses({ flow, expect });
    const tokens = await tokensWithRefreshOrNull(flow);
    if (tokens === null) return;
    const message = 'The server issues refresh tokens, but the document does not list the grant.';
    expect.that(list.includes('refresh_token'), message, {
      expected: 'grant_types_supported with refresh_token',
      received: listed === undefined ? 'no grant_types_supported' : JSON.stringify(listed),
      exchange: tokens.exchange,
    });
  },
});

/** What the IANA registry and RFC 6749 name; `implicit` isn't for the token endpoint. */
const TOKEN_GRANTS: readonly unknown[] = [
  'refresh_token',
  'password',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:saml2-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:openid:params:grant-type:ciba',
];

/** A client that was confirmed for a grant may still be refused it, but not because nobody gets it. */
async function judgeListedGrants(
  { flow, expect }: Pick<CheckContext, 'flow' | 'expect'>,
  listed: readonly unknown[],
): Promise<void> {
  for (const grant of listed.filter((each) => TOKEN_GRANTS.includes(each)).map(String)) {
    const changes = { grant_types: ['authorization_code', grant] };
    const client = await nullOn(isMissing, () => flow.newClient(changes));
    if (client === null || !confirms(client, 'grant_types', grant)) continue;
    const note = `the grant ${grant}, which is listed`;
    const exchange = await flow.tokenRequest({ grant_type: grant }, { auth: { client }, note });
    const message = `The document lists the grant ${grant}, which the server doesn't support.`;
    expect.that(exchange.string('error') !== 'unsupported_grant_type', message, {
      expected: 'any other answer',
      received: describeExchange(exchange),
      exchange,
    });
  }
}

async function judgeListedResponses({ flow, expect }: Pick<CheckContext, 'flow' | 'expect'>): Promise<void> {
  for (const type of flow.supportedValues('response_types_supported') ?? []) {
    const grant_types = ['authorization_code', ...(type === 'code' ? [] : ['implicit'])];
    const client = await nullOn(isMissing, () => flow.newClient({ response_types: [type], grant_types }));
    if (client === null || !confirms(client, 'response_types', type)) continue;
    const params = { response_type: type, prompt: 'none' };
    const note = `the response type ${type}, which is listed`;
    const answer = await flow.authorize({ client, as: 'nobody', params, note });
    const message = `The document lists the response type ${type}, which the server doesn't support.`;
    expect.that(readOutcomeError(answer) !== 'unsupported_response_type', message, {
      expected: 'any other answer',
      received: describeOutcome(answer),
      exchange: answer,
    });
  }
}

/** Whether the registration response says that the client has this value. */
function confirms({ registration }: Client, member: string, value: string): boolean {
  const list = registration?.object()[member];
  return Array.isArray(list) && list.includes(value);
}

export const authMethods = requirement({
  id: 'discovery-auth-methods',
  level: 'SHOULD',
  levelReason: '"Supported by this Token Endpoint", with no keyword.',
  profile: 'oauth',
  clauses: [oidcDiscovery('3'), rfc(8414, '2')],
  needs: ['metadata', 'registration', 'user'],
  statement: "A client can register and use every authentication method that's listed.",
  how:
    'Registers a client for each of client_secret_basic, client_secret_post and none that ' +
    'token_endpoint_auth_methods_supported lists. Expects a client with that method, and tokens for a ' +
    'code.',
  hint: 'List the methods that clients can use, and no others.',
  async check({ flow, expect }) {
    const listed = flow.supportedValues('token_endpoint_auth_methods_supported');
    const methods = METHODS.filter((method) => listed?.includes(method));
    if (methods.length === 0)
      throw new NotApplicable('The document lists none of the methods that are tried.');
    await flow.newClient();
    for (const method of methods) {
      const changes = { token_endpoint_auth_method: method };
      const client = `A client of the method ${method}, which is listed,`;
      const response = await sendValidRegistration(
        flow,
        flow.registrationBody(changes),
        `a client of the method ${method}`,
      );
      expect.that(response.string('client_id') !== null, `${client} cannot be registered.`, {
        expected: 'a client of that method',
        received: describeExchange(response),
        exchange: response,
      });
      const registered = response.string('token_endpoint_auth_method') ?? method;
      expect.same(registered, method, `${client} is registered for another method.`, response);
      const code = await flow.code({ client: await flow.newClient(changes) });
      const exchange = await flow.exchangeCode(code, { note: `by ${method}` });
      expect.that(hasTokens(exchange), `${client} gets no tokens.`, {
        expected: '200 with tokens',
        received: describeExchange(exchange),
        exchange,
      });
    }
  },
});

export const scopesOffered = requirement({
  id: 'discovery-scopes-offered',
  level: 'SHOULD',
  levelReason: "A server may list fewer scopes than it has. That it lists none it doesn't have is inferred.",
  profile: 'oauth',
  clauses: [oidcDiscovery('3'), rfc(8414, '2')],
  needs: ['metadata', 'registration', 'user'],
  statement: "A client can request every scope that's listed.",
  how:
    'Registers a client with all of scopes_supported and requests them with prompt=none. Expects a client, ' +
    'and any answer except invalid_scope. If that comes, requests each scope alone to name the ones that ' +
    'are refused.',
  hint: 'List in scopes_supported only what a client can register and request.',
  async check({ flow, expect }) {
    const listed = flow.supportedValues('scopes_supported');
    if (listed === undefined) throw new NotApplicable('The document has no scopes_supported.');
    await flow.newClient();
    const scope = listed.join(' ');
    const body = flow.registrationBody({ scope });
    const response = await sendValidRegistration(flow, body, 'a client with all scopes that are listed');
    expect.that(response.status < 400, 'A client cannot register the scopes that are listed.', {
      expected: 'a client',
      received: describeExchange(response),
      exchange: response,
    });
    const client = await nullOn(isNotTested, () => flow.newClient({ scope }));
    if (client === null) throw new NotTested('No client could be registered.');
    const ask = (wanted: string) =>
      flow.authorize({ client, scope: wanted, params: { prompt: 'none' }, note: `scope ${wanted}` });
    const declared = listed.filter((value) => client.scope.split(' ').includes(value));
    const all = await ask(declared.join(' '));
    if (readOutcomeError(all) !== 'invalid_scope') return;
    const refused: string[] = [];
    for (const value of declared)
      if (readOutcomeError(await ask(value)) === 'invalid_scope') refused.push(value);
    expect.none(refused, 'A scope that is listed is refused as invalid_scope.', 'any other answer', all);
  },
});
