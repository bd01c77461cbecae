/** Clients that can authenticate at the revocation or the introspection endpoint, whatever its document leaves unsaid. */
import type { Client, Flow } from '../../fixtures/flow/types.js';
import type { AuthMethod, SharedClientName } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';
import { clientWithAuthMethod, supportsAuthMethod } from './auth-methods.js';

type ProtectedEndpoint = 'revocation' | 'introspection';

/** A confidential client whose grants may be ended; another than `besides`, which the check needs too. */
export async function ownClientForEndpoint(
  flow: Flow,
  endpoint: ProtectedEndpoint,
  besides?: SharedClientName,
): Promise<Client> {
  const method = pickAuthMethod(flow, endpoint);
  const client = await flow.disposableClient(method === null ? {} : { token_endpoint_auth_method: method }, {
    anyAuthMethod: flow.supportedValues(`${endpoint}_endpoint_auth_methods_supported`) === undefined,
    ...(besides === undefined ? {} : { except: besides }),
  });
  if (client.client_secret !== null) return client;
  throw new NotTested('the server registered no client with a secret, though one was asked for');
}

/** A confidential client whose grants are only looked at. */
export async function clientForEndpoint(flow: Flow, endpoint: ProtectedEndpoint): Promise<Client> {
  const method = pickAuthMethod(flow, endpoint);
  return method === null ? flow.client() : clientWithAuthMethod(flow, method);
}

/**
 * Left out, the member means client_secret_basic (RFC 8414 section 2), though many servers then take what they
 * take at the token endpoint: so a method is chosen that both accept.
 */
function pickAuthMethod(flow: Flow, endpoint: ProtectedEndpoint): AuthMethod | null {
  const listed = flow.supportedValues(`${endpoint}_endpoint_auth_methods_supported`) ?? [
    'client_secret_basic',
  ];
  const methods = ['client_secret_post', 'client_secret_basic'] as const;
  return methods.find((method) => listed.includes(method) && supportsAuthMethod(flow, method)) ?? null;
}
