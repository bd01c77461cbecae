/** Kinds of options that many commands have, and the defaults that other modules know too. */

export const DEFAULT_OUT = '.polar-conformance';
export const DEFAULT_TARGET_FILE = 'polar-conformance.json';

/** What `run` and `doctor` say of their target. */
export const TARGET_HELP = `A target file, a preset, the issuer's URL, or sandbox; by default ${DEFAULT_TARGET_FILE} if this folder has one, else the sandbox`;

export const PROFILE_HELP =
  'oauth, oidc or polar, by default what the target file or the metadata says; agents adds to any: oidc,agents';

export const repeatable = { type: 'string', array: true, nargs: 1, requiresArg: true } as const;
export const single = { type: 'string', requiresArg: true } as const;
export const flag = { type: 'boolean', default: false } as const;
export const color = {
  type: 'boolean',
  default: true,
  describe: 'Use colors; --no-color turns them off',
} as const;
