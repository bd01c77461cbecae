/** Tokens for one API: that a client can get them, and that they work nowhere else (RFC 8707). */
import { describeExchange, describeOutcome, hasTokens } from '../../fixtures/expect/describe.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { expectBearerRefused } from '../steps/bearer-requests.js';
import { useFresh } from '../steps/fresh-tokens.js';
import { isBlockedBy, nullOn } from '../steps/signals.js';
import { refreshedTwice, refreshWhenKnown } from '../steps/tokens.js';
import { resourceIdentifier } from './protected-resource.js';
import { audienceOf, requestFor, tokensFor } from './resource-tokens.js';

export const accepted = requirement({
  id: 'agents-resource-accepted',
  level: 'MUST',
  levelReason:
    "A server that doesn't support resource indicators must ignore the parameter (RFC 6749 section 3.1).",
  profile: 'agents',
  clauses: [rfc(8707, '2.1'), rfc(8707, '2.2'), rfc(6749, '3.1'), rfc(6749, '3.2')],
  needs: ['user', 'client', 'protected-endpoint'],
  statement: 'A client can request a token with resource, at the authorization and the token endpoint.',
  how:
    'A request with no resource gets tokens. Then sends the identifier that the API publishes as its ' +
    "resource. Expects a code, tokens when it's exchanged with the same resource, and an API that accepts " +
    'them.',
  hint: "Accept as resource what the API's metadata says, and ignore it if you don't support resources.",
  async check({ flow, expect }) {
    const resource = await resourceIdentifier(flow);
    await flow.tokens({ ...(await requestFor(flow, [])), note: 'the control: without resource' });
    const request = await requestFor(flow, [resource]);
    const answer = await flow.authorize({ ...request, note: 'with resource' });
    const code = expect.issuedCode(
      answer,
      'An authorization request with the resource of the API gave no code.',
    );
    const params = { resource };
    const exchange = await flow.exchangeCode(code, { params, note: 'the exchange with resource' });
    expect.issuedTokens(exchange, 'A token request with the resource of the API gave no tokens.');
    const token = exchange.string('access_token');
    const note = 'the API that the token is for';
    const response = await useFresh(() => flow.callApi('protected', token, { note }));
    expect.that(response.status === 200, 'The API refuses a token that was issued for it.', {
      expected: 'status 200',
      received: describeExchange(response),
      exchange: response,
    });
  },
});

export const audience = requirement({
  id: 'agents-resource-audience',
  level: 'SHOULD',
  profile: 'agents',
  clauses: [rfc(8707, '2'), rfc(9728, '7.4'), rfc(9700, '2.3')],
  needs: ['user', 'client', 'protected-endpoint'],
  statement: 'A token requested with resource is for that resource.',
  how:
    "Gets a token for the API's resource. Expects aud, in the JWT or by introspection, to have the " +
    'resource or any value besides the client, since a server may map it. Not tested if nothing shows who ' +
    'a token is for.',
  hint: "Put the resource into the token's aud, or into what introspection says about it.",
  async check({ flow, expect, remark }) {
    const resource = await resourceIdentifier(flow);
    const tokens = await tokensFor(flow, [resource]);
    const bound = await audienceOf(flow, tokens);
    const plain = await audienceOf(flow, await flow.tokens(await requestFor(flow, [])));
    if (bound === null && plain === null)
      throw new NotTested("Nothing shows who a token is for: it's opaque, and introspection returns no aud.");
    const isRestricted = bound?.some((one) => one !== tokens.client.client_id) === true;
    expect.that(isRestricted, 'A token that was asked for with resource is not for that resource.', {
      expected: `aud ${resource}`,
      received: bound === null ? 'no aud' : `aud ${bound.join(', ')}, the client alone`,
      exchange: tokens.exchange,
    });
    if (bound?.includes(resource) !== true)
      remark(`The server maps the resource to the audience ${bound?.join(', ')}.`);
    if (bound?.join(' ') === plain?.join(' ')) remark('A token without resource is for the same audience.');
  },
});

export const refusedElsewhere = requirement({
  id: 'agents-resource-refused-elsewhere',
  level: 'MUST',
  profile: 'agents',
  clauses: [rfc(9700, '2.3'), rfc(6750, '3.1'), rfc(8707, '3')],
  needs: ['user', 'client', 'api-user-endpoint', 'api-org-endpoint'],
  statement: 'A token for one resource is refused at another.',
  how:
    'Two endpoints of the API publish different resources. Gets tokens with the scopes of both, one for ' +
    'each resource; each works at its own. Expects 401 or 403 at the other. Not applicable if both are one ' +
    'resource. Not tested if nothing shows that tokens are bound.',
  hint: "Compare the token's audience with the resource that it came to, on every request.",
  async check({ flow, expect }) {
    const endpoints = ['user', 'organization'] as const;
    const [first, second] = [
      await resourceIdentifier(flow, 'user'),
      await resourceIdentifier(flow, 'organization'),
    ];
    if (first === second) throw new NotApplicable('Both endpoints are one resource.');
    const own = await tokensFor(flow, [first], endpoints);
    const foreign = await tokensFor(flow, [second], endpoints);
    const [here, there] = [await audienceOf(flow, own), await audienceOf(flow, foreign)];
    if (here?.join(' ') === there?.join(' '))
      throw new NotTested('Nothing shows that a token is bound to the resource it was asked for.');
    const control = await useFresh(() =>
      flow.callApi('user', own.access_token, { note: 'the control: a token for this resource' }),
    );
    const other = await useFresh(() =>
      flow.callApi('organization', foreign.access_token, { note: 'the control at the other' }),
    );
    for (const exchange of [control, other]) {
      if (exchange.status !== 200)
        throw new NotTested(`A token is refused at its own resource (${describeExchange(exchange)}).`);
    }
    const exchange = await flow.callApi('user', foreign.access_token, {
      note: 'a token for another resource',
    });
    expectBearerRefused(expect, exchange, {
      what: 'a token for another resource',
      control,
      status: [401, 403],
    });
  },
});

