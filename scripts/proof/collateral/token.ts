/** What else fails with the defects of token requests. */
import type { CollateralGroup } from './types.js';

export const token: readonly CollateralGroup[] = [
  {
    because: 'A client that nobody has allowed yet gets its first code after a page, and no tokens for it.',
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
    because: 'A code that works again also works several times at once.',
    pairs: {
      'token-code-single-use': ['token-code-concurrent'],
    },
  },
  {
    because: 'A code that works again at once works later, too.',
    pairs: {
      'token-code-single-use': ['token-code-reuse-late'],
    },
  },
  {
    because: 'A code that lives for an hour lives longer than the target file says.',
    pairs: {
      'token-code-lifetime': ['token-code-expires'],
    },
  },
  {
    because: 'One place writes the responses of the token endpoint.',
    pairs: {
      'token-exchange': ['refresh-works', 'org-token'],
    },
  },
  {
    because: 'A public client that gets no tokens gets none in any exchange.',
    pairs: {
      'token-exchange:public': ['discovery-auth-methods', 'pkce-s256'],
    },
  },
  {
    because: "Polar's documentation shows the member that the specification asks for.",
    pairs: {
      'token-expires-in': ['token-response-members'],
      'token-expires-in-number': ['token-response-members'],
      'token-id-token:scopes': ['token-response-members'],
    },
  },
  {
    because: 'A listed method by which no client gets tokens is no truth of the document either.',
    pairs: {
      'token-auth-basic': ['discovery-auth-methods'],
    },
  },
  {
    because: 'A client that cannot authenticate by its own method gets nothing, whatever is judged by it.',
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
    because: 'A server that does not read the secret in the body sees one method alone, or none.',
    pairs: {
      'token-auth-post': ['token-public-secret', 'token-auth-two-methods'],
    },
  },
  {
    because: 'One rule authenticates clients in every request.',
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
    because: 'A deleted client is one that the server no longer knows.',
    pairs: {
      'token-auth-unknown-client': ['client-delete'],
    },
  },
  {
    because: 'A server that reads the query of a token request reads all of it.',
    pairs: {
      'token-credentials-in-query': ['token-grant-in-query'],
    },
  },
  {
    because: 'A replay that revokes nothing revokes nothing later.',
    pairs: {
      'token-code-replay-revokes': ['token-code-replay-late-revokes'],
    },
  },
  {
    because: 'A code that never expires outlives every lifetime.',
    pairs: {
      'token-code-expires': ['token-code-lifetime'],
    },
  },
  {
    because: 'A code that belongs to no client belongs to no public one.',
    pairs: {
      'token-code-client-bound': ['pkce-public-client-bound'],
      'token-code-client-bound:public': ['pkce-public-client-bound'],
    },
  },
  {
    because: 'A server that believes the client_id in the body ignores who authenticated in the header.',
    pairs: {
      'token-code-client-bound:named': ['token-auth-two-methods', 'refresh-client-bound'],
    },
  },
  {
    because: 'A redirect_uri that is not compared may be missing.',
    pairs: {
      'token-redirect-mismatch': ['token-redirect-missing'],
    },
  },
  {
    because: 'The second of two redirect_uris is another registered one.',
    pairs: {
      'token-redirect-mismatch:registered': ['token-parameter-repeated'],
    },
  },
  {
    because: 'A registered redirect URI with a query is one that another rule is about.',
    pairs: {
      'token-redirect-mismatch:query': ['authz-redirect-registered'],
    },
  },
  {
    because: 'One parser reads the forms of all endpoints.',
    pairs: {
      'token-parameter-empty': ['revoke-token-missing'],
    },
  },
  {
    because: 'One answer comes whenever client_id is the only proof.',
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
    because: 'An error that is a page is not the JSON that another rule asks for.',
    pairs: {
      'token-error-format': ['token-accept-any'],
    },
  },
  {
    because: 'An error of another media type is not the JSON that the format demands.',
    pairs: {
      'token-error-media-type': ['token-error-format'],
    },
  },
];
