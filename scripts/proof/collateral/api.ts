/** What else fails with the defects of the API, userinfo and the rest. */
import type { CollateralGroup } from './types.js';

export const api: readonly CollateralGroup[] = [
  {
    because: "If a public client can drop PKCE at the exchange, the server doesn't require it.",
    pairs: {
      'pkce-downgrade:public': ['pkce-public-required'],
    },
  },
  {
    because:
      'The server answers every request with that value with an error of its own, so every check that sends it fails.',
    pairs: {
      'robust-authz-bytes': ['robust-authz-bytes-signed-in'],
      'robust-authz-values': ['authz-error-at-client', 'authz-error-state', 'authz-error-characters'],
      'robust-authz-values:id-token-hint': ['authz-parameter-empty', 'robust-authz-bytes-signed-in'],
      'robust-authz-bytes-signed-in:response-mode': ['authz-error-characters'],
    },
  },
  {
    because: 'The server writes the challenges of all endpoints in one place.',
    pairs: {
      'api-missing-token': [
        'agents-challenge-metadata',
        'agents-challenge-scope',
        'client-management-refused',
        'userinfo-invalid-token',
      ],
      'api-challenge-bare': ['agents-challenge-scope'],
      'api-invalid-token-error': ['agents-challenge-scope', 'api-insufficient-scope'],
      'api-accept-any': ['userinfo-invalid-token'],
    },
  },
  {
    because: "A malformed challenge can't be read, so its parameters are missing for every check.",
    pairs: {
      'api-challenge-grammar': ['agents-challenge-metadata', 'agents-challenge-scope'],
      'api-challenge-grammar:repeated': ['agents-challenge-metadata', 'agents-challenge-scope'],
      'api-challenge-grammar:separator': ['agents-challenge-metadata', 'agents-challenge-scope'],
    },
  },
  {
    because: "A server that accepts no bearer token doesn't accept one requested with resource either.",
    pairs: {
      'api-bearer': ['agents-resource-accepted'],
    },
  },
  {
    because: "Userinfo is one of the endpoints that don't check the token.",
    pairs: {
      'api-accept-any:userinfo': ['userinfo-invalid-token'],
    },
  },
  {
    because: 'The server treats an empty method like a missing one and uses the default for both.',
    pairs: {
      'pkce-method-unsupported:confidential': ['pkce-method-default'],
    },
  },
  {
    because: 'The server checks who owns a code in one place, for public and confidential clients.',
    pairs: {
      'pkce-public-client-bound': ['token-code-client-bound'],
    },
  },
  {
    because: 'If any verifier works, it also works for confidential clients.',
    pairs: {
      'pkce-verifier-wrong': ['pkce-confidential'],
    },
  },
  {
    because: 'A token that reaches every organization still does so after a refresh.',
    pairs: {
      'org-bound': ['org-refresh'],
    },
  },
  {
    because: 'An API that ignores scopes also ignores those of a personal access token.',
    pairs: {
      'api-scope-enforced': ['pat-scope-enforced'],
    },
  },
  {
    because: 'A server that also reads the query accepts a token there.',
    pairs: {
      'api-two-methods': ['api-query-token', 'userinfo-query-token'],
      'userinfo-query-token': ['api-two-methods'],
    },
  },
  {
    because: 'The server skips the secret in every exchange that has a code_verifier.',
    pairs: {
      'pkce-confidential-secret': ['token-auth-missing'],
    },
  },
  {
    because: 'A server that accepts no bearer token rejects every kind of token.',
    pairs: {
      'api-bearer': [
        'client-read',
        'client-delete',
        'org-token',
        'org-default-user',
        'pat-accepted',
        'userinfo-get',
      ],
    },
  },
  {
    because: "A malformed challenge can't be read, so its error is missing for every check.",
    pairs: {
      'api-challenge-grammar': ['api-invalid-token-error', 'api-insufficient-scope'],
      'api-challenge-grammar:repeated': ['api-challenge-bare', 'api-insufficient-scope'],
      'api-challenge-grammar:separator': ['api-insufficient-scope'],
    },
  },
  {
    because: 'If the server accepts a made-up token, every check of how it refuses one fails.',
    pairs: {
      'api-invalid-token': ['api-invalid-token-error', 'api-two-methods', 'userinfo-invalid-token'],
    },
  },
  {
    because: 'A token that never expires stays active.',
    pairs: {
      'api-expired-token': ['introspect-expired'],
    },
  },
  {
    because:
      'An endpoint that ignores the Authorization header also answers a request with the token in the query.',
    pairs: {
      'api-query-token': ['api-two-methods', 'userinfo-query-token'],
      'userinfo-invalid-token': ['userinfo-query-token'],
    },
  },
  {
    because: "An endpoint that doesn't check tokens accepts all of them.",
    pairs: {
      'userinfo-invalid-token': [
        'api-invalid-token-error',
        'api-malformed-header',
        'api-two-methods',
        'api-refresh-token-refused',
        'api-id-token-refused',
        'api-jwt-forged',
      ],
    },
  },
  {
    because: 'A server that accepts any JWT as an access token also accepts forged ones.',
    pairs: {
      'api-id-token-refused': ['api-jwt-forged'],
    },
  },
  {
    because: 'To the server, a revoked token is an unknown one.',
    pairs: {
      'pat-invalid': ['pat-revoked'],
    },
  },
  {
    because: 'Userinfo that ignores scopes returns claims nobody asked for, before and after a refresh.',
    pairs: {
      'userinfo-no-email-without-scope': ['refresh-scope-narrower', 'userinfo-claims-unasked'],
    },
  },
  {
    because: 'The other document is right, so the two disagree.',
    pairs: {
      'agents-server-metadata-issuer': ['agents-server-metadata-agrees'],
      'agents-server-metadata-members:types': ['agents-server-metadata-agrees'],
      'agents-server-metadata-members:algorithms': ['agents-server-metadata-agrees'],
    },
  },
  {
    because: "The challenge can't name metadata that doesn't exist.",
    pairs: {
      'agents-resource-metadata': ['agents-challenge-metadata'],
    },
  },
  {
    because: 'The check reads the resource identifier from the metadata that the challenge names.',
    pairs: {
      'agents-challenge-metadata-url:other': ['agents-resource-accepted'],
    },
  },
  {
    because: 'The document lists a method that no client can register with.',
    pairs: {
      'agents-public-registration': ['discovery-auth-methods'],
    },
  },
  {
    because: 'The loopback redirect belongs to a public client.',
    pairs: {
      'agents-public-registration': ['agents-loopback-redirect'],
    },
  },
  {
    because: 'localhost is one of the hosts that the server refuses.',
    pairs: {
      'agents-loopback-redirect': ['client-redirect-localhost'],
    },
  },
  {
    because: 'User endpoints refuse an organization token.',
    pairs: {
      'org-default-user': ['api-bearer', 'agents-resource-accepted'],
    },
  },
  {
    because: "A challenge with forbidden characters can't be read.",
    pairs: {
      'api-challenge-grammar:characters': ['agents-challenge-metadata'],
    },
  },
  {
    because: 'An expired token is one of the invalid tokens whose challenge is judged.',
    pairs: {
      'api-expired-token:challenge': ['api-invalid-token-error'],
    },
  },
  {
    because: 'Two requests at once get the same answer, whatever their tokens are.',
    pairs: {
      'userinfo-sub:at-once': [
        'api-invalid-token-error',
        'userinfo-no-email-without-scope',
        'api-expired-token',
        'api-malformed-header',
        'api-two-methods',
        'api-jwt-forged',
        'userinfo-invalid-token',
        'userinfo-claims-unasked',
      ],
    },
  },
];
