/** Clients that can authenticate at the revocation or the introspection endpoint, whatever its document leaves unsaid. */
import type { Client, Flow } from '../../fixtures/flow/types.js';
import type { AuthMethod, StandingClientName } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';
import { clientUsing, offers } from '../token/methods.js';

type Guarded = 'revocation' | 'introspection';

/** A confidential client whose grants may be ended; another than `besides`, which the check needs too. */
export async function ownClientFor(
  flow: Flow,
  endpoint: Guarded,
  besides?: StandingClientName,
): Promise<Client> {
  const method = methodAt(flow, endpoint);
  const client = await flow.expendableClient(method === null ? {} : { token_endpoint_auth_method: method }, {
    anyMethod: flow.supported(`${endpoint}_endpoint_auth_methods_supported`) === undefined,
    ...(besides === undefined ? {} : { besides }),
  });
  if (client.client_secret !== null) return client;
  throw new NotTested('the server registered no client with a secret, though one was asked for');
}

/** A confidential client whose grants are only looked at. */
export async function clientFor(flow: Flow, endpoint: Guarded): Promise<Client> {
  const method = methodAt(flow, endpoint);
  return method === null ? flow.client() : clientUsing(flow, method);
}

/**
 * Left out, the member means client_secret_basic (RFC 8414 section 2), though many servers then take what they
 * take at the token endpoint: so a method is chosen that both accept.
 */
function methodAt(flow: Flow, endpoint: Guarded): AuthMethod | null {
  const listed = flow.supported(`${endpoint}_endpoint_auth_methods_supported`) ?? ['client_secret_basic'];
  const methods = ['client_secret_post', 'client_secret_basic'] as const;
  return methods.find((method) => listed.includes(method) && offers(flow, method)) ?? null;
}
