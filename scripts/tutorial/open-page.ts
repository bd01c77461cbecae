/** Opens the page in the learner's browser, if there is one. The URL is printed anyway, so failing does no harm. */
import { spawn } from 'node:child_process';

/** @returns whether a browser can be opened for the learner */
export function canOpenBrowser(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  isTerminal: boolean,
): boolean {
  if (!isTerminal || (env.CI !== undefined && env.CI !== '')) return false;
  const isDesktop = platform === 'win32' || platform === 'darwin';
  if (isDesktop) return env.SSH_CONNECTION === undefined;
  return [env.DISPLAY, env.WAYLAND_DISPLAY].some((display) => display !== undefined && display !== '');
}

/** @returns the command that opens a URL on this system */
export function openCommand(platform: NodeJS.Platform, url: string): readonly [string, readonly string[]] {
  if (platform === 'win32') return ['cmd', ['/c', 'start', '""', url]];
  return [platform === 'darwin' ? 'open' : 'xdg-open', [url]];
}

/** Opens the page and doesn't wait. */
export function openPage(url: string, [command, args] = openCommand(process.platform, url)): void {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  // The command may not exist.
  child.on('error', () => undefined);
  child.unref();
}
