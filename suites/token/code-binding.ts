/** What a code is bound to: one use, one client, one redirect URI. */
import { describeExchange } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { ownClientIfOpen } from '../steps/clients.js';
import { exchangeFreshCode, exchangeOrBlock } from '../steps/exchange.js';

export const codeSingleUse = requirement({
  id: 'token-code-single-use',
  level: 'MUST',
  profile: 'oauth',
  // OpenID Connect Core 3.1.3.2 says "if possible"; RFC 6749 has no such exception, and both bind the server.
  clauses: [rfc(6749, '4.1.2'), oidcCore('3.1.3.2')],
  needs: ['client', 'user'],
  statement: 'A code works once.',
  how:
    'A code is exchanged (200), and at once the identical request is sent again. Expected: 400, invalid_grant, ' +
    'no tokens. The check has a client of its own, as the server should then revoke what the code gave.',
  hint: 'Mark the code as used in the same step that issues the tokens, and compare that mark first.',
  serial: true,
  async check({ flow, expect, remark }) {
    const client = await flow.disposableClient();
    const code = await flow.code({ client });
    await exchangeOrBlock(flow, code);
    expect.invalidGrant(
      await flow.exchangeCode(code, { note: 'the same request again' }),
      'a code that was already used',
    );
    const again = await flow.exchangeCode(await flow.code({ client }), { note: 'a further fresh code' });
    if (again.status !== 200)
      remark(`Afterwards a fresh code of the same client gave ${describeExchange(again)}.`);
  },
});

export const codeClientBound = requirement({
  id: 'token-code-client-bound',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), oidcCore('3.1.3.2')],
  needs: ['client', 'user', 'second-client'],
  statement: 'A code is redeemed only by the client it was issued to.',
  how:
    'Two clients, each of which exchanges a code of its own (200). Then a code of the first is sent with the ' +
    'second’s valid credentials and with the redirect_uri and verifier that belong to the code. Expected: 400, ' +
    'invalid_grant, no tokens.',
  hint: 'Compare the authenticated client with the one that is stored with the code.',
  async check({ flow, expect, remark }) {
    const owner = await flow.client('first');
    const other = await flow.client('second');
    await exchangeFreshCode(flow, { client: owner });
    await exchangeFreshCode(flow, { client: other });
    if (owner.redirect_uri !== other.redirect_uri) {
      remark('The two clients have different redirect URIs; that of the code was sent.');
    }
    const code = await flow.code({ client: owner });
    const foreign = await flow.exchangeCode(code, {
      auth: { client: other },
      note: 'the code of another client',
    });
    expect.invalidGrant(foreign, 'a code that was issued to another client');
  },
});

export const redirectMismatch = requirement({
  id: 'token-redirect-mismatch',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '4.1.3'), rfc(6749, '5.2'), oidcCore('3.1.3.2')],
  needs: ['client', 'user'],
  statement: 'The redirect_uri of the exchange must equal that of the authorization request.',
  how:
    'A client with two registered URIs, where registration is open. Codes of requests with the first URI are ' +
    'sent with the second, with an unregistered one, and with the first plus or minus a slash at its end. ' +
    'Expected of each: 400, invalid_grant, no tokens; for those that are not registered invalid_request as well. ' +
    'A code with the first URI, byte for byte, gives 200.',
  hint: 'Store the redirect_uri with the code and compare the strings as they are.',
  async check({ flow, expect, remark }) {
    const client = await clientWithTwoRedirectUris(flow);
    const [uri, second] = client.redirect_uris;
    const sent = uri ?? client.redirect_uri;
    await exchangeFreshCode(flow, { client, redirect_uri: sent });
    const variants = [
      {
        uri: unregisteredUri(sent),
        error: ['invalid_grant', 'invalid_request'],
        what: 'an unregistered redirect_uri',
      },
      {
        uri: toggleTrailingSlash(sent),
        error: ['invalid_grant', 'invalid_request'],
        what: 'a redirect_uri that differs by a slash at its end',
      },
    ];
    if (second === undefined) remark('The client has one redirect URI, so no second one was tried.');
    else variants.unshift({ uri: second, error: ['invalid_grant'], what: 'another registered redirect_uri' });
    for (const { uri, error, what } of variants) {
      const code = await flow.code({ client, redirect_uri: sent });
      const exchange = await flow.exchangeCode(code, { params: { redirect_uri: uri }, note: what });
      expect.refused(exchange, { status: 400, error, what: `an exchange with ${what}` });
    }
  },
});

/** A client with two redirect URIs, or a standing one as it is where registration is closed. */
export async function clientWithTwoRedirectUris(flow: Flow): Promise<Client> {
  const { redirect_uris } = flow.registrationBody();
  const first = Array.isArray(redirect_uris) ? redirect_uris[0] : undefined;
  if (typeof first !== 'string') return flow.client();
  return (await ownClientIfOpen(flow, { redirect_uris: [first, siblingUri(first)] })) ?? flow.client();
}

/** Another path at the same place, so that the rules for redirect URIs treat both alike. */
function siblingUri(uri: string): string {
  const url = new URL(uri);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/second`;
  return url.href;
}

function unregisteredUri(uri: string): string {
  const url = new URL(uri);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/unregistered`;
  return url.href;
}

function toggleTrailingSlash(uri: string): string {
  return uri.endsWith('/') ? uri.slice(0, -1) : `${uri}/`;
}
