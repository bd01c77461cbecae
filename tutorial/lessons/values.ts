/** The names of the values in the learner's requests. In commands they are shell variables, never the secret values. */

export const NAMES = [
  'ISSUER',
  'AUTHORIZATION_ENDPOINT',
  'TOKEN_ENDPOINT',
  'REGISTRATION_ENDPOINT',
  'USERINFO_ENDPOINT',
  'REVOCATION_ENDPOINT',
  'INTROSPECTION_ENDPOINT',
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
  'OPERATOR',
  'NOTES',
  'NOTES_METADATA',
  'SERVER_METADATA',
  'DEVICE_CALLBACK',
  'OTHER_API_TOKEN',
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

/** The values known at a moment. */
export type Values = Readonly<Partial<Record<Name, string>>>;

/** These never appear in a terminal or page unless the learner asks. */
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
  'OTHER_API_TOKEN',
]);

const PLACEHOLDER = /\{([A-Z_]+)\}/g;

const isName = (text: string): text is Name => NAMES.some((name) => name === text);

/** @returns the names of the placeholders `{NAME}` in a text, each once */
export function namesIn(text: string): readonly Name[] {
  const found = [...text.matchAll(PLACEHOLDER)].flatMap(([, name = '']) => (isName(name) ? [name] : []));
  return [...new Set(found)];
}

/** @returns the text with each placeholder `{NAME}` replaced by what `written` returns */
function replaceNames(text: string, written: (name: Name) => string): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => (isName(name) ? written(name) : whole));
}

/** @returns the text with the placeholders of known public values filled in; other placeholders become their names */
export function fillPublic(text: string, values: Values): string {
  return replaceNames(text, (name) => (SECRET_NAMES.has(name) ? name : (values[name] ?? name)));
}

/** @throws Error naming the first value that isn't known yet */
export function filled(text: string, values: Values): string {
  return replaceNames(text, (name) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${name} isn’t known yet.`);
    return value;
  });
}
