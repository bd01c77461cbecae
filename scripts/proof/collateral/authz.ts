/** What else fails with the defects of authorization requests and consent. */
import type { CollateralGroup } from './types.js';

export const authz: readonly CollateralGroup[] = [
  {
    because: 'A server that compares nothing takes every URI that another rule changes in one place.',
    pairs: {
      'authz-redirect-unregistered': [
        'client-redirect-wildcard',
        'authz-redirect-exact-path',
        'authz-redirect-exact-query',
        'authz-redirect-exact-origin',
        'authz-error-no-open-redirect',
      ],
    },
  },
  {
    because: 'One comparison of redirect URIs decides about every spelling.',
    pairs: {
      'authz-redirect-unregistered': ['client-update', 'authz-redirect-confusion'],
      'authz-redirect-unregistered:signed-in': [
        'client-redirect-wildcard',
        'authz-client-unknown',
        'authz-redirect-exact-path',
        'authz-redirect-exact-query',
        'authz-redirect-exact-origin',
        'authz-redirect-confusion',
        'authz-redirect-duplicate',
        'authz-error-no-open-redirect',
      ],
      'authz-redirect-exact-path': [
        'authz-redirect-unregistered',
        'authz-redirect-exact-query',
        'authz-redirect-confusion',
        'authz-redirect-query-retained',
      ],
      'authz-redirect-exact-path:capitals': ['authz-redirect-confusion'],
      'authz-redirect-confusion:decoded-twice': ['authz-redirect-query-retained'],
    },
  },
  {
    because: 'A URI with bytes that no header can carry fails when the server redirects to it.',
    pairs: {
      'authz-redirect-unregistered': ['robust-authz-bytes-signed-in'],
      'authz-redirect-unregistered:signed-in': ['robust-authz-bytes-signed-in'],
      'authz-redirect-exact-path': ['robust-authz-bytes-signed-in'],
      'authz-redirect-confusion': ['robust-authz-bytes-signed-in'],
    },
  },
  {
    because: 'A server error is the answer to every request with that value, whatever is judged by it.',
    pairs: {
      'authz-error-characters:scope': ['robust-authz-bytes-signed-in'],
    },
  },
  {
    because: 'A deleted client is one that the server no longer knows.',
    pairs: {
      'authz-client-unknown': ['client-delete'],
    },
  },
  {
    because: 'response_mode=query asks for the same code in the same place.',
    pairs: {
      'authz-code-response': ['authz-response-mode'],
    },
  },
  {
    because: 'One place puts the state into answers of every kind.',
    pairs: {
      'authz-state-echo': ['authz-error-response', 'authz-error-state', 'consent-deny'],
      'authz-state-echo:ampersand': ['authz-error-response', 'authz-error-state', 'consent-deny'],
      'authz-state-echo:falsy': ['authz-error-state'],
      'authz-state-echo:after-consent': ['authz-error-response', 'consent-deny'],
    },
  },
  {
    because: 'An empty state is a state that was left out.',
    pairs: {
      'authz-state-absent': ['authz-parameter-empty'],
      'authz-state-absent:error': ['authz-parameter-empty'],
      'authz-state-optional:short': ['authz-parameter-empty'],
    },
  },
  {
    because: 'The rule is about loopback addresses, which this server has to register first.',
    pairs: {
      'authz-loopback-port': ['client-redirect-loopback-ip'],
      'authz-loopback-port:any-path': ['client-redirect-loopback-ip'],
    },
  },
  {
    because: 'The second redirect URI that is registered has a query.',
    pairs: {
      'authz-redirect-registered': ['authz-redirect-query-retained'],
      'authz-redirect-registered:error': ['authz-redirect-query-retained'],
      'authz-redirect-registered:denial': ['authz-redirect-query-retained'],
      'authz-redirect-query-retained': ['authz-redirect-registered'],
      'authz-redirect-query-retained:denial': ['authz-redirect-registered'],
      'authz-redirect-query-retained:error': ['authz-redirect-registered'],
    },
  },
  {
    because: 'One place writes every error response.',
    pairs: {
      'authz-error-response': [
        'authz-error-state',
        'authz-prompt-none-signed-out',
        'authz-post',
        'consent-deny',
      ],
    },
  },
  {
    because: 'An error that never comes to the client has no state there.',
    pairs: {
      'authz-error-state:prompt': ['authz-error-at-client'],
    },
  },
  {
    because: 'A server that shows every error itself tells the client of none.',
    pairs: {
      'authz-error-at-client': ['consent-deny', 'agents-resource-unknown', 'agents-resource-malformed'],
    },
  },
  {
    because: 'One place writes every error_description.',
    pairs: {
      'authz-error-characters': ['authz-error-state'],
    },
  },
  {
    because: 'A response that leaves out a scope that nobody asked for lacks a member for three rules.',
    pairs: {
      'authz-scope-unknown:alone': ['token-response-members', 'token-scope-accurate'],
    },
  },
  {
    because: 'A server that answers prompt=none with a page does so for every reason.',
    pairs: {
      'authz-prompt-none-signed-out': ['authz-prompt-none-no-consent'],
    },
  },
  {
    because: 'A server that answers silently without consent never needs one.',
    pairs: {
      'authz-prompt-none-no-consent': [
        'consent-deny',
        'consent-not-widened',
        'consent-per-client',
        'consent-public-repeat',
      ],
    },
  },
  {
    because: 'A server that ignores login in prompt ignores it in a list.',
    pairs: {
      'authz-prompt-login': ['authz-prompt-list'],
    },
  },
  {
    because: 'A server that ignores max_age ignores the value 0.',
    pairs: {
      'authz-max-age': ['authz-max-age-zero'],
    },
  },
  {
    because: 'auth_time of the renewed login is what both rules look at.',
    pairs: {
      'authz-max-age:auth-time': ['idtoken-auth-time-fresh'],
    },
  },
  {
    because: 'A parameter that fails a request fails it when it is empty, too.',
    pairs: {
      'authz-parameter-unknown': ['authz-parameter-empty'],
      'authz-hints-accepted': ['authz-parameter-empty'],
      'authz-hints-accepted:ui-locales': ['authz-parameter-empty'],
      'authz-claims-parameter': ['authz-parameter-empty'],
      'authz-response-mode': ['authz-parameter-empty'],
    },
  },
  {
    because: 'A server that lets everybody in never asks who it is.',
    pairs: {
      'consent-login-first': ['authz-prompt-none-signed-out', 'authz-max-age', 'authz-max-age-zero'],
    },
  },
  {
    because: 'The denial is one of the answers without state.',
    pairs: {
      'consent-deny:without-state': ['authz-state-absent'],
    },
  },
  {
    because: 'The denial is one of the error responses.',
    pairs: {
      'consent-deny:ampersand': ['authz-error-response'],
    },
  },
  {
    because: 'One place turns text into markup.',
    pairs: {
      'consent-xss-client': ['consent-xss-parameters'],
    },
  },
  {
    because: 'A user who has allowed one client is asked for no other.',
    pairs: {
      'consent-per-client': ['consent-asked'],
    },
  },
  {
    because: 'The page in place of the answer is the hole.',
    pairs: {
      'consent-xss-parameters:response-mode': ['authz-error-at-client', 'authz-parameter-empty'],
    },
  },
];
