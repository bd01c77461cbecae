/** Clients: shared ones, those of the check itself, and those that authenticate in a certain way. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { Client, TokenRequestOptions } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import type { AuthMethod, SharedClientName } from '../../fixtures/target/settings.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import type { CheckContext } from '../requirement.js';
import { unknownCodeParams } from './exchange.js';
import { makeUnknownToken } from './made-up-tokens.js';
import { isNotApplicable, isNotTested, isUnavailable, nullOn } from './signals.js';

const SECRET_METHODS: readonly AuthMethod[] = ['client_secret_post', 'client_secret_basic'];

/** @returns the shared client, or null if the target file gives no way to get one */
export async function sharedClientIfAny(flow: Flow, which: SharedClientName): Promise<Client | null> {
  return nullOn(isNotTested, () => flow.client(which));
}

/** @returns a client of the check's own, or null if registration is closed */
export async function ownClientIfOpen(
  flow: Flow,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Client | null> {
  return nullOn(isNotTested, () => flow.newClient(changes));
}

/** @returns a new public client of a native app with this redirect URI, or null if the server registers none */
export async function nativeClient(flow: Flow, redirect_uri: string): Promise<Client | null> {
  const token_endpoint_auth_method = 'none';
  return nullOn(isUnavailable, () =>
    flow.newClient({ token_endpoint_auth_method, redirect_uris: [redirect_uri], application_type: 'native' }),
  );
}

/** @returns whether the document offers the method; the default is Basic only (OpenID Connect Discovery 1.0 section 3) */
export function supportsAuthMethod(flow: Flow, method: AuthMethod): boolean {
  return (flow.supportedValues('token_endpoint_auth_methods_supported') ?? ['client_secret_basic']).includes(
    method,
  );
}

/** NotApplicable if the document does not offer the method. */
export function demandAuthMethodSupported(flow: Flow, method: AuthMethod): void {
  if (!supportsAuthMethod(flow, method)) {
    throw new NotApplicable(`token_endpoint_auth_methods_supported does not list ${method}.`);
  }
}

/** A confidential client that uses this method: a shared one if one does, else one of the check's own. */
export async function clientWithAuthMethod(flow: Flow, method: AuthMethod): Promise<Client> {
  for (const which of ['first', 'second'] as const) {
    const client = await sharedClientIfAny(flow, which);
    if (client?.token_endpoint_auth_method === method) return client;
  }
  const own = await ownClientWithAuthMethod(flow, method);
  if (own.token_endpoint_auth_method !== method) {
    throw new NotTested(`The server registered a client with an authentication method other than ${method}.`);
  }
  return own;
}

/**
 * Many servers let a client use any method. Where none can be registered, the first client of the target file tries.
 * @returns the client with this method, or null if it's refused
 */
async function clientThatMayUse(flow: Flow, method: AuthMethod): Promise<Client | null> {
  const client = await sharedClientIfAny(flow, 'first');
  if (client === null || client.client_secret === null) return null;
  if (!SECRET_METHODS.includes(method)) return null;
  const other = { ...client, token_endpoint_auth_method: method };
  const exchange = await flow.tokenRequest(unknownCodeParams(flow, client), {
    auth: { client: other },
    note: `whether the client of the target file may use ${method} too`,
  });
  return exchange.status === 400 && exchange.string('error') === 'invalid_grant' ? other : null;
}

async function ownClientWithAuthMethod(flow: Flow, method: AuthMethod): Promise<Client> {
  const own = await ownClientIfOpen(flow, { token_endpoint_auth_method: method });
  if (own !== null) return own;
  const other = await clientThatMayUse(flow, method);
  if (other !== null) return other;
  throw new NotTested(
    `No client of the target file uses this method, and none can be registered: add clients.second with token_endpoint_auth_method ${method}.`,
  );
}

/** @returns the client's secret. NotTested if it has none */
export function demandSecret(client: Client): string {
  if (client.client_secret === null) throw new NotTested('The client has no secret.');
  return client.client_secret;
}

/** @returns the methods by secret that the server offers */
export function listSecretMethods(flow: Flow): readonly AuthMethod[] {
  return SECRET_METHODS.filter((method) => supportsAuthMethod(flow, method));
}

/** A confidential client for each method by secret that the server offers; at least the shared one. */
export async function confidentialClients(flow: Flow): Promise<readonly Client[]> {
  const found: Client[] = [];
  for (const method of listSecretMethods(flow)) {
    const client = await nullOn(isUnavailable, () => clientWithAuthMethod(flow, method));
    if (client !== null && client.client_secret !== null) found.push(client);
  }
  return found.length === 0 ? [await flow.client()] : found;
}

/** The shared public client, or null if neither the document nor the target file offers one. */
export async function publicClientIfOffered({
  flow,
  target,
}: Pick<CheckContext, 'flow' | 'target'>): Promise<Client | null> {
  if (!supportsAuthMethod(flow, 'none') && target.settings.clients?.public === undefined) return null;
  const client = await nullOn(isUnavailable, () => flow.client('public'));
  return client?.token_endpoint_auth_method === 'none' ? client : null;
}

/** A public client whose grants may be ended. NotTested if the server registers a confidential one in its place */
export async function ownPublicClient(
  flow: Flow,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Client> {
  const client = await flow.disposableClient({ ...changes, token_endpoint_auth_method: 'none' });
  if (client.token_endpoint_auth_method === 'none') return client;
  throw new NotTested('The server registered a confidential client where a public one was asked for.');
}

/** A client other than `owner` that authenticates by header, or null if there is none. */
export async function basicClientBeside(flow: Flow, owner: Client): Promise<Client | null> {
  if (!supportsAuthMethod(flow, 'client_secret_basic')) return null;
  const second = await sharedClientIfAny(flow, 'second');
  const client =
    second?.token_endpoint_auth_method === 'client_secret_basic'
      ? second
      : await ownClientIfOpen(flow, { token_endpoint_auth_method: 'client_secret_basic' });
  const isFit = client?.token_endpoint_auth_method === 'client_secret_basic' && client.client_secret !== null;
  return isFit && client.client_id !== owner.client_id ? client : null;
}

/** @returns a client's name for a sentence, by how it authenticates: 'a public client' */
export function describeClient({ token_endpoint_auth_method: method }: Client): string {
  return method === 'none' ? 'a public client' : `a client of ${method}`;
}

interface AuthenticatingEndpoint {
  readonly endpoint: ProtectedEndpoint;
  /** Sends a random token. */
  send(options: TokenRequestOptions): Promise<Exchange>;
}

/** Revocation and introspection, where the server offers them and lets the client in: it gets 200 for a random token. */
export async function endpointsThatAdmit(
  flow: Flow,
  client: Client,
): Promise<readonly AuthenticatingEndpoint[]> {
  const all: readonly AuthenticatingEndpoint[] = [
    { endpoint: 'revocation', send: (options) => flow.revoke(makeUnknownToken(), options) },
    { endpoint: 'introspection', send: (options) => flow.introspect(makeUnknownToken(), options) },
  ];
  const admitting: AuthenticatingEndpoint[] = [];
  for (const one of all) {
    if ((await nullOn(isNotApplicable, () => flow.endpoint(one.endpoint))) === null) continue;
    const control = await one.send({ auth: { client }, note: 'the control: a random token' });
    if (control.status === 200) admitting.push(one);
  }
  return admitting;
}

type ProtectedEndpoint = 'revocation' | 'introspection';

/** A confidential client whose grants may be ended. @param besides a shared client that the check needs as well */
export async function ownClientForEndpoint(
  flow: Flow,
  endpoint: ProtectedEndpoint,
  besides?: SharedClientName,
): Promise<Client> {
  const [method, ...others] = commonAuthMethods(flow, endpoint);
  const isSilent = flow.supportedValues(`${endpoint}_endpoint_auth_methods_supported`) === undefined;
  const client = await flow.disposableClient(
    method === undefined ? {} : { token_endpoint_auth_method: method },
    {
      ...(method === undefined ? {} : { authMethods: isSilent ? SECRET_METHODS : [method, ...others] }),
      ...(besides === undefined ? {} : { except: besides }),
    },
  );
  if (client.client_secret !== null) return client;
  throw new NotTested('The server registered a client without a secret, though one was asked for.');
}

/** A confidential client whose grants stay as they are. */
export async function clientForEndpoint(flow: Flow, endpoint: ProtectedEndpoint): Promise<Client> {
  const [method] = commonAuthMethods(flow, endpoint);
  if (method === undefined) return flow.client();
  // A server may register a different method from the one requested (RFC 7591 section 3.2.1): then that one is used.
  return (await nullOn(isNotTested, () => clientWithAuthMethod(flow, method))) ?? flow.client();
}

/**
 * If the member is left out, it means client_secret_basic (RFC 8414 section 2), but many servers then accept what they
 * accept at the token endpoint.
 * @returns the methods that work at both endpoints, the usual one first
 */
function commonAuthMethods(flow: Flow, endpoint: ProtectedEndpoint): readonly AuthMethod[] {
  const listed = flow.supportedValues(`${endpoint}_endpoint_auth_methods_supported`) ?? [
    'client_secret_basic',
  ];
  return SECRET_METHODS.filter((method) => listed.includes(method) && supportsAuthMethod(flow, method));
}
