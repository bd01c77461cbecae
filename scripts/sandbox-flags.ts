/** The flags of `sandbox`: read into the same configuration that a file has. */
import { UsageError } from '../fixtures/errors.js';
import type { ClientOptions, SandboxConfiguration, UserOptions } from '../fixtures/sandbox/index.js';

/** What was typed; lists are empty and texts undefined where nothing was. */
export interface SandboxFlags {
  readonly client: readonly string[];
  /** For each of these clients; logout is on where there is one. */
  readonly postLogoutRedirectUri: readonly string[];
  readonly user: readonly string[];
  readonly scope: readonly string[];
  readonly lifetime: readonly string[];
  readonly issuer: string | undefined;
  readonly allowHost: readonly string[];
  readonly clientAuthentication: string | undefined;
  readonly redirectUris: string | undefined;
  readonly introspection: string | undefined;
  readonly consent: string | undefined;
  readonly endSession: boolean;
  readonly authorizationServerMetadata: boolean;
  readonly agents: boolean;
}

/**
 * Lists of the flags come after those of the file; anything else takes the file's place.
 * @returns a configuration that the JSON Schema has still to be asked about
 * @throws UsageError
 */
export function mergeFlags(
  file: SandboxConfiguration,
  flags: SandboxFlags,
): Readonly<Record<string, unknown>> {
  const { issuer, clientAuthentication, redirectUris, introspection, consent } = flags;
  const afterLogout = flags.postLogoutRedirectUri;
  if (afterLogout.length > 0 && flags.client.length === 0)
    throw new UsageError(
      '--post-logout-redirect-uri belongs to the clients of --client: add one, or write post_logout_redirect_uris into the configuration file.',
    );
  const own = flags.client
    .map(parseClient)
    .map((client) =>
      afterLogout.length === 0 ? client : { ...client, post_logout_redirect_uris: afterLogout },
    );
  const clients = [...(file.clients ?? []), ...own];
  const hosts = [...(file.hosts ?? []), ...flags.allowHost];
  const scopes = [...(file.scopes ?? []), ...flags.scope];
  const lifetimes = { ...file.lifetimes, ...Object.fromEntries(flags.lifetime.map(parseLifetime)) };
  const users = [...(file.users ?? []), ...flags.user.map(parseUser)];
  const texts = { issuer, clientAuthentication, redirectUris, introspection, consent };
  return {
    ...file,
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)),
    ...(clients.length === 0 ? {} : { clients }),
    ...(users.length === 0 ? {} : { users }),
    ...(hosts.length === 0 ? {} : { hosts }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(Object.keys(lifetimes).length === 0 ? {} : { lifetimes }),
    ...(flags.endSession || afterLogout.length > 0 ? { endSession: true } : {}),
    ...(flags.authorizationServerMetadata ? { authorizationServerMetadata: true } : {}),
    ...(flags.agents ? { agents: true } : {}),
  };
}

/** `id:secret:redirect_uri`; several redirect URIs are separated by commas, and a public client has no secret. */
export function parseClient(text: string): ClientOptions {
  const [, client_id = '', client_secret = '', uris = ''] = /^([^:]*):([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  if (/^https?$/.test(client_secret) && uris.startsWith('//')) {
    throw new UsageError(
      `--client ${text} has no secret: write ${client_id}:secret:${client_secret}:${uris}, or ${client_id}::${client_secret}:${uris} for a public client.`,
    );
  }
  if (client_id === '') {
    throw new UsageError(
      `--client takes id:secret:redirect_uri, such as app:secret:http://localhost:3000/callback, not ${text}. A public client is app::redirect_uri.`,
    );
  }
  return {
    client_id,
    ...(client_secret === '' ? {} : { client_secret }),
    ...(uris === '' ? {} : { redirect_uris: uris.split(',') }),
  };
}

/** `username`, or `username:password`. */
export function parseUser(text: string): UserOptions {
  const colon = text.indexOf(':');
  const [username, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  if (username === '') throw new UsageError('--user takes a username, or username:password.');
  return { username, ...(password === '' ? {} : { password }) };
}

/** `accessToken=60`. */
function parseLifetime(text: string): readonly [string, number] {
  const [, name = '', seconds = ''] = /^(code|accessToken|refreshToken)=(\d+)$/.exec(text) ?? [];
  if (name === '') {
    throw new UsageError(
      `--lifetime takes code, accessToken or refreshToken with seconds, such as accessToken=60, not ${text}.`,
    );
  }
  return [name, Number(seconds)];
}

/** Members of a configuration, and the flags that set them. */
const FLAGS: Readonly<Record<string, string>> = {
  clients: '--client',
  users: '--user',
  scopes: '--scope',
  hosts: '--allow-host',
  lifetimes: '--lifetime',
  issuer: '--issuer',
  clientAuthentication: '--client-authentication',
  redirectUris: '--redirect-uris',
  introspection: '--introspection',
  consent: '--consent',
};

/** @returns a sentence about a member of the configuration as one about its flag */
export function nameFlag(sentence: string): string {
  const [, member = '', rest = ''] = /^(\w+)((?:\.\w+)*)/.exec(sentence) ?? [];
  const flag = FLAGS[member];
  if (flag === undefined) return `The configuration: ${sentence}`;
  // The number of a flag's value says nothing; the name of a lifetime does.
  const inside = rest.replace(/^\.\d+$/, '').replace(/^\.(?:\d+\.)?/, ' ');
  return `${flag}${inside}${sentence.slice(member.length + rest.length)}`;
}