export const refresh = requirement({
  id: 'agents-resource-refresh',
  level: 'SHOULD',
  profile: 'agents',
  clauses: [rfc(8707, '2.2'), rfc(8707, '2')],
  needs: ['user', 'client', 'refresh', 'protected-endpoint'],
  statement: 'A refreshed token is for the same resource as the first.',
  how:
    "Gets tokens for the API's resource, with a refresh token, and refreshes them with and without " +
    'resource. Expects the same aud as before. Not tested if nothing shows who a token is for.',
  hint: 'Store the resource with the grant, and put it into each new access token.',
  async check({ flow, expect }) {
    const resource = await resourceIdentifier(flow);
    const request = await requestFor(flow, [resource]);
    const plain = await flow.tokens({ ...(await requestFor(flow, [])), offline: true });
    const tokens = await nullOn(isBlockedBy('code'), () =>
      flow.tokens({ ...request, offline: true, note: 'tokens for the resource' }),
    );
    if (tokens === null) throw new Blocked('resource', 'A request for the resource gave no code.');
    const bound = await audienceOf(flow, tokens);
    if (bound === null)
      throw new NotTested("Nothing shows who a token is for: it's opaque, and introspection returns no aud.");
    await refreshedTwice(flow, plain, 'the control: tokens without resource');
    let current = tokens.refresh_token;
    for (const params of [{ resource }, {}] as const) {
      const what = 'resource' in params ? 'a refresh with the resource' : 'a refresh without resource';
      const grant = { refresh_token: current, client: tokens.client };
      const exchange = await refreshWhenKnown(flow, grant, { params, note: what });
      expect.that(hasTokens(exchange), `The server refuses ${what} of tokens for that resource.`, {
        expected: 'status 200 with access_token',
        received: describeExchange(exchange),
        exchange,
      });
      current = exchange.string('refresh_token') ?? current;
      const refreshed = { ...tokens, access_token: exchange.string('access_token') ?? '' };
      const now = await audienceOf(flow, refreshed);
      if (now === null) throw new NotTested('Nothing shows who the refreshed token is for.');
      expect.same(now, bound, `The token from ${what} has a different audience than the first.`, exchange);
    }
  },
});

export const several = requirement({
  id: 'agents-resource-several',
  level: 'SHOULD',
  levelReason:
    "Section 2 allows several resources and lets a server refuse what it can't accept, with the one error " +
    'code it defines.',
  profile: 'agents',
  clauses: [rfc(8707, '2')],
  needs: ['user', 'client', 'protected-endpoint'],
  statement: 'Several resources in one request are accepted, or refused with invalid_target.',
  how:
    'A request with one resource gets a code. Then sends resource twice, for two resources if the API has ' +
    'them. Expects a code or invalid_target, and tokens or invalid_target for the code.',
  hint: "Read resource as a list: it's the one parameter that may be repeated.",
  async check({ flow, expect, remark }) {
    const resource = await resourceIdentifier(flow);
    await tokensFor(flow, [resource]);
    const resources = [resource, ...(flow.supportedValues('protected_resources') ?? []), resource].slice(
      0,
      2,
    );
    const request = await requestFor(flow, resources);
    const answer = await flow.authorize({ ...request, note: 'several resources' });
    const refused = answer.kind === 'redirected' ? answer.query.get('error') : null;
    if (refused === 'invalid_target') {
      remark('The server refuses several resources with invalid_target.');
      return;
    }
    const code = expect.issuedCode(
      answer,
      'Several resources in an authorization request are refused as if the request were malformed.',
      'a code, or the error invalid_target',
    );
    const params = { resource: resources };
    const exchange = await flow.exchangeCode(code, { params, note: 'the exchange with several resources' });
    expect.that(
      hasTokens(exchange) || exchange.string('error') === 'invalid_target',
      'Several resources in a token request are refused as if the request were malformed.',
      { expected: 'tokens, or the error invalid_target', received: describeExchange(exchange), exchange },
    );
    remark(`Several resources ended at ${describeOutcome(answer)}, ${describeExchange(exchange)}.`);
  },
});
