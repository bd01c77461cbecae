/** Clients by the way in which they authenticate at the token endpoint. */
import type { Client, Flow } from '../../fixtures/flow/types.js';
import type { AuthMethod } from '../../fixtures/target/settings.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { sharedClientIfAny } from './token-answers.js';

/** @returns whether the document offers the method; without the member that is Basic alone (OpenID Connect Discovery 1.0 section 3) */
export function supportsAuthMethod(flow: Flow, method: AuthMethod): boolean {
  return (flow.supportedValues('token_endpoint_auth_methods_supported') ?? ['client_secret_basic']).includes(
    method,
  );
}

/** Says NotApplicable when the document does not offer the method. */
export function demandAuthMethodSupported(flow: Flow, method: AuthMethod): void {
  if (!supportsAuthMethod(flow, method)) {
    throw new NotApplicable(`token_endpoint_auth_methods_supported does not list ${method}`);
  }
}

/** A confidential client of this method: a standing one where one has it, else one of the check's own. */
export async function clientWithAuthMethod(flow: Flow, method: AuthMethod): Promise<Client> {
  for (const which of ['first', 'second'] as const) {
    const client = await sharedClientIfAny(flow, which);
    if (client?.token_endpoint_auth_method === method) return client;
  }
  const own = await ownClientWithAuthMethod(flow, method);
  if (own.token_endpoint_auth_method !== method) {
    throw new NotTested(`the server registered a client for another method than ${method}`);
  }
  return own;
}

async function ownClientWithAuthMethod(flow: Flow, method: AuthMethod): Promise<Client> {
  try {
    return await flow.newClient({ token_endpoint_auth_method: method });
  } catch (signal) {
    if (!(signal instanceof NotTested)) throw signal;
    throw new NotTested(
      `No client of the target file uses this method, and none can be registered: add clients.second with token_endpoint_auth_method ${method}.`,
    );
  }
}

/** @returns the client's secret, NotTested when it has none */
export function demandSecret(client: Client): string {
  if (client.client_secret === null) throw new NotTested('the client has no secret that could be wrong');
  return client.client_secret;
}
