/** What else fails with the defects of refresh, revocation and introspection. */
import type { CollateralGroup } from './types.js';

export const refresh: readonly CollateralGroup[] = [
  {
    because: 'One rule refuses what is no refresh token, whatever else it is.',
    pairs: {
      'refresh-invalid': ['refresh-access-token-refused', 'pat-not-a-grant'],
    },
  },
  {
    because: 'A token that outlives its revocation is still active.',
    pairs: {
      'revoke-access-token': ['introspect-revoked'],
    },
  },
  {
    because: 'A server that compares no clients compares no public ones.',
    pairs: {
      'revoke-other-client': ['revoke-public-other'],
      'revoke-other-client:public': ['revoke-public-other'],
      'revoke-public-other': ['revoke-other-client'],
    },
  },
  {
    because: 'The answer about an unknown token is the same with a hint.',
    pairs: {
      'introspect-unknown': ['introspect-hint-wrong'],
    },
  },
  {
    because: 'A refresh whose access token does not work is no refresh.',
    pairs: {
      'refresh-works': ['refresh-after-expiry', 'introspect-active'],
    },
  },
  {
    because: 'A refresh that is not answered 200 gives no tokens, whenever it comes.',
    pairs: {
      'refresh-works:created': ['refresh-after-expiry'],
    },
  },
  {
    because: 'One answer comes to every refresh of a public client.',
    pairs: {
      'refresh-works:public': ['refresh-client-bound', 'refresh-invalid'],
    },
  },
  {
    because: 'A response without scope claims everything that was asked for.',
    pairs: {
      'refresh-scope-narrower:unsaid': ['refresh-scope-wider', 'introspect-claims'],
    },
  },
  {
    because: 'A token that never expires is active forever.',
    pairs: {
      'refresh-expired': ['introspect-expired'],
    },
  },
  {
    because: 'A code that is taken for a refresh token is one for introspection, too.',
    pairs: {
      'refresh-access-token-refused:code': ['introspect-unknown'],
    },
  },
  {
    because: 'A refresh token that outlives its revocation does so in every rule about it.',
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
    because: 'A hint that decides where the server looks fails every token of the other kind.',
    pairs: {
      'revoke-unknown-token:hint': ['revoke-hint-wrong'],
    },
  },
  {
    because: 'The endpoint asks nobody for a secret, by whichever method.',
    pairs: {
      'revoke-client-auth': ['token-auth-basic-wrong'],
      'introspect-auth': ['token-auth-basic-wrong'],
    },
  },
  {
    because: 'Introspection that looks at nothing but the record calls every refresh token active.',
    pairs: {
      'introspect-revoked:refresh': ['introspect-expired'],
    },
  },
];
