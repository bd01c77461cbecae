/** Turns redirect URIs that must not be registered into trials beside a valid twin. */
import type { Flow } from '../../fixtures/flow/types.js';
import type { RefusalRule } from './refusing.js';
import { returnedRedirectUris } from './registering.js';

/**
 * @param uris each is registered alone, as the only thing that differs from the twin
 * @param harmless whether a URI that the server returns is one that may be registered
 * @param twin the redirect URI of the valid twin; by default that of an ordinary client
 */
export function redirectRule(
  flow: Flow,
  uris: readonly string[],
  harmless: (stored: string) => boolean,
  twin?: string,
): Pick<RefusalRule, 'twin' | 'trials'> {
  return {
    twin: flow.clientBody(twin === undefined ? {} : { redirect_uris: [twin] }),
    trials: uris.map((uri) => ({
      label: uri === '' ? 'an empty string' : uri,
      body: flow.clientBody({ redirect_uris: [uri] }),
      // Without redirect_uris in the response nobody can see that the value was replaced.
      harmless: (response) => returnedRedirectUris(response)?.every(harmless) ?? false,
    })),
  };
}
