/**
 * Serves the values to the learner's shell: `eval "$(curl -sS http://localhost:PORT/env/KEY)"`. The address has a key
 * that is new at each start, so only someone who sees the tutorial's terminal or page can load them.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isLocalHost } from '../private/local-host.js';
import type { Tutorial } from '../tutorial.js';
import { formatMessage, formatScript, type ShellKind } from './variables.js';

const PREFIX = '/env/';
const POWERSHELL = '.ps1';

/** The command that loads the values, for each shell. */
export type EnvCommands = Readonly<Record<ShellKind, string>>;

/** @returns a new key, unguessable and short enough to type */
export const createEnvKey = (): string => randomBytes(12).toString('base64url');

/** @param page the address of the page, ending in a slash */
export function envCommands(page: string, key: string): EnvCommands {
  const address = `${page.replace(/\/$/, '')}${PREFIX}${key}`;
  return {
    sh: `eval "$(curl -sS ${address})"`,
    powershell: `Invoke-RestMethod ${address}${POWERSHELL} | Invoke-Expression`,
  };
}

/** @returns a function that answers requests under /env/, and returns null for all others */
export function envRoutes(
  tutorial: Pick<Tutorial, 'values' | 'settled' | 'addresses'>,
  key: string,
): (request: Request) => Promise<Response> | null {
  return (request) => {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(PREFIX)) return null;
    if (request.method !== 'GET' || !isLocalHost(request, tutorial.addresses.page)) {
      return Promise.resolve(text('This address is only for your own shell.\n', 403));
    }
    return answer(tutorial, key, pathname.slice(PREFIX.length));
  };
}

async function answer(
  tutorial: Pick<Tutorial, 'values' | 'settled'>,
  key: string,
  path: string,
): Promise<Response> {
  const shell: ShellKind = path.endsWith(POWERSHELL) ? 'powershell' : 'sh';
  const given = shell === 'powershell' ? path.slice(0, -POWERSHELL.length) : path;
  // Status 200 in either case: curl prints the text of other statuses too, but PowerShell does not.
  if (!isSame(given, key)) {
    const message =
      'Nothing was set: this command is from an earlier start of the tutorial. Copy the current one from its terminal or page.';
    return text(formatMessage(message, shell));
  }
  await tutorial.settled();
  return text(formatScript(tutorial.values, shell));
}

const text = (body: string, status = 200): Response =>
  new Response(body, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });

/** Compares hashes, which have equal lengths, in constant time. */
const isSame = (given: string, key: string): boolean => timingSafeEqual(hash(given), hash(key));

const hash = (value: string): Buffer => createHash('sha256').update(value).digest();
