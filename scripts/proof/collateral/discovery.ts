/** What else fails with the defects of the documents. */
import type { CollateralGroup } from './types.js';

export const discovery: readonly CollateralGroup[] = [
  {
    because: 'A strict client stops at a bad ID Token, so the whole flow fails.',
    pairs: {
      'discovery-issuer-match': ['authz-story'],
    },
  },
  {
    because:
      "Clients compare iss with the issuer in the document. The two differ, and a client can't tell which one is wrong.",
    pairs: {
      'discovery-issuer-match': ['authz-iss', 'idtoken-iss'],
    },
  },
  {
    because: 'The value is compared with the issuer in the document, which is wrong.',
    pairs: {
      'discovery-issuer-match': ['introspect-claims', 'agents-resource-metadata-servers'],
    },
  },
  {
    because: 'The server makes both documents in one place.',
    pairs: {
      'discovery-document': ['agents-server-metadata-response'],
      'discovery-required-members:null': [
        'agents-server-metadata-response',
        'agents-server-metadata-members',
      ],
      'discovery-pkce-methods': ['agents-server-metadata-pkce'],
    },
  },
  {
    because: "The document doesn't list the algorithm in use.",
    pairs: {
      'discovery-signing-algs': ['authz-story', 'idtoken-alg-advertised'],
    },
  },
  {
    because: 'The document lists none, but the server registers no public clients.',
    pairs: {
      'discovery-auth-methods': ['agents-public-registration', 'agents-loopback-redirect'],
    },
  },
  {
    because: 'The issuer follows the Host header, so every check of the issuer sees it change.',
    pairs: {
      'discovery-stable': [
        'discovery-issuer-match',
        'discovery-forwarded-headers',
        'agents-server-metadata-issuer',
        'agents-server-metadata-agrees',
      ],
    },
  },
  {
    because: "A strict client can't verify a signature without the right key.",
    pairs: {
      'discovery-jwks': ['authz-story'],
      'discovery-jwks:unreachable': ['authz-story'],
      'discovery-jwks-public-only': ['authz-story'],
      'discovery-jwks-kids': ['authz-story'],
    },
  },
  {
    because: 'A kid that two keys share identifies neither.',
    pairs: {
      'discovery-jwks-kids': ['idtoken-kid'],
    },
  },
  {
    because: 'A kid that is new each time is that of no ID Token.',
    pairs: {
      'discovery-jwks-kids:renamed': ['authz-story', 'idtoken-kid'],
    },
  },
  {
    because: 'What is listed and unknown is confirmed at a registration.',
    pairs: {
      'discovery-grant-types:unsupported': ['client-unsupported-values'],
      'discovery-grant-types:response-type': ['client-unsupported-values'],
    },
  },
];
