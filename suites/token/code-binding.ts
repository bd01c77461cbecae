/** What a code is bound to: one use, one client, one redirect URI. */
import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import {
  basicClientBeside,
  ownClientIfOpen,
  ownPublicClient,
  publicClientIfOffered,
  sharedClientIfAny,
  supportsAuthMethod,
} from '../steps/clients.js';
import { exchangeFreshCode, exchangeOrBlock } from '../steps/exchange.js';
import { isUnavailable, nullOn } from '../steps/signals.js';

export const codeSingleUse = requirement({
  id: 'token-code-single-use',
  level: 'MUST',
  levelReason:
    'OpenID Connect Core section 3.1.3.2 says "if possible". RFC 6749 makes no exception, and both bind ' +
    'the server.',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.2'), oidcCore('3.1.3.2')],
  needs: ['client', 'user'],
  statement: 'A code works only once.',
  how:
    'Exchanges a code (200) and sends the identical request again at once. Expects 400, invalid_grant and ' +
    'no tokens. The same for a public client, if the server offers that. Uses its own clients, because the ' +
    "server should then revoke the code's tokens.",
  hint: 'Mark the code as used in the step that issues the tokens, and check that first.',
  serial: true,
  async check({ flow, expect, remark }) {
    const open = supportsAuthMethod(flow, 'none')
      ? await nullOn(isUnavailable, () => ownPublicClient(flow))
      : null;
    for (const client of [await flow.disposableClient(), ...(open === null ? [] : [open])]) {
      const code = await flow.code({ client });
      await exchangeOrBlock(flow, code);
      const again = await flow.exchangeCode(code, { note: 'the same request again' });
      expect.invalidGrant(
        again,
        `a code${client === open ? ' of a public client' : ''} that was already used`,
      );
      const fresh = await flow.exchangeCode(await flow.code({ client }), { note: 'a further fresh code' });
      if (fresh.status !== 200)
        remark(`Afterward a fresh code of the same client gave ${describeExchange(fresh)}.`);
    }
  },
});

export const codeClientBound = requirement({
  id: 'token-code-client-bound',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), oidcCore('3.1.3.2')],
  needs: ['client', 'user', 'second-client'],
  statement: 'Only the client that a code was issued to can exchange it.',
  how:
    'Two clients and, if the server offers that, a public one each exchange their own code (200). Then ' +
    "sends the first one's code with the second one's valid credentials and from the public client, and " +
    "the public client's code from the second, each with the code's redirect_uri and verifier. Expects " +
    '400, invalid_grant and no tokens. Last, a client that authenticates in the header sends the first ' +
    "one's code with the first one's client_id in the body. Expects no tokens and a status from 400 to " +
    '499.',
  hint: 'Compare the authenticated client with the one stored with the code.',
  async check(context) {
    const { flow, expect, remark } = context;
    const [owner, other] = [await flow.client('first'), await flow.client('second')];
    const open = await publicClientIfOffered(context);
    for (const client of [owner, other, ...(open === null ? [] : [open])])
      await exchangeFreshCode(flow, { client });
    if (owner.redirect_uri !== other.redirect_uri)
      remark('The two clients have different redirect URIs; that of the code was sent.');
    const pairs = [
      { of: owner, by: other, what: 'a code that was issued to another client' },
      { of: owner, by: open, what: 'a code of a confidential client, sent by a public one,' },
      { of: open, by: other, what: 'a code of a public client, sent by a confidential one,' },
    ];
    for (const { of, by, what } of pairs) {
      if (of === null || by === null) continue;
      const code = await flow.code({ client: of });
      expect.invalidGrant(await flow.exchangeCode(code, { auth: { client: by }, note: what }), what);
    }
    const named = await basicClientBeside(flow, owner);
    if (named === null) return;
    await exchangeFreshCode(flow, { client: named }, 'basicAuthentication');
    const what = 'a code of the client named in the body, sent by the client in the header,';
    const exchange = await flow.exchangeCode(await flow.code({ client: owner }), {
      auth: { client: named },
      params: { client_id: owner.client_id },
      note: what,
    });
    expect.noTokens(exchange, what);
    expect.clientError(exchange, `The token endpoint did not refuse ${what.replace(/,$/, '')}.`);
  },
});

export const redirectMismatch = requirement({
  id: 'token-redirect-mismatch',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), rfc(6749, '5.2'), oidcCore('3.1.3.2')],
  needs: ['client', 'user'],
  statement: 'The redirect_uri of the exchange has to equal that of the authorization request.',
  how:
    'A client with two redirect URIs, registered or from the target file, gets a code with each. Exchanges ' +
    'them with the other one: expects 400, invalid_grant and no tokens. Then sends an unregistered ' +
    'redirect_uri, and the first one with or without a slash at its end, with a query, with capitals in ' +
    'path or host, with the default port, and with a percent-encoded letter: expects 400, invalid_grant or ' +
    "invalid_request, and no tokens. Tries the unregistered one with a public client's code and with a " +
    'code without code_challenge too. A code with its own URI gets 200.',
  hint: 'Store the redirect_uri with the code, and compare the strings as they are.',
  async check(context) {
    const { flow, expect, remark } = context;
    const client = await clientWithTwoRedirectUris(flow);
    const [first = client.redirect_uri, second] = client.redirect_uris;
    const altered = alterRedirectUri(first).filter(({ sent }) => !client.redirect_uris.includes(sent));
    const trials = altered.map((one) => ({
      ...one,
      asked: first,
      error: ['invalid_grant', 'invalid_request'],
    }));
    if (second === undefined) remark('The client has one redirect URI, so no second one was tried.');
    else {
      const other = { error: ['invalid_grant'], what: 'another registered redirect_uri' };
      trials.unshift({ asked: first, sent: second, ...other }, { asked: second, sent: first, ...other });
    }
    for (const asked of second === undefined ? [first] : [first, second])
      await exchangeFreshCode(flow, { client, redirect_uri: asked });
    for (const { asked, sent, error, what } of trials) {
      const code = await flow.code({ client, redirect_uri: asked });
      const exchange = await flow.exchangeCode(code, { params: { redirect_uri: sent }, note: what });
      expect.refused(exchange, { status: 400, error, what: `an exchange with ${what}` });
    }
    await judgeOtherCodes(context);
  },
});

