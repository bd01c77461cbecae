/** What else fails with the defects of token requests. */
import type { CollateralGroup } from './types.js';

export const token: readonly CollateralGroup[] = [
  {
    because: 'A code whose challenge a page has lost needs no verifier.',
    pairs: {
      'token-exchange:after-consent': ['pkce-verifier-missing'],
    },
  },
  {
    because: "A new client gets its first code after a consent page, and that code doesn't work.",
    pairs: {
      'token-exchange:after-consent': [
        'discovery-auth-methods',
        'client-defaults',
        'client-settings-fields',
        'org-token',
      ],
    },
  },
  {
    because: 'A code that works twice also works several times at once.',
    pairs: {
      'token-code-single-use': ['token-code-concurrent'],
    },
  },
  {
    because: 'A code that works twice right away also works later.',
    pairs: {
      'token-code-single-use': ['token-code-reuse-late'],
    },
  },
  {
    because: 'A code that lives for an hour outlives the lifetime in the target file.',
    pairs: {
      'token-code-lifetime': ['token-code-expires'],
    },
  },
  {
    because: 'The server writes all token responses in one place.',
    pairs: {
      'token-exchange': ['refresh-works', 'org-token'],
    },
  },
  {
    because: 'Every exchange by a public client fails.',
    pairs: {
      'token-exchange:public': ['discovery-auth-methods', 'pkce-s256'],
    },
  },
  {
    because: "Polar's documentation and RFC 6749 ask for the same member.",
    pairs: {
      'token-expires-in': ['token-response-members'],
      'token-expires-in-number': ['token-response-members'],
      'token-id-token:scopes': ['token-response-members'],
    },
  },
  {
    because: 'The document lists a method that no client can get tokens with.',
    pairs: {
      'token-auth-basic': ['discovery-auth-methods'],
    },
  },
  {
    because: "A client that can't authenticate with its own method fails every check that uses it.",
    pairs: {
      'token-auth-post': [
        'discovery-auth-methods',
        'client-register',
        'client-defaults',
        'client-settings-fields',
        'token-exchange',
      ],
    },
  },
  {
    because: "A server that doesn't read the body never sees the second method.",
    pairs: {
      'token-auth-post': ['token-public-secret', 'token-auth-two-methods'],
    },
  },
  {
    because: 'The server authenticates clients in one place for all requests.',
    pairs: {
      'token-auth-basic-wrong': ['token-auth-missing', 'refresh-client-auth'],
      'token-auth-post-wrong': [
        'token-auth-basic-wrong',
        'token-auth-missing',
        'refresh-client-auth',
        'revoke-client-auth',
        'introspect-auth',
      ],
      'token-auth-post-wrong:empty': [
        'token-auth-basic-wrong',
        'token-parameter-empty',
        'refresh-client-auth',
        'revoke-client-auth',
        'introspect-auth',
      ],
      'token-auth-missing': [
        'refresh-client-auth',
        'pkce-confidential-secret',
        'revoke-client-auth',
        'introspect-auth',
      ],
      'token-auth-missing:basic': ['refresh-client-auth'],
    },
  },
  {
    because: 'To the server, a deleted client is an unknown one.',
    pairs: {
      'token-auth-unknown-client': ['client-delete'],
    },
  },
  {
    because: 'A server that reads the query of a token request reads every parameter there.',
    pairs: {
      'token-credentials-in-query': ['token-grant-in-query'],
    },
  },
  {
    because: "A server that revokes nothing after a replay doesn't do it later either.",
    pairs: {
      'token-code-replay-revokes': ['token-code-replay-late-revokes'],
    },
  },
  {
    because: 'A code that never expires outlives any lifetime.',
    pairs: {
      'token-code-expires': ['token-code-lifetime'],
    },
  },
  {
    because: "A code that isn't bound to a client isn't bound to a public one either.",
    pairs: {
      'token-code-client-bound': ['pkce-public-client-bound'],
      'token-code-client-bound:public': ['pkce-public-client-bound'],
    },
  },
  {
    because: 'A server that trusts client_id in the body ignores who authenticated in the header.',
    pairs: {
      'token-code-client-bound:named': ['token-auth-two-methods', 'refresh-client-bound'],
    },
  },
  {
    because: "A server that doesn't compare redirect_uri doesn't miss it either.",
    pairs: {
      'token-redirect-mismatch': ['token-redirect-missing'],
    },
  },
  {
    because: 'The second of the two redirect_uris is a different registered one.',
    pairs: {
      'token-redirect-mismatch:registered': ['token-parameter-repeated'],
    },
  },
  {
    because: 'Another requirement uses a registered redirect URI with a query.',
    pairs: {
      'token-redirect-mismatch:query': ['authz-redirect-registered'],
    },
  },
  {
    because: 'The same parser reads the forms of all endpoints.',
    pairs: {
      'token-parameter-empty': ['revoke-token-missing'],
    },
  },
  {
    because: 'The server gives the same answer whenever client_id comes without credentials.',
    pairs: {
      'token-error-format:client-id-alone': [
        'refresh-reuse-revokes',
        'refresh-client-bound',
        'refresh-invalid',
        'refresh-replaced-error',
      ],
    },
  },
  {
    because: "An HTML page isn't the JSON that another requirement asks for.",
    pairs: {
      'token-error-format': ['token-accept-any'],
    },
  },
  {
    because: "An error with a different media type isn't the JSON that the format requires.",
    pairs: {
      'token-error-media-type': ['token-error-format'],
    },
  },
  {
    because: 'A request with an assertion is one for another grant.',
    pairs: {
      'robust-client-bytes:assertion': ['token-grant-type-unsupported'],
    },
  },
];
