/** What else fails with the defects of client registration. */
import type { CollateralGroup } from './types.js';

export const client: readonly CollateralGroup[] = [
  {
    because:
      'A server that never looks at the scheme takes http in every spelling that another rule is about.',
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
    because: 'One rule looks at the scheme in registrations, updates and the settings form.',
    pairs: {
      'client-redirect-https': ['client-update-validated', 'client-settings-fields'],
    },
  },
  {
    because: 'A server that registers a loopback address has to accept any port of it.',
    pairs: {
      'client-redirect-https': ['authz-loopback-port'],
      'client-redirect-loopback-ip': ['authz-loopback-port'],
    },
  },
  {
    because: 'A registration without redirect URIs breaks the documentation and the specification alike.',
    pairs: {
      'client-required-fields': ['client-redirect-required'],
      'client-redirect-required': ['client-required-fields'],
    },
  },
  {
    because: 'Members that nobody looks at may have any type.',
    pairs: {
      'client-required-fields': ['robust-registration-json'],
      'client-redirect-absolute:second': ['robust-registration-json'],
      'client-response-nulls': ['robust-registration-json'],
    },
  },
  {
    because: 'A listed method by which no client gets tokens is no truth of the document either.',
    pairs: {
      'client-public-no-secret': ['discovery-auth-methods'],
    },
  },
  {
    because: 'A redirect URI that is stored in another form is the matter of every rule about it.',
    pairs: {
      'client-register-echo': ['client-redirect-localhost', 'client-redirect-space', 'client-defaults'],
    },
  },
  {
    because: 'One rule looks at redirect URIs in registrations and updates.',
    pairs: {
      'client-redirect-fragment': ['client-update-validated'],
      'client-redirect-script-scheme': ['client-update-validated'],
    },
  },
  {
    because: 'A response with one half of the management members is incomplete for both rules.',
    pairs: {
      'client-management-members': ['client-read'],
    },
  },
  {
    because: 'A registration token that is compared with nothing opens every record.',
    pairs: {
      'client-read': ['client-manage-others'],
    },
  },
  {
    because: 'A client that is never deleted keeps everything that is its own.',
    pairs: {
      'client-delete': [
        'client-management-refused',
        'client-manage-others',
        'client-delete-tokens',
        'client-deleted-refused',
      ],
    },
  },
];
