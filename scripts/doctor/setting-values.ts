/** What init and doctor suggest for a key of the target file: taken from the metadata where possible. */
import { readSupportedValues } from '../../fixtures/flow/metadata.js';
import { registeredScope } from '../../fixtures/flow/scopes.js';
import type { AuthMethod, Target } from '../../fixtures/target/settings.js';

const WITH_SECRET: readonly AuthMethod[] = ['client_secret_basic', 'client_secret_post'];

/** @returns a user's credentials, as names of environment variables */
export function createUserValue(name: string): object {
  return { username: `$${name}_USERNAME`, password: `$${name}_PASSWORD` };
}

/**
 * @param name how the names of the environment variables begin
 * @param wantsSecret whether the client authenticates, if the server allows that
 */
export function createClientValue(name: string, wantsSecret: boolean, target: Target): object {
  const methods = readSupportedValues(target, 'token_endpoint_auth_methods_supported');
  const listed =
    methods === undefined ? WITH_SECRET : WITH_SECRET.filter((method) => methods.includes(method));
  const [method = 'none'] = wantsSecret ? listed : [];
  const scope = registeredScope(target, []);
  return {
    client_id: `$${name}_CLIENT_ID`,
    ...(method === 'none' ? {} : { client_secret: `$${name}_CLIENT_SECRET` }),
    redirect_uri: `$${name}_REDIRECT_URI`,
    ...(scope === '' ? {} : { scope }),
    token_endpoint_auth_method: method,
  };
}
