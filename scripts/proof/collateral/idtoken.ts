/** What else fails with the defects of ID Tokens. */
import type { CollateralGroup } from './types.js';

export const idtoken: readonly CollateralGroup[] = [
  {
    because: 'The strict client signs in on the way, which is where the nonce gets lost.',
    pairs: { 'idtoken-nonce:after-login': ['authz-story'] },
  },
  {
    because: 'The server checks the hint against the algorithm and the sub that it should have used.',
    pairs: {
      'idtoken-alg-default': ['authz-id-token-hint-own'],
      'idtoken-sub': ['authz-id-token-hint-own'],
    },
  },
  {
    because: 'A strict client stops at a bad ID Token, so the whole flow fails.',
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
    because: 'Changing the header after signing breaks the signature.',
    pairs: {
      'idtoken-key-headers': ['idtoken-signature', 'refresh-id-token', 'authz-story'],
    },
  },
  {
    because: "An unlisted algorithm isn't the default either, and a strict client rejects it.",
    pairs: {
      'idtoken-alg-advertised': ['idtoken-alg-default', 'authz-story'],
    },
  },
  {
    because: 'No key verifies an unsigned token.',
    pairs: {
      'idtoken-alg-none:refreshed': ['refresh-id-token'],
    },
  },
  {
    because: 'Both requirements look at auth_time after the new login.',
    pairs: {
      'idtoken-auth-time-fresh': ['authz-max-age'],
    },
  },
  {
    because: 'The same key signs the ID Tokens of exchanges and refreshes.',
    pairs: {
      'idtoken-signature': ['refresh-id-token'],
    },
  },
  {
    because: "An unsigned token isn't a signed JWT, whatever the algorithm.",
    pairs: {
      'idtoken-alg-none': ['token-id-token', 'idtoken-alg-default', 'refresh-id-token'],
    },
  },
  {
    because: 'Every check of the audience sees the wrong one.',
    pairs: {
      'idtoken-aud': ['idtoken-aud-others', 'refresh-id-token'],
    },
  },
  {
    because: 'Every check of that time sees a value in the wrong unit.',
    pairs: {
      'idtoken-iat': ['idtoken-exp-seconds', 'refresh-id-token'],
      'idtoken-nbf:refreshed': ['idtoken-exp-seconds'],
    },
  },
  {
    because: 'The other subs are compared with that of the ID Token.',
    pairs: {
      'idtoken-sub': ['refresh-id-token', 'userinfo-sub', 'userinfo-post'],
    },
  },
  {
    because: 'The server computes at_hash in one place for exchanges and refreshes.',
    pairs: {
      'idtoken-at-hash': ['refresh-id-token-at-hash'],
    },
  },
  {
    because: "Without auth_time there's no value to check.",
    pairs: {
      'idtoken-auth-time': ['authz-max-age', 'idtoken-auth-time-fresh'],
    },
  },
  {
    because: "The ID Token of a refresh repeats the first one's nonce.",
    pairs: {
      'idtoken-nonce-unsent': ['refresh-id-token'],
      'idtoken-nonce-unsent:made-up': ['refresh-id-token'],
      'idtoken-nonce-unsent:refreshed': ['refresh-id-token'],
    },
  },
  {
    because: 'The sub depends on the client here, and the other subs are compared with that of the ID Token.',
    pairs: {
      'idtoken-sub:clients': ['authz-id-token-hint-own', 'org-sub', 'userinfo-sub'],
    },
  },
];
