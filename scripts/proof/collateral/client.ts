/** What else fails with the defects of client registration. */
import type { CollateralGroup } from './types.js';

export const client: readonly CollateralGroup[] = [
  {
    because: "A server that doesn't check the scheme accepts http in every spelling.",
    pairs: {
      'client-redirect-https': [
        'client-redirect-localhost-lookalike',
        'client-redirect-userinfo',
        'client-redirect-loopback-ip',
        'client-redirect-host-forms',
      ],
    },
  },
  {
    because: 'The server checks the scheme in one place for registrations, updates, and the settings form.',
    pairs: {
      'client-redirect-https': ['client-update-validated', 'client-settings-fields'],
    },
  },
  {
    because: 'A server that registers a loopback address has to accept any port on it.',
    pairs: {
      'client-redirect-https': ['authz-loopback-port'],
      'client-redirect-loopback-ip': ['authz-loopback-port'],
    },
  },
  {
    because: "Polar's documentation and RFC 7591 both require redirect URIs.",
    pairs: {
      'client-required-fields': ['client-redirect-required'],
      'client-redirect-required': ['client-required-fields'],
    },
  },
  {
    because: "A server that doesn't validate members accepts any type.",
    pairs: {
      'client-required-fields': ['robust-registration-json'],
      'client-redirect-absolute:second': ['robust-registration-json'],
      'client-response-nulls': ['robust-registration-json'],
    },
  },
  {
    because: 'The document lists a method that no client can get tokens with.',
    pairs: {
      'client-public-no-secret': ['discovery-auth-methods'],
    },
  },
  {
    because: 'The server stores redirect URIs in a different form, which every check of them sees.',
    pairs: {
      'client-register-echo': ['client-redirect-localhost', 'client-redirect-space', 'client-defaults'],
    },
  },
  {
    because: 'The server checks redirect URIs in one place for registrations and updates.',
    pairs: {
      'client-redirect-fragment': ['client-update-validated'],
      'client-redirect-script-scheme': ['client-update-validated'],
    },
  },
  {
    because: 'Both requirements need the management member that the response leaves out.',
    pairs: {
      'client-management-members': ['client-read'],
    },
  },
  {
    because: "A server that doesn't compare registration tokens opens every record to any of them.",
    pairs: {
      'client-read': ['client-manage-others'],
    },
  },
  {
    because: "A client that isn't really deleted keeps its record and its tokens.",
    pairs: {
      'client-delete': [
        'client-management-refused',
        'client-manage-others',
        'client-delete-tokens',
        'client-deleted-refused',
      ],
    },
  },
  {
    because: 'The record has the scope that was stored, and the response another.',
    pairs: {
      'client-register-echo:scope': ['client-read'],
    },
  },
  {
    because:
      "The server doesn't check the scheme for public clients, so it registers every http URI, and refuses it when it's used.",
    pairs: {
      'client-redirect-https:public-client': [
        'client-redirect-localhost-lookalike',
        'client-redirect-loopback-ip',
        'agents-loopback-redirect',
      ],
    },
  },
  {
    because: "An empty object is one of the values that the server doesn't validate.",
    pairs: {
      'client-response-nulls:empty': ['robust-registration-json'],
    },
  },
  {
    because: 'A redirect_uris that is a string is a malformed registration.',
    pairs: {
      'client-register-echo:string': ['robust-registration-json'],
    },
  },
];
