/** Clients of a check's own with redirect URIs that the check chooses. */
import type { Client } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { isUnavailable, nullOn } from '../steps/signals.js';

/**
 * Registers a client for redirect URIs made from the default one.
 * @returns null with closed registration, or where the server does not take such URIs
 */
export async function clientWithRedirectUris(
  flow: Flow,
  urisOf: (uri: string) => readonly string[],
): Promise<Client | null> {
  const uris = flow.registrationBody().redirect_uris;
  const first: unknown = Array.isArray(uris) ? uris[0] : undefined;
  return nullOn(isUnavailable, () => flow.newClient({ redirect_uris: urisOf(String(first)) }));
}

/** @returns a new client with the usual redirect URI, whose consent is its own; null if none can be registered */
export function registeredAlike(flow: Flow): Promise<Client | null> {
  return clientWithRedirectUris(flow, (uri) => [uri]);
}

/** @returns a redirect URI that a different client has registered, or null */
export async function uriOfAnotherClient(flow: Flow, client: Client): Promise<string | null> {
  const other =
    (await clientWithRedirectUris(flow, (uri) => [`${uri}/of-another-client`])) ??
    (await nullOn(isUnavailable, () => flow.client('second')));
  return other === null || client.redirect_uris.includes(other.redirect_uri) ? null : other.redirect_uri;
}
