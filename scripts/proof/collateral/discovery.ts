/** What else fails with the defects of the documents. */
import type { CollateralGroup } from './types.js';

export const discovery: readonly CollateralGroup[] = [
  {
    because: 'The whole flow ends where a strict client stops, so anything wrong with the ID Token fails it.',
    pairs: {
      'discovery-issuer-match': ['authz-story'],
    },
  },
  {
    because:
      'A client compares iss with the issuer of the document, and the two now differ; nobody outside can say which is wrong.',
    pairs: {
      'discovery-issuer-match': ['authz-iss', 'idtoken-iss'],
    },
  },
  {
    because: 'Whoever compares with the issuer of the document finds another one.',
    pairs: {
      'discovery-issuer-match': ['introspect-claims', 'agents-resource-metadata-servers'],
    },
  },
  {
    because: 'Both documents are made in one place, so a fault of one is one of the other.',
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
    because: 'The document does not list the algorithm that signs.',
    pairs: {
      'discovery-signing-algs': ['authz-story', 'idtoken-alg-advertised'],
    },
  },
  {
    because: 'A server that registers no client without a secret lists the method in vain.',
    pairs: {
      'discovery-auth-methods': ['agents-public-registration', 'agents-loopback-redirect'],
    },
  },
  {
    because: 'A document that follows the Host header changes under every rule about its issuer.',
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
    because: 'Without the right key a strict client verifies nothing.',
    pairs: {
      'discovery-jwks': ['authz-story'],
      'discovery-jwks:unreachable': ['authz-story'],
      'discovery-jwks-public-only': ['authz-story'],
      'discovery-jwks-kids': ['authz-story'],
    },
  },
  {
    because: 'A kid that two keys have names neither of them.',
    pairs: {
      'discovery-jwks-kids': ['idtoken-kid'],
    },
  },
];
