/** Opens the page in the learner's browser, where there is one. The address is printed anyway, so failing is no harm. */
import { spawn } from 'node:child_process';

/** @returns whether somebody sits there who has a browser */
export function canOpenPage(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, isTerminal: boolean): boolean {
  if (!isTerminal || (env.CI !== undefined && env.CI !== '')) return false;
  const isDesktop = platform === 'win32' || platform === 'darwin';
  if (isDesktop) return env.SSH_CONNECTION === undefined;
  return [env.DISPLAY, env.WAYLAND_DISPLAY].some((display) => display !== undefined && display !== '');
}

/** @returns the command that opens an address on this system */
export function findOpenCommand(
  platform: NodeJS.Platform,
  url: string,
): readonly [string, readonly string[]] {
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', url]];
  return [platform === 'darwin' ? 'open' : 'xdg-open', [url]];
}

/** Starts the opener and does not wait for it. */
export function openPage(url: string, [command, args] = findOpenCommand(process.platform, url)): void {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  // There may be none.
  child.on('error', () => undefined);
  child.unref();
}