/** A server may compare in one branch alone: PKCE, or the lack of a secret, leads to another. */
async function judgeOtherCodes(context: CheckContext): Promise<void> {
  const { flow, expect } = context;
  const others = [
    { of: 'a public client', options: { client: await publicClientIfOffered(context) } },
    { of: 'a request without code_challenge', options: { client: await flow.client(), pkce: null } },
  ] as const;
  for (const { of, options } of others) {
    const { client } = options;
    if (client === null) continue;
    const ask = (note: string) => nullOn(isUnavailable, () => flow.code({ ...options, client, note }));
    const control = await ask(`a code of ${of}`);
    if (control === null || !hasTokens(await flow.exchangeCode(control, { note: 'the control request' })))
      continue;
    const code = await ask(`another code of ${of}`);
    if (code === null) continue;
    const what = `an exchange of a code of ${of} with an unregistered redirect_uri`;
    const params = { redirect_uri: extendPath(client.redirect_uri, '/unregistered') };
    const exchange = await flow.exchangeCode(code, { params, note: what });
    expect.refused(exchange, { status: 400, error: ['invalid_grant', 'invalid_request'], what });
  }
}

export const redirectMissing = requirement({
  id: 'token-redirect-missing',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), oidcCore('3.1.3.2')],
  needs: ['client', 'user'],
  statement: "A client with several redirect URIs can't leave redirect_uri out of the exchange.",
  how:
    'A client with two redirect URIs, registered or from the target file, exchanges a code with ' +
    'redirect_uri (200). Then leaves it out, and sends an empty one. Expects 400, invalid_grant or ' +
    'invalid_request, and no tokens.',
  hint: 'If the authorization request had a redirect_uri, refuse an exchange without one.',
  async check({ flow, expect, remark }) {
    const client = await clientWithTwoRedirectUris(flow);
    if (client.redirect_uris.length < 2)
      throw new NotTested(
        'The client has one redirect URI only: add redirect_uris to it in the target file.',
      );
    await exchangeFreshCode(flow, { client });
    for (const [redirect_uri, what] of [
      [null, 'an exchange without redirect_uri'],
      ['', 'an exchange with an empty redirect_uri'],
    ] as const) {
      const code = await flow.code({ client });
      const exchange = await flow.exchangeCode(code, { params: { redirect_uri }, note: what });
      expect.refused(exchange, { status: 400, error: ['invalid_grant', 'invalid_request'], what });
      remark(`The answer to ${what}: ${describeExchange(exchange)}.`);
    }
  },
});

/** A client with two redirect URIs, of the check's own or of the target file; else the shared one as it is. */
async function clientWithTwoRedirectUris(flow: Flow): Promise<Client> {
  const { redirect_uris } = flow.registrationBody();
  const first = Array.isArray(redirect_uris) ? redirect_uris[0] : undefined;
  const body = { redirect_uris: [first, extendPath(String(first), '/second')] };
  const own = typeof first === 'string' ? await ownClientIfOpen(flow, body) : null;
  const shared = await flow.client();
  const others = [own, shared, await sharedClientIfAny(flow, 'second')];
  return others.find((one) => one !== null && one.redirect_uris.length > 1) ?? shared;
}

/** Other URIs than this one, each close to it in another way. */
function alterRedirectUri(uri: string): readonly { readonly sent: string; readonly what: string }[] {
  const { pathname, host, hostname, port, protocol } = new URL(uri);
  const capitals = uri.replace(pathname, pathname.toUpperCase());
  const withPort = port === '' ? uri.replace(host, `${hostname}:${protocol === 'http:' ? 80 : 443}`) : uri;
  const encoded = uri.replace(/[a-z](?=[^/]*$)/i, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return [
    { sent: extendPath(uri, '/unregistered'), what: 'an unregistered redirect_uri' },
    {
      sent: uri.endsWith('/') ? uri.slice(0, -1) : `${uri}/`,
      what: 'a redirect_uri that differs by a slash at its end',
    },
    { sent: `${uri}${uri.includes('?') ? '&' : '?'}x=1`, what: 'a redirect_uri that differs by a query' },
    { sent: capitals, what: 'a redirect_uri that differs by capitals in its path' },
    {
      sent: uri.replace(host, host.toUpperCase()),
      what: 'a redirect_uri that differs by capitals in its host',
    },
    { sent: withPort, what: 'a redirect_uri that differs by the default port' },
    { sent: encoded, what: 'a redirect_uri that differs by a percent-encoded letter' },
  ].filter(({ sent }) => sent !== uri);
}

/** Another path at the same place, so that the rules for redirect URIs treat both alike. */
function extendPath(uri: string, more: string): string {
  const url = new URL(uri);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${more}`;
  return url.href;
}
