/** What else fails with the defects of refresh, revocation and introspection. */
import type { CollateralGroup } from './types.js';

export const refresh: readonly CollateralGroup[] = [
  {
    because: "The server rejects everything that isn't a refresh token in one place.",
    pairs: {
      'refresh-invalid': ['refresh-access-token-refused', 'pat-not-a-grant'],
    },
  },
  {
    because: 'A token that still works after its revocation is still active.',
    pairs: {
      'revoke-access-token': ['introspect-revoked'],
    },
  },
  {
    because: "A server that doesn't compare clients doesn't compare public ones either.",
    pairs: {
      'revoke-other-client': ['revoke-public-other'],
      'revoke-other-client:public': ['revoke-public-other'],
      'revoke-public-other': ['revoke-other-client'],
    },
  },
  {
    because: "A hint doesn't change the answer about an unknown token.",
    pairs: {
      'introspect-unknown': ['introspect-hint-wrong'],
    },
  },
  {
    because: 'A refresh that is not answered 200 gives no tokens, whenever it comes.',
    pairs: {
      'refresh-works:created': ['refresh-after-expiry'],
    },
  },
  {
    because: 'The server gives the same answer to every refresh by a public client.',
    pairs: {
      'refresh-works:public': ['refresh-client-bound', 'refresh-invalid'],
    },
  },
  {
    because: 'A response without scope says that everything requested was granted.',
    pairs: {
      'refresh-scope-narrower:unsaid': ['refresh-scope-wider', 'introspect-claims'],
    },
  },
  {
    because: 'A token that never expires stays active.',
    pairs: {
      'refresh-expired': ['introspect-expired'],
    },
  },
  {
    because: 'A server that takes a code for a refresh token also does so in introspection.',
    pairs: {
      'refresh-access-token-refused:code': ['introspect-unknown'],
    },
  },
  {
    because: 'Every check of a revoked refresh token sees that it still works.',
    pairs: {
      'revoke-refresh-token': [
        'revoke-public-client',
        'revoke-hint-wrong',
        'revoke-hint-unknown',
        'introspect-revoked',
      ],
      'revoke-refresh-token:first': ['introspect-revoked'],
    },
  },
  {
    because: 'The server looks only where the hint says, so it misses every token of the other type.',
    pairs: {
      'revoke-unknown-token:hint': ['revoke-hint-wrong'],
    },
  },
  {
    because: "The endpoint doesn't ask for a secret, whatever the method.",
    pairs: {
      'revoke-client-auth': ['token-auth-basic-wrong'],
      'introspect-auth': ['token-auth-basic-wrong'],
    },
  },
  {
    because: 'Introspection reports every refresh token that it has on record as active.',
    pairs: {
      'introspect-revoked:refresh': ['introspect-expired'],
    },
  },
  {
    because: "The API doesn't look at what was revoked, whatever revoked it.",
    pairs: {
      'token-code-replay-revokes:api': ['revoke-refresh-cascade'],
      'revoke-refresh-cascade:api': ['token-code-replay-revokes'],
    },
  },
  {
    because: "One place checks whose token a client revokes, and it doesn't look at public clients.",
    pairs: {
      'revoke-public-other:access': ['revoke-other-client'],
    },
  },
];
