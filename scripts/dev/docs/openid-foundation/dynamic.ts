/** The plan of the Dynamic OP profile: discovery and registration, with clients that sign. */
import type { ConformancePlan, Module } from './module.js';
import { describeDiscovery, HAPPY_FLOW, REFRESH, REQUEST_OBJECT_PROCESSED, UNSIGNED } from './shared.js';

const NO_SIGNING_CLIENTS =
  'private_key_jwt is optional (Core §9), and Polar authenticates clients by secret or not at all.';
const NO_PAIRWISE =
  "Pairwise subjects are optional (Core §8.1), and Polar's subjects are public; the module skips such servers.";
const NOTHING_TO_FETCH =
  'There is no request object that a server could fetch, so we judge only the refusal or the failed fetch.';

const onPage = (what: string, member: string): Module => ({
  name: `oidcc-registration-${member.replace('_', '-')}`,
  tries: `${what} that was registered is shown to the user.`,
  ids: ['consent-logo-terms-policy'],
  gap: 'Judged in profile polar only: OpenID Connect lets the server decide what its page shows. Theirs has a person review it.',
});

export const DYNAMIC: ConformancePlan = {
  title: 'Dynamic OP',
  plan: 'oidcc-dynamic-certification-test-plan',
  about: `Discovery and dynamic registration. Its clients authenticate by private_key_jwt, ours by secret: ${NO_SIGNING_CLIENTS}`,
  modules: [
    {
      name: 'oidcc-idtoken-rs256',
      tries: 'A client that registers RS256 gets an ID Token signed with it.',
      ids: ['discovery-signing-algs', 'idtoken-signature', 'idtoken-alg-default'],
      gap: 'Our clients register no algorithm, and RS256 is the default.',
    },
    UNSIGNED,
    {
      name: 'oidcc-userinfo-rs256',
      tries: 'A client that registers it gets userinfo as a signed JWT.',
      ids: [],
      gap: 'Signed userinfo is optional (Core §5.3.2), and Polar answers JSON.',
    },
    {
      name: 'oidcc-ensure-redirect-uri-in-authorization-request',
      tries: 'A request without redirect_uri from a client that has two ends on an error page.',
      ids: ['authz-redirect-missing'],
    },
    {
      name: 'oidcc-redirect-uri-query-OK',
      tries: "The response keeps the registered redirect URI's query.",
      ids: ['authz-redirect-query-retained'],
    },
    {
      name: 'oidcc-redirect-uri-query-mismatch',
      tries: 'A redirect URI whose query differs from the one registered is refused.',
      ids: ['authz-redirect-exact-query'],
    },
    {
      name: 'oidcc-redirect-uri-query-added',
      tries: 'A redirect URI with a query that was not registered is refused.',
      ids: ['authz-redirect-exact-query'],
    },
    {
      name: 'oidcc-redirect-uri-regfrag',
      tries: 'A redirect URI with a fragment is not registered.',
      ids: ['client-redirect-fragment'],
    },
    describeDiscovery(
      'This plan also demands the implicit grant, which a server of the code flow alone never passes; RFC 9700 §2.1.2 advises against it.',
    ),
    { ...HAPPY_FLOW, ids: ['client-register', 'client-register-echo', ...HAPPY_FLOW.ids] },
    onPage('A logo', 'logo_uri'),
    onPage('A link to the privacy policy', 'policy_uri'),
    onPage('A link to the terms of service', 'tos_uri'),
    {
      name: 'oidcc-registration-jwks-uri',
      tries: "A client's keys are taken from its jwks_uri.",
      ids: [],
      gap: NO_SIGNING_CLIENTS,
    },
    {
      name: 'oidcc-registration-sector-uri',
      tries: 'A sector identifier that lists the redirect URIs is accepted.',
      ids: [],
      gap: NO_PAIRWISE,
    },
    {
      name: 'oidcc-registration-sector-bad',
      tries: 'A sector identifier that does not list a redirect URI is refused.',
      ids: [],
      gap: NO_PAIRWISE,
    },
    {
      name: 'oidcc-server-rotate-keys',
      tries: "After the server's keys were rotated, the new one and the old one are published.",
      ids: [],
      gap: 'Nobody outside can make a server rotate its keys. The module asks its operator to do it by hand.',
    },
    {
      name: 'oidcc-refresh-token-rp-key-rotation',
      tries: 'A client refreshes after it has rotated its own keys.',
      ids: [],
      gap: NO_SIGNING_CLIENTS,
    },
    {
      name: 'oidcc-request-uri-unsigned',
      tries: 'An unsigned request object by reference is processed.',
      ids: ['authz-request-object'],
      gap: `${NOTHING_TO_FETCH} A server without request_uri passes with us.`,
    },
    {
      name: 'oidcc-request-uri-signed-rs256',
      tries: 'A signed request object by reference is processed.',
      ids: ['authz-request-object'],
      gap: `${NOTHING_TO_FETCH} A server without request_uri passes with us.`,
    },
    REQUEST_OBJECT_PROCESSED,
    REFRESH,
    {
      name: 'oidcc-ensure-client-assertion-with-iss-aud-succeeds',
      tries: 'A client assertion whose audience is the issuer is accepted.',
      ids: [],
      gap: NO_SIGNING_CLIENTS,
    },
  ],
};
