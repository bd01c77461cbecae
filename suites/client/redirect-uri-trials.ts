/** Turns redirect URIs that must not be registered into trials beside a control request. */
import type { Flow } from '../../fixtures/flow/verbs.js';
import { returnedRedirectUris } from '../steps/registration.js';
import type { RefusalRule } from './refused-registrations.js';

/**
 * @param uris each is registered alone, as the only thing that differs from the control request
 * @param harmless whether a URI that the server returns is one that may be registered
 * @param twin the redirect URI of the control request; by default that of an ordinary client
 */
export function redirectUriTrials(
  flow: Flow,
  uris: readonly string[],
  harmless: (stored: string) => boolean,
  twin?: string,
): Pick<RefusalRule, 'control' | 'trials'> {
  return {
    control: flow.registrationBody(twin === undefined ? {} : { redirect_uris: [twin] }),
    trials: uris.map((uri) => ({
      label: uri === '' ? 'an empty string' : uri,
      body: flow.registrationBody({ redirect_uris: [uri] }),
      // Without redirect_uris in the response nobody can see that the value was replaced.
      harmless: (response) => returnedRedirectUris(response)?.every(harmless) ?? false,
    })),
  };
}
