/** The types of metadata members, as RFC 8414 section 2 and RFC 9728 section 2 define them. */
import { describeType } from '../../fixtures/expect/describe.js';

type Kind = 'url' | 'names' | 'boolean' | 'text';

type Members = Readonly<Record<string, Kind>>;

export const SERVER_MEMBERS: Members = {
  issuer: 'url',
  authorization_endpoint: 'url',
  token_endpoint: 'url',
  jwks_uri: 'url',
  registration_endpoint: 'url',
  revocation_endpoint: 'url',
  introspection_endpoint: 'url',
  scopes_supported: 'names',
  response_types_supported: 'names',
  response_modes_supported: 'names',
  grant_types_supported: 'names',
  token_endpoint_auth_methods_supported: 'names',
  token_endpoint_auth_signing_alg_values_supported: 'names',
  revocation_endpoint_auth_methods_supported: 'names',
  introspection_endpoint_auth_methods_supported: 'names',
  code_challenge_methods_supported: 'names',
  protected_resources: 'names',
  service_documentation: 'url',
  ui_locales_supported: 'names',
  authorization_response_iss_parameter_supported: 'boolean',
  client_id_metadata_document_supported: 'boolean',
};

export const RESOURCE_MEMBERS: Members = {
  resource: 'url',
  authorization_servers: 'names',
  jwks_uri: 'url',
  scopes_supported: 'names',
  bearer_methods_supported: 'names',
  resource_signing_alg_values_supported: 'names',
  resource_name: 'text',
  resource_documentation: 'url',
  resource_policy_uri: 'url',
  resource_tos_uri: 'url',
  tls_client_certificate_bound_access_tokens: 'boolean',
  dpop_bound_access_tokens_required: 'boolean',
};

const FITS: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  url: (value) => typeof value === 'string' && URL.canParse(value),
  names: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  boolean: (value) => typeof value === 'boolean',
  text: (value) => typeof value === 'string',
};

const NAMES: Readonly<Record<Kind, string>> = {
  url: 'a URL',
  names: 'a list of strings',
  boolean: 'a boolean',
  text: 'a string',
};

/** @returns the first member whose type differs from its definition, as a phrase; null if there is none */
export function findTypeFault(document: Readonly<Record<string, unknown>>, members: Members): string | null {
  for (const [name, kind] of Object.entries(members)) {
    const value = document[name];
    if (value !== undefined && !FITS[kind](value)) {
      return `${name} is ${describeType(value)} and not ${NAMES[kind]}`;
    }
  }
  return null;
}
