/** How a client that nobody knows becomes one: registration, redirect URIs on this machine, documents by URL. */
import { randomInt } from 'node:crypto';
import { describeExchange, describeOutcome } from '../../fixtures/expect/describe.js';
import { clientFromResponse } from '../../fixtures/flow/clients.js';
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { NotApplicable } from '../../fixtures/verdict.js';
import { draft, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { sendValidRegistration } from '../steps/registration.js';
import { isUnavailable, nullOn } from '../steps/signals.js';

export const publicRegistration = requirement({
  id: 'agents-public-registration',
  level: 'SHOULD',
  levelReason:
    "No clause requires a server to register public clients. An agent's client can't keep a secret, so the " +
    'profile asks for it.',
  profile: 'agents',
  clauses: [rfc(7591, '2'), rfc(8252, '8.4')],
  needs: ['registration'],
  statement: 'A client with no secret can register.',
  how:
    'Registers a client with token_endpoint_auth_method none. Expects 201 and none in the response. ' +
    'client-public-no-secret judges that it gets no secret, and pkce-public-required that it needs PKCE.',
  hint: 'Accept token_endpoint_auth_method none, and list it in token_endpoint_auth_methods_supported.',
  async check({ flow, expect, remark }) {
    const body = flow.registrationBody({ token_endpoint_auth_method: 'none' });
    const exchange = await sendValidRegistration(flow, body, 'a public client');
    const client = clientFromResponse(exchange, body);
    expect.that(
      client?.token_endpoint_auth_method === 'none',
      'The server registers no client without a secret.',
      {
        expected: 'status 201, token_endpoint_auth_method none',
        received:
          client === null
            ? describeExchange(exchange)
            : `token_endpoint_auth_method ${client.token_endpoint_auth_method}`,
        exchange,
      },
    );
    if (!flow.supportedValues('token_endpoint_auth_methods_supported')?.includes('none'))
      remark("token_endpoint_auth_methods_supported does not list none, so some clients won't try.");
  },
});

export const loopbackRedirect = requirement({
  id: 'agents-loopback-redirect',
  level: 'SHOULD',
  levelReason:
    'RFC 8252 says MUST for servers that fully support native apps, and it prefers the IP literals to ' +
    'localhost.',
  profile: 'agents',
  clauses: [rfc(8252, '7.3'), rfc(8252, '7')],
  needs: ['user', 'public-client', 'registration'],
  statement: "A client on the user's machine can register, and gets its answer there.",
  how:
    'Registers public clients with http and a port on 127.0.0.1, [::1] and localhost. Expects at least one ' +
    'to register, and its authorization request to be answered there with a code. authz-loopback-port ' +
    'judges whether the port may change.',
  hint: 'Allow http redirect URIs whose host is 127.0.0.1, [::1] or localhost for native clients.',
  async check({ flow, expect, remark }) {
    const port = randomInt(49_152, 65_000);
    const refused: string[] = [];
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      const uri = `http://${host}:${port}/callback`;
      const client = await registerNative(flow, uri);
      if (client === null) {
        refused.push(host);
        continue;
      }
      if (refused.length > 0) remark(`Not registered: ${refused.join(', ')}.`);
      const answer = await flow.authorize({ client, note: `a native client at ${uri}` });
      expect.issuedCode(answer, `The registered redirect URI ${uri} was not answered with a code.`);
      return;
    }
    expect.none(
      refused,
      "The server registers no redirect URI on the user's machine.",
      'one that is registered',
    );
  },
});

function registerNative(flow: Flow, uri: string): Promise<Client | null> {
  return nullOn(isUnavailable, () =>
    flow.newClient({ token_endpoint_auth_method: 'none', redirect_uris: [uri], application_type: 'native' }),
  );
}

export const iss = requirement({
  id: 'agents-iss',
  level: 'SHOULD',
  levelReason: 'RFC 9700 tells clients that use several servers to keep their answers apart. This is how.',
  profile: 'agents',
  clauses: [rfc(9207, '2'), rfc(9207, '3'), rfc(9700, '2.1')],
  needs: ['user', 'client'],
  statement: 'Authorization responses name the issuer, and the metadata promises that.',
  how:
    'Expects iss once in a code response, and authorization_response_iss_parameter_supported to be true. ' +
    'authz-iss judges its value, and errors.',
  hint: 'Add iss to every authorization response, and say so in the metadata.',
  async check({ flow, expect }) {
    const { outcome } = await flow.code();
    const promised = flow.metadata().authorization_response_iss_parameter_supported === true;
    const sent = outcome.query.getAll('iss').length === 1;
    expect.that(promised && sent, 'The server does not name itself in its authorization responses.', {
      expected: 'iss in the response, and authorization_response_iss_parameter_supported true',
      received: `${sent ? 'iss' : 'no iss'} in the response, and ${promised ? 'a' : 'no'} promise in the metadata`,
      exchange: outcome,
    });
  },
});

/** A client_id that no document can be had for, by the rules of a draft or because nothing is there. */
const NO_DOCUMENTS = (origin: string) => [
  { what: "a client_id whose document can't be fetched", id: `${origin}/no-such-client.json` },
  { what: 'a client_id that is a URL without a path', id: origin },
  { what: 'a client_id with a fragment', id: `${origin}/client.json#part` },
  { what: 'a client_id with dot segments', id: `${origin}/a/../client.json` },
];

export const clientDocuments = requirement({
  id: 'agents-client-documents',
  level: 'SHOULD',
  levelReason: 'A draft binds nobody. RFC 6749 section 4.1.2.1 says where an answer must not go.',
  profile: 'agents',
  clauses: [
    draft('OAuth Client ID Metadata Document (draft)', 'draft-ietf-oauth-client-id-metadata-document', '3'),
    rfc(6749, '4.1.2.1'),
  ],
  needs: [],
  statement: 'A client_id that leads to no document gets no answer at the redirect URI.',
  how:
    'If the metadata has client_id_metadata_document_supported, sends requests whose client_id is the URL ' +
    'of a missing document, a URL with no path, one with a fragment, and one with dot segments. Expects an ' +
    "error page below 500, and nothing at the redirect URI. Not applicable if the server doesn't offer " +
    'such clients.',
  hint: 'Fetch and check the document before you trust a redirect URI, and show an error page if that fails.',
  async check({ flow, expect }) {
    if (flow.metadata().client_id_metadata_document_supported !== true)
      throw new NotApplicable('The metadata has no client_id_metadata_document_supported.');
    const redirect_uri = flow.redirectUri('/callback');
    for (const { what, id } of NO_DOCUMENTS(new URL(redirect_uri).origin)) {
      const client: Client = {
        client_id: id,
        client_secret: null,
        token_endpoint_auth_method: 'none',
        redirect_uri,
        redirect_uris: [],
        scope: '',
        registration: null,
      };
      const answer = await flow.authorize({ client, as: 'nobody', params: { prompt: 'none' }, note: what });
      expect.that(
        answer.kind === 'stayed' && answer.page.status < 500,
        `A request with ${what} is answered as if the client were known, or with a server error.`,
        { expected: 'an error page below 500', received: describeOutcome(answer), exchange: answer },
      );
    }
  },
});
