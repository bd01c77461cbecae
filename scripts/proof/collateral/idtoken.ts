/** What else fails with the defects of ID Tokens. */
import type { CollateralGroup } from './types.js';

export const idtoken: readonly CollateralGroup[] = [
  {
    because: 'A strict client signs in on the way, and the nonce is lost there.',
    pairs: { 'idtoken-nonce:after-login': ['authz-story'] },
  },
  {
    because: 'The server judges the hint by the algorithm and the sub that it should have written into it.',
    pairs: {
      'idtoken-alg-default': ['authz-id-token-hint-own'],
      'idtoken-sub': ['authz-id-token-hint-own'],
    },
  },
  {
    because: 'The whole flow ends where a strict client stops, so anything wrong with the ID Token fails it.',
    pairs: {
      'idtoken-nonce': ['authz-story'],
      'idtoken-aud-others': ['authz-story'],
      'idtoken-nbf': ['authz-story'],
      'idtoken-signature': ['authz-story'],
      'idtoken-alg-none': ['authz-story'],
      'idtoken-kid': ['authz-story'],
      'idtoken-iss': ['authz-story'],
      'idtoken-aud': ['authz-story'],
      'idtoken-exp': ['authz-story'],
      'idtoken-iat': ['authz-story'],
    },
  },
  {
    because: 'A header that was changed after signing is signed by nobody.',
    pairs: {
      'idtoken-key-headers': ['idtoken-signature', 'refresh-id-token', 'authz-story'],
    },
  },
  {
    because: 'An algorithm that is not listed is not the default either, and a strict client refuses it.',
    pairs: {
      'idtoken-alg-advertised': ['idtoken-alg-default', 'authz-story'],
    },
  },
  {
    because: 'No key verifies a token that is not signed.',
    pairs: {
      'idtoken-alg-none:refreshed': ['refresh-id-token'],
    },
  },
  {
    because: 'auth_time of the renewed login is what both rules look at.',
    pairs: {
      'idtoken-auth-time-fresh': ['authz-max-age'],
    },
  },
  {
    because: 'One key signs the ID Tokens of exchanges and refreshes.',
    pairs: {
      'idtoken-signature': ['refresh-id-token'],
    },
  },
  {
    because: 'A token that is not signed is no signed JWT of any algorithm.',
    pairs: {
      'idtoken-alg-none': ['token-id-token', 'idtoken-alg-default', 'refresh-id-token'],
    },
  },
  {
    because: 'The audience is wrong for every rule about it.',
    pairs: {
      'idtoken-aud': ['idtoken-aud-others', 'refresh-id-token'],
    },
  },
  {
    because: 'A time in another unit is none for the other rules.',
    pairs: {
      'idtoken-iat': ['idtoken-exp-seconds', 'refresh-id-token'],
      'idtoken-nbf:refreshed': ['idtoken-exp-seconds'],
    },
  },
  {
    because: 'The sub of the ID Token is what others are compared with.',
    pairs: {
      'idtoken-sub': ['refresh-id-token', 'userinfo-sub', 'userinfo-post'],
    },
  },
  {
    because: 'One place makes at_hash at exchanges and refreshes.',
    pairs: {
      'idtoken-at-hash': ['refresh-id-token-at-hash'],
    },
  },
  {
    because: 'Where auth_time is missing, nothing can be said of its value.',
    pairs: {
      'idtoken-auth-time': ['authz-max-age', 'idtoken-auth-time-fresh'],
    },
  },
  {
    because: 'The ID Token of a refresh carries the nonce of the first, if any.',
    pairs: {
      'idtoken-nonce-unsent': ['refresh-id-token'],
      'idtoken-nonce-unsent:made-up': ['refresh-id-token'],
      'idtoken-nonce-unsent:refreshed': ['refresh-id-token'],
    },
  },
];
