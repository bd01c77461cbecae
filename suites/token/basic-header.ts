/** HTTP Basic as RFC 6749 and HTTP itself want it: always there for a client with a secret, whatever the case. */

import { describeExchange, hasTokens } from '../../fixtures/expect/describe.js';
import { buildClientAuthentication } from '../../fixtures/flow/parameters.js';
import { Blocked, NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { findChallengeFault } from '../steps/challenges.js';
import {
  clientWithAuthMethod,
  demandAuthMethodSupported,
  demandSecret,
  endpointsThatAdmit,
  supportsAuthMethod,
} from '../steps/clients.js';
import { demandEndpointWorks, exchangeFreshCode, unknownCodeParams } from '../steps/exchange.js';

export const basicSchemeCase = requirement({
  id: 'token-basic-scheme-case',
  level: 'MUST',
  levelReason: 'No keyword: HTTP defines scheme names as case-insensitive.',
  profile: 'oauth',
  clauses: [rfc(9110, '11.1'), rfc(7617, '2')],
  needs: ['client', 'user'],
  statement: 'The server recognizes the scheme Basic in any letter case.',
  how:
    'A client of the method client_secret_basic exchanges a code with "Basic" (200). Then sends the same ' +
    'credentials after "basic" and "BASIC", each with a fresh code. Expects 200 with tokens. If revocation ' +
    'and introspection admit this client with "Basic", expects the same there. Not applicable if the ' +
    "server doesn't offer the method.",
  hint: "Ignore letter case when you compare the scheme's name.",
  async check({ flow, expect }) {
    demandAuthMethodSupported(flow, 'client_secret_basic');
    const client = await clientWithAuthMethod(flow, 'client_secret_basic');
    await exchangeFreshCode(flow, { client }, 'basicAuthentication');
    const { authorization = '' } = buildClientAuthentication({ client }).headers;
    const spelled = (scheme: string) => ({
      auth: null,
      headers: { authorization: authorization.replace(/^\S+/, scheme) },
      note: `the scheme as ${scheme}`,
    });
    for (const scheme of SPELLINGS) {
      const exchange = await flow.exchangeCode(await flow.code({ client }), spelled(scheme));
      expect.issuedTokens(exchange, `A client that spells the scheme ${scheme} gets no tokens.`);
    }
    for (const { endpoint, send } of await endpointsThatAdmit(flow, client)) {
      for (const scheme of SPELLINGS) {
        const what = `a client that spells the scheme ${scheme} at the ${endpoint} endpoint`;
        expect.status(await send(spelled(scheme)), 200, what);
      }
    }
  },
});

const SPELLINGS = ['basic', 'BASIC'];

export const basicOffered = requirement({
  id: 'token-basic-offered',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '2.3.1')],
  needs: ['client', 'user'],
  statement: 'A client that was issued a secret can authenticate with HTTP Basic.',
  how:
    'If the server offers client_secret_basic, a client of that method exchanges a code. If not, a client ' +
    'with a secret exchanges one code with its own method (200) and another with HTTP Basic. Expects 200 ' +
    'with tokens. Not applicable if the server issues no secrets.',
  hint: 'Accept HTTP Basic for every client with a secret, and list client_secret_basic.',
  async check({ flow, expect }) {
    const offered = supportsAuthMethod(flow, 'client_secret_basic');
    if (!offered && !supportsAuthMethod(flow, 'client_secret_post'))
      throw new NotApplicable('The server offers no authentication by a client secret.');
    const client = offered ? await clientWithAuthMethod(flow, 'client_secret_basic') : await flow.client();
    demandSecret(client);
    if (!offered) await exchangeFreshCode(flow, { client });
    const exchange = await flow.exchangeCode(await flow.code({ client }), {
      auth: { client, method: 'client_secret_basic' },
      note: 'authenticated by HTTP Basic',
    });
    await demandEndpointWorks(flow, exchange);
    if (offered && !hasTokens(exchange))
      throw new Blocked('basicAuthentication', `HTTP Basic gave no tokens (${describeExchange(exchange)}).`);
    expect.issuedTokens(exchange, 'A client with a secret cannot authenticate by HTTP Basic.');
  },
});

export const challengeGrammar = requirement({
  id: 'token-challenge-grammar',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(7617, '2'), rfc(9110, '11.6.1'), rfc(9110, '11.2')],
  needs: [],
  statement: "The token endpoint's challenges are well-formed, and a Basic challenge has a realm.",
  how:
    'Sends token requests that fail to authenticate: an unknown client in the body and, if the server ' +
    "offers it, with HTTP Basic. Expects each WWW-Authenticate to follow HTTP's grammar, with each " +
    'parameter once, and a realm in a Basic challenge. token-auth-basic-wrong judges whether there is a ' +
    'challenge.',
  hint: 'Send WWW-Authenticate: Basic realm="…", with one comma between parameters.',
  async check({ flow, expect }) {
    const client = {
      client_id: 'polar-conformance-unknown-client',
      client_secret: 'polar-conformance-made-up',
      redirect_uri: 'https://app.example.com/callback',
      redirect_uris: [],
      scope: flow.minimalScope,
      registration: null,
    };
    const methods = ['client_secret_post', 'client_secret_basic'] as const;
    let judged = 0;
    for (const method of methods.filter((each) => supportsAuthMethod(flow, each))) {
      const exchange = await flow.tokenRequest(unknownCodeParams(flow, client), {
        auth: { client: { ...client, token_endpoint_auth_method: method } },
        note: `an unknown client, ${method}`,
      });
      const field = exchange.header('www-authenticate');
      if (field === null) continue;
      judged += 1;
      const fault = findChallengeFault(field);
      expect.that(fault === null, `WWW-Authenticate of the token endpoint ${fault} (${method}).`, {
        expected: 'a challenge such as Basic realm="example"',
        exchange,
        received: field,
      });
    }
    if (judged === 0) throw new NotTested('The token endpoint sent no WWW-Authenticate.');
  },
});
