/** What else fails with the defects of authorization requests and consent. */
import type { CollateralGroup } from './types.js';

export const authz: readonly CollateralGroup[] = [
  {
    because: "A server that doesn't compare redirect URIs accepts every altered one.",
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
    because: 'The server compares redirect URIs in one place, whatever was changed in them.',
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
    because: "The server can't redirect to a URI with bytes that no header can carry.",
    pairs: {
      'authz-redirect-unregistered': ['robust-authz-bytes-signed-in'],
      'authz-redirect-unregistered:signed-in': ['robust-authz-bytes-signed-in'],
      'authz-redirect-exact-path': ['robust-authz-bytes-signed-in'],
      'authz-redirect-confusion': ['robust-authz-bytes-signed-in'],
    },
  },
  {
    because:
      'The server answers every request with that value with an error of its own, so every check that sends it fails.',
    pairs: {
      'authz-error-characters:scope': ['robust-authz-bytes-signed-in'],
    },
  },
  {
    because: 'To the server, a deleted client is an unknown one.',
    pairs: {
      'authz-client-unknown': ['client-delete'],
    },
  },
  {
    because: 'response_mode=query asks for the same response.',
    pairs: {
      'authz-code-response': ['authz-response-mode'],
    },
  },
  {
    because: 'The server adds the state to all responses in one place.',
    pairs: {
      'authz-state-echo': ['authz-error-response', 'authz-error-state', 'consent-deny'],
      'authz-state-echo:ampersand': ['authz-error-response', 'authz-error-state', 'consent-deny'],
      'authz-state-echo:falsy': ['authz-error-state'],
      'authz-state-echo:after-consent': ['authz-error-response', 'consent-deny'],
    },
  },
  {
    because: 'To the server, an empty state is a missing one.',
    pairs: {
      'authz-state-absent': ['authz-parameter-empty'],
      'authz-state-absent:error': ['authz-parameter-empty'],
      'authz-state-optional:short': ['authz-parameter-empty'],
    },
  },
  {
    because: 'To try its ports, the server first has to register a loopback address.',
    pairs: {
      'authz-loopback-port': ['client-redirect-loopback-ip'],
      'authz-loopback-port:any-path': ['client-redirect-loopback-ip'],
    },
  },
  {
    because: 'The second registered redirect URI has a query.',
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
    because: 'The server writes all error responses in one place.',
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
    because: 'An error that never reaches the client carries no state.',
    pairs: {
      'authz-error-state:prompt': ['authz-error-at-client'],
    },
  },
  {
    because: 'A server that shows all errors on its own pages sends none to the client.',
    pairs: {
      'authz-error-at-client': ['consent-deny', 'agents-resource-unknown', 'agents-resource-malformed'],
    },
  },
  {
    because: 'The server writes every error_description in one place.',
    pairs: {
      'authz-error-characters': ['authz-error-state'],
    },
  },
  {
    because: 'Three requirements need the scope member that this response leaves out.',
    pairs: {
      'authz-scope-unknown:alone': ['token-response-members', 'token-scope-accurate'],
    },
  },
  {
    because: 'A server that shows a page for prompt=none does so whether login or consent is missing.',
    pairs: {
      'authz-prompt-none-signed-out': ['authz-prompt-none-no-consent'],
    },
  },
  {
    because: 'A server that issues codes without consent never asks for it.',
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
    because: 'A server that ignores prompt=login also ignores it in a list.',
    pairs: {
      'authz-prompt-login': ['authz-prompt-list'],
    },
  },
  {
    because: 'A server that ignores max_age also ignores max_age=0.',
    pairs: {
      'authz-max-age': ['authz-max-age-zero'],
    },
  },
  {
    because: 'Both requirements look at auth_time after the new login.',
    pairs: {
      'authz-max-age:auth-time': ['idtoken-auth-time-fresh'],
    },
  },
  {
    because: "A server that rejects the parameter also rejects it when it's empty.",
    pairs: {
      'authz-parameter-unknown': ['authz-parameter-empty'],
      'authz-hints-accepted': ['authz-parameter-empty'],
      'authz-hints-accepted:ui-locales': ['authz-parameter-empty'],
      'authz-claims-parameter': ['authz-parameter-empty'],
      'authz-response-mode': ['authz-parameter-empty'],
    },
  },
  {
    because: 'A server that lets everybody in never asks who they are.',
    pairs: {
      'consent-login-first': ['authz-prompt-none-signed-out', 'authz-max-age', 'authz-max-age-zero'],
    },
  },
  {
    because: 'A denial is one of the responses to a request without state.',
    pairs: {
      'consent-deny:without-state': ['authz-state-absent'],
    },
  },
  {
    because: 'A denial is one of the error responses.',
    pairs: {
      'consent-deny:ampersand': ['authz-error-response'],
    },
  },
  {
    because: 'The server escapes text in one place.',
    pairs: {
      'consent-xss-client': ['consent-xss-parameters'],
    },
  },
  {
    because: "Once a user has allowed one client, the server doesn't ask about others.",
    pairs: {
      'consent-per-client': ['consent-asked'],
    },
  },
  {
    because: 'The vulnerable page comes instead of the response.',
    pairs: {
      'consent-xss-parameters:response-mode': ['authz-error-at-client', 'authz-parameter-empty'],
    },
  },
  {
    because: 'A server that skips consent after prompt=login also does so when the list asks for both.',
    pairs: {
      'consent-asked:prompt-login': ['authz-prompt-list'],
    },
  },
  {
    because: "A consent that isn't bound to a user covers whatever another user has allowed.",
    pairs: {
      'consent-per-user': ['consent-not-widened'],
    },
  },
  {
    because: 'Codes of requests by POST are the ones that go wrong.',
    pairs: {
      'pkce-verifier-missing:post': ['authz-post'],
    },
  },
  {
    because: 'The denial of a request for an organization loses its state, like every response to one.',
    pairs: {
      'org-token:state': ['consent-deny'],
    },
  },
  {
    because: 'The server puts the client_id that it found in place of all that were sent.',
    pairs: {
      'authz-client-unknown:letter-case': ['authz-parameter-duplicate'],
      'authz-client-unknown:prefix': ['authz-parameter-duplicate'],
    },
  },
  {
    because: "A form of another site needs the session's cookie.",
    pairs: {
      'consent-csrf-cross-site:empty': ['robust-cookie-flags'],
      'consent-csrf-cross-site:other-session': ['robust-cookie-flags'],
    },
  },
  {
    because: 'No answer has the state of its request, so every check that looks at the state fails.',
    pairs: {
      'authz-state-echo:other': [
        'authz-story',
        'authz-redirect-query-retained',
        'authz-error-response',
        'authz-error-state',
        'authz-prompt-none-signed-out',
        'authz-post',
        'authz-parameter-unknown',
        'authz-response-mode',
        'consent-deny',
        'consent-per-client',
        'org-token',
        'robust-long-state',
      ],
    },
  },
];
