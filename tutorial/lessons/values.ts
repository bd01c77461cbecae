/** The names of what the learner's requests are made of: shell variables in commands, and never their values there. */

export const NAMES = [
  'ISSUER',
  'AUTHORIZATION_ENDPOINT',
  'TOKEN_ENDPOINT',
  'REGISTRATION_ENDPOINT',
  'USERINFO_ENDPOINT',
  'JWKS_URI',
  'API',
  'REDIRECT_URI',
  'CLIENT_ID',
  'CLIENT_SECRET',
  'PUBLIC_CLIENT_ID',
  'STATE',
  'NONCE',
  'CODE_VERIFIER',
  'CODE_CHALLENGE',
  'CODE',
  'ACCESS_TOKEN',
  'REFRESH_TOKEN',
  'OLD_REFRESH_TOKEN',
  'ID_TOKEN',
  'ORGANIZATION_ID',
  'OTHER_ORGANIZATION_ID',
  'ORGANIZATION_TOKEN',
  'PERSONAL_ACCESS_TOKEN',
  'ALTERED_TOKEN',
  'ATTACKER_URI',
  'VICTIM',
  'VICTIM_CALLBACK',
  'VICTIM_CLIENT_ID',
  'STOLEN_CODE',
  'STOLEN_CLIENT_ID',
  'APP',
  'APP_CALLBACK',
] as const;
export type Name = (typeof NAMES)[number];

/** What of it is known at a moment. */
export type Values = Readonly<Partial<Record<Name, string>>>;

/** These never reach a terminal or a page unasked. */
export const SECRET_NAMES: ReadonlySet<Name> = new Set<Name>([
  'CLIENT_SECRET',
  'CODE_VERIFIER',
  'CODE',
  'ACCESS_TOKEN',
  'REFRESH_TOKEN',
  'OLD_REFRESH_TOKEN',
  'ID_TOKEN',
  'ORGANIZATION_TOKEN',
  'PERSONAL_ACCESS_TOKEN',
  'ALTERED_TOKEN',
  'STOLEN_CODE',
]);

const PLACEHOLDER = /\{([A-Z_]+)\}/g;

const isName = (text: string): text is Name => NAMES.some((name) => name === text);

/** @returns the names of the placeholders `{NAME}` in a text, each once */
export function namesIn(text: string): readonly Name[] {
  const found = [...text.matchAll(PLACEHOLDER)].flatMap(([, name = '']) => (isName(name) ? [name] : []));
  return [...new Set(found)];
}

/** @returns the text with each placeholder `{NAME}` as `written` writes it */
export function replaceNames(text: string, written: (name: Name) => string): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => (isName(name) ? written(name) : whole));
}

/** @throws Error naming the first value that is not known yet */
export function filled(text: string, values: Values): string {
  return replaceNames(text, (name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${name} is not known yet.`);
    return value;
  });
}
