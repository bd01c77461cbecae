/** Where a fault can be: one endpoint, one page, or everywhere. */

export interface Place {
  /**
   * @param path of the request
   * @param page what the server would show; '' for anything but a page
   */
  readonly matches: (path: string, page: string) => boolean;
  readonly isPage?: true;
  /** The requirement that meets the fault. It can't pass, unless the fault is none for it. */
  readonly own: string;
  /** Requirements that don't need this place: they pass all the same. */
  readonly rest: readonly string[];
}

const endpoint = (path: RegExp, own: string, ...rest: readonly string[]): Place => ({
  matches: (asked) => path.test(asked),
  own,
  rest,
});

export const PLACES: Readonly<Record<string, Place>> = {
  discovery: endpoint(/\/\.well-known\/(openid|oauth)/, 'discovery-document'),
  jwks: endpoint(/\/jwks/, 'discovery-jwks', 'client-register'),
  registration: endpoint(/\/register$/, 'client-register', 'discovery-jwks'),
  management: endpoint(/\/register\/./, 'client-management-refused', 'discovery-jwks'),
  authorization: endpoint(/\/authorize$/, 'authz-code-response', 'discovery-jwks'),
  token: endpoint(/\/token$/, 'token-exchange', 'discovery-jwks'),
  userinfo: endpoint(/\/userinfo/, 'userinfo-get', 'token-exchange'),
  introspection: endpoint(/\/introspect/, 'introspect-active', 'token-exchange'),
  revocation: endpoint(/\/revoke/, 'revoke-refresh-token', 'token-exchange'),
  api: endpoint(/\/v1\/(users|organizations)/, 'api-bearer', 'token-exchange'),
  'login page': {
    matches: (_, page) => /type="password"/.test(page),
    isPage: true,
    own: 'consent-deny',
    rest: ['discovery-jwks', 'client-register'],
  },
  'consent page': {
    matches: (_, page) => /\/oauth2\/decision/.test(page),
    isPage: true,
    own: 'consent-deny',
    rest: ['discovery-jwks', 'client-register'],
  },
  'settings page': {
    matches: (path, page) => page !== '' && path.startsWith('/settings/tokens'),
    isPage: true,
    own: 'pat-shown-once',
    rest: ['discovery-jwks', 'token-exchange'],
  },
};

/** Every request, for tests of a server that turns hostile in the middle. */
export const EVERYTHING: Place = {
  matches: () => true,
  own: 'discovery-document',
  rest: [],
};
