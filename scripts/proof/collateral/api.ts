/** What else fails with the defects of the API, userinfo and the rest. */
import type { CollateralGroup } from './types.js';

export const api: readonly CollateralGroup[] = [
  {
    because: 'A public client that may drop PKCE at the exchange needs none.',
    pairs: {
      'pkce-downgrade:public': ['pkce-public-required'],
    },
  },
  {
    because: 'A server error is the answer to every request with that value, whatever is judged by it.',
    pairs: {
      'robust-authz-bytes': ['robust-authz-bytes-signed-in'],
      'robust-authz-values': ['authz-error-at-client', 'authz-error-state', 'authz-error-characters'],
      'robust-authz-values:id-token-hint': ['authz-parameter-empty', 'robust-authz-bytes-signed-in'],
      'robust-authz-bytes-signed-in:response-mode': ['authz-error-characters'],
    },
  },
  {
    because: 'One rule writes the challenge of every endpoint.',
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
    because: 'Nobody can read anything out of a challenge that is not well-formed.',
    pairs: {
      'api-challenge-grammar': ['agents-challenge-metadata', 'agents-challenge-scope'],
      'api-challenge-grammar:repeated': ['agents-challenge-metadata', 'agents-challenge-scope'],
      'api-challenge-grammar:separator': ['agents-challenge-metadata', 'agents-challenge-scope'],
    },
  },
  {
    because: 'A server that accepts no bearer token accepts none that was asked for with a resource.',
    pairs: {
      'api-bearer': ['agents-resource-accepted'],
    },
  },
  {
    because: 'Userinfo is one of the endpoints that answers without looking at the token.',
    pairs: {
      'api-accept-any:userinfo': ['userinfo-invalid-token'],
    },
  },
  {
    because: 'A missing method has a default, which an empty one has, too.',
    pairs: {
      'pkce-method-unsupported:confidential': ['pkce-method-default'],
    },
  },
  {
    because: 'One comparison decides whose code it is, whichever client sends it.',
    pairs: {
      'pkce-public-client-bound': ['token-code-client-bound'],
    },
  },
  {
    because: 'Where any verifier passes, it passes for confidential clients too.',
    pairs: {
      'pkce-verifier-wrong': ['pkce-confidential'],
    },
  },
  {
    because: 'A token that reaches every organization still does after a refresh.',
    pairs: {
      'org-bound': ['org-refresh'],
    },
  },
  {
    because: 'An API that looks at no scope looks at none of a personal access token either.',
    pairs: {
      'api-scope-enforced': ['pat-scope-enforced'],
    },
  },
  {
    because: 'A server that reads a token from the query as well accepts it there.',
    pairs: {
      'api-two-methods': ['api-query-token', 'userinfo-query-token'],
      'userinfo-query-token': ['api-two-methods'],
    },
  },
  {
    because: 'A client that needs no secret beside a code_verifier needs none in any exchange that has one.',
    pairs: {
      'pkce-confidential-secret': ['token-auth-missing'],
    },
  },
  {
    because: 'A server that accepts no bearer token accepts none of any kind.',
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
    because: 'Nobody can read an error out of a challenge that is not well-formed.',
    pairs: {
      'api-challenge-grammar': ['api-invalid-token-error', 'api-insufficient-scope'],
      'api-challenge-grammar:repeated': ['api-challenge-bare', 'api-insufficient-scope'],
      'api-challenge-grammar:separator': ['api-insufficient-scope'],
    },
  },
  {
    because: 'Where a made-up token is accepted, no other rule about its refusal holds.',
    pairs: {
      'api-invalid-token': ['api-invalid-token-error', 'api-two-methods', 'userinfo-invalid-token'],
    },
  },
  {
    because: 'A token that never expires is active for ever.',
    pairs: {
      'api-expired-token': ['introspect-expired'],
    },
  },
  {
    because: 'An endpoint that answers without looking at the header answers a token in the query.',
    pairs: {
      'api-query-token': ['api-two-methods', 'userinfo-query-token'],
      'userinfo-invalid-token': ['userinfo-query-token'],
    },
  },
  {
    because: 'An endpoint that looks at no token accepts every one.',
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
    because: 'A server that takes every JWT for a token takes forged ones.',
    pairs: {
      'api-id-token-refused': ['api-jwt-forged'],
    },
  },
  {
    because: 'A revoked token is one that the server no longer knows.',
    pairs: {
      'pat-invalid': ['pat-revoked'],
    },
  },
  {
    because: 'Userinfo that looks at no scope shows what was not asked for, before a refresh and after.',
    pairs: {
      'userinfo-no-email-without-scope': ['refresh-scope-narrower', 'userinfo-claims-unasked'],
    },
  },
  {
    because: 'The other document is right, so the two differ.',
    pairs: {
      'agents-server-metadata-issuer': ['agents-server-metadata-agrees'],
      'agents-server-metadata-members:types': ['agents-server-metadata-agrees'],
      'agents-server-metadata-members:algorithms': ['agents-server-metadata-agrees'],
    },
  },
  {
    because: 'Metadata that is not there is named nowhere.',
    pairs: {
      'agents-resource-metadata': ['agents-challenge-metadata'],
    },
  },
  {
    because: 'The identifier of the resource is read from the metadata that the challenge names.',
    pairs: {
      'agents-challenge-metadata-url:other': ['agents-resource-accepted'],
    },
  },
  {
    because: 'A method that is listed and not registered is no truth of the document.',
    pairs: {
      'agents-public-registration': ['discovery-auth-methods'],
    },
  },
  {
    because: 'The loopback redirect is registered for a public client.',
    pairs: {
      'agents-public-registration': ['agents-loopback-redirect'],
    },
  },
  {
    because: 'localhost is one of the hosts that this server refuses.',
    pairs: {
      'agents-loopback-redirect': ['client-redirect-localhost'],
    },
  },
  {
    because: 'A token of an organization is refused where the token of a user is asked for.',
    pairs: {
      'org-default-user': ['api-bearer', 'agents-resource-accepted'],
    },
  },
];
