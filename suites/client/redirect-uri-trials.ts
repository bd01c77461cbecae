/** Turns redirect URIs that must not be registered into trials beside a control request. */
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import type { ClientMetadata } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { supportsAuthMethod } from '../steps/clients.js';
import { returnedRedirectUris } from '../steps/registration.js';
import type { RefusalRule } from './refused-registrations.js';

/**
 * @param uris each is registered alone, as the only thing that differs from the control request; the first also beside
 * the redirect URI of the control request, and for a public client
 * @param harmless whether a URI that the server returns is one that may be registered
 * @param controlUri the redirect URI of the control request; by default that of an ordinary client
 */
export function redirectUriTrials(
  flow: Flow,
  uris: readonly string[],
  harmless: (stored: string) => boolean,
  controlUri?: string,
): Pick<RefusalRule, 'control' | 'trials'> {
  const control = flow.registrationBody(controlUri === undefined ? {} : { redirect_uris: [controlUri] });
  const good: readonly unknown[] = Array.isArray(control.redirect_uris) ? control.redirect_uris : [];
  const trial = (label: string, redirect_uris: readonly unknown[], changes: ClientMetadata = {}) => ({
    label,
    body: flow.registrationBody({ redirect_uris, ...changes }),
    // Without redirect_uris in the response nobody can see that the value was replaced.
    harmless: (response: Exchange) => returnedRedirectUris(response)?.every(harmless) ?? false,
  });
  const alone = uris.map((uri) => trial(uri === '' ? 'an empty string' : uri, [uri]));
  const beside = uris.slice(0, 1).map((uri) => trial(`${uri} as the second of two`, [...good, uri]));
  const open = uris
    .slice(0, supportsAuthMethod(flow, 'none') ? 1 : 0)
    .map((uri) => trial(`${uri} of a public client`, [uri], { token_endpoint_auth_method: 'none' }));
  return { control, trials: [...alone, ...beside, ...open] };
}
