/** An ID Token as a strict client reads it: oauth4webapi, which applications use, not our own reading. */
import {
  allowInsecureRequests,
  customFetch,
  processAuthorizationCodeResponse,
  validateApplicationLevelSignature,
} from 'oauth4webapi';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { AuthorizationCode } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';

/**
 * Issuer, audience, times, nonce and signature by a published key (OpenID Connect Core 1.0 section 3.1.3.7).
 * @returns why the client refuses the token response, or null when it accepts it
 */
export async function findIdTokenError(
  flow: Flow,
  code: AuthorizationCode,
  exchange: Exchange,
): Promise<string | null> {
  const algorithms = flow.supportedValues('id_token_signing_alg_values_supported');
  const server = {
    issuer: String(flow.metadata().issuer),
    jwks_uri: flow.endpoint('jwks'),
    ...(algorithms === undefined ? {} : { id_token_signing_alg_values_supported: [...algorithms] }),
  };
  const { client_id } = code.client;
  const response = toFetchResponse(exchange);
  try {
    await processAuthorizationCodeResponse(server, { client_id }, response, {
      requireIdToken: true,
      ...(code.request.nonce === null ? {} : { expectedNonce: code.request.nonce }),
    });
    await validateApplicationLevelSignature(server, response, {
      // Servers in development listen without TLS; that is another requirement's subject.
      [allowInsecureRequests]: true,
      // What goes over the wire is recorded like every other exchange.
      [customFetch]: async (url, { headers }) =>
        toFetchResponse(await flow.send({ url, headers, note: 'the key set, as the client reads it' })),
    });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function toFetchResponse(exchange: Exchange): Response {
  return new Response(exchange.response.body, {
    status: exchange.status,
    headers: { 'content-type': exchange.header('content-type') ?? '' },
  });
}
