/** Clauses: short constructors, and the one table that turns them into links. */

export interface Clause {
  readonly spec: string;
  readonly section: string;
  readonly url?: string;
}

/** A section of an RFC; `rfc(6749, '4.1.2')`, `rfc(6749, 'A.5')`. */
export function rfc(number: number, section: string): Clause {
  const anchor = /^[A-Z]/.test(section) ? `appendix-${section}` : `section-${section}`;
  return {
    spec: `RFC ${number}`,
    section,
    url: `https://www.rfc-editor.org/rfc/rfc${number}.html#${anchor}`,
  };
}

/** The published documents name their anchors by title, so each section in use is listed here. */
const CORE_ANCHORS: Readonly<Record<string, string>> = {
  '2': 'IDToken',
  '3.1.1': 'CodeFlowSteps',
  '3.1.2.1': 'AuthRequest',
  '3.1.2.2': 'AuthRequestValidation',
  '3.1.2.3': 'Authenticates',
  '3.1.2.4': 'Consent',
  '3.1.2.5': 'AuthResponse',
  '3.1.2.6': 'AuthError',
  '3.1.3.1': 'TokenRequest',
  '3.1.3.2': 'TokenRequestValidation',
  '3.1.3.3': 'TokenResponse',
  '3.1.3.4': 'TokenErrorResponse',
  '3.1.3.6': 'CodeIDToken',
  '3.1.3.7': 'IDTokenValidation',
  '5.1': 'StandardClaims',
  '5.3': 'UserInfo',
  '5.3.1': 'UserInfoRequest',
  '5.3.2': 'UserInfoResponse',
  '5.3.3': 'UserInfoError',
  '5.4': 'ScopeClaims',
  '6.1': 'RequestObject',
  '6.2': 'RequestUriParameter',
  '9': 'ClientAuthentication',
  '10.1': 'Signing',
  '12.2': 'RefreshTokenResponse',
  '15.1': 'ServerMTI',
};

/** A section of OpenID Connect Core 1.0. */
export function oidcCore(section: string): Clause {
  const anchor = CORE_ANCHORS[section];
  const url = 'https://openid.net/specs/openid-connect-core-1_0.html';
  return { spec: 'OpenID Connect Core 1.0', section, url: anchor === undefined ? url : `${url}#${anchor}` };
}

const DISCOVERY_ANCHORS: Readonly<Record<string, string>> = {
  '3': 'ProviderMetadata',
  '4': 'ProviderConfig',
  '4.1': 'ProviderConfigurationRequest',
  '4.2': 'ProviderConfigurationResponse',
  '4.3': 'ProviderConfigurationValidation',
};

/** A section of OpenID Connect Discovery 1.0. */
export function oidcDiscovery(section: string): Clause {
  const anchor = DISCOVERY_ANCHORS[section];
  const url = 'https://openid.net/specs/openid-connect-discovery-1_0.html';
  return {
    spec: 'OpenID Connect Discovery 1.0',
    section,
    url: anchor === undefined ? url : `${url}#${anchor}`,
  };
}

const REGISTRATION_ANCHORS: Readonly<Record<string, string>> = {
  '2': 'ClientMetadata',
  '3.1': 'RegistrationRequest',
  '3.2': 'RegistrationResponse',
  '3.3': 'RegistrationError',
};

/** A section of OpenID Connect Dynamic Client Registration 1.0. */
export function oidcRegistration(section: string): Clause {
  const anchor = REGISTRATION_ANCHORS[section];
  const url = 'https://openid.net/specs/openid-connect-registration-1_0.html';
  return {
    spec: 'OpenID Connect Dynamic Client Registration 1.0',
    section,
    url: anchor === undefined ? url : `${url}#${anchor}`,
  };
}

/** A section of a draft, which obliges nobody: for rules of level SHOULD or MAY only. */
export function draft(spec: string, name: string, section: string): Clause {
  return { spec, section, url: `https://datatracker.ietf.org/doc/${name}/` };
}

/** A heading in Polar's documentation, which has no stable anchors. */
export function polarDocs(heading: string): Clause {
  return { spec: 'Polar docs', section: heading };
}

/** OAuth 2.0 Multiple Response Type Encoding Practices. */
export function responseTypes(section: string): Clause {
  return {
    spec: 'OAuth 2.0 Multiple Response Type Encoding Practices',
    section,
    url: 'https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html',
  };
}

/** A success criterion of WCAG 2.2. */
export function wcag(criterion: string): Clause {
  return { spec: 'WCAG 2.2', section: criterion, url: 'https://www.w3.org/TR/WCAG22/' };
}

/** A requirement of OWASP ASVS 4.0.3. */
export function asvs(section: string): Clause {
  return {
    spec: 'OWASP ASVS 4.0.3',
    section,
    url: 'https://owasp.org/www-project-application-security-verification-standard/',
  };
}

/** @returns the clause as people write it: RFC 6749 §4.1.2, or the heading in a document with no numbers */
export function formatClause({ spec, section }: Clause): string {
  return /^[A-Z]?[0-9.]+$/.test(section) ? `${spec} §${section}` : `${spec}, “${section}”`;
}
