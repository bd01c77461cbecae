/**
 * Provides a browser for a fresh checkout: the one already there, else Playwright's own headless shell, else Debian's
 * package. Prints one line. Exits 0 with a browser and 3 with none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { findBrowser } from '../../../fixtures/browser/find-browser.js';
import { readOptions } from '../read-options.js';

readOptions({});

/** A stuck download must not block the setup: after this many milliseconds, the next way is tried. */
const DOWNLOAD_LIMIT_MS = 240_000;

interface InstallMethod {
  readonly name: string;
  /** @returns whether there was anything to try */
  run(): boolean;
}

const installMethods: readonly InstallMethod[] = [
  {
    name: "Playwright's own headless shell",
    run: () => {
      const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
      return tryCommand(process.execPath, [cli, 'install', 'chromium', '--only-shell']);
    },
  },
  { name: "Debian's chromium-headless-shell", run: () => installPackage('chromium-headless-shell') },
  { name: "Debian's chromium", run: () => installPackage('chromium') },
];

function tryCommand(command: string, args: readonly string[]): boolean {
  const { status } = spawnSync(command, args, {
    stdio: 'ignore',
    timeout: DOWNLOAD_LIMIT_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

function installPackage(name: string): boolean {
  if (!existsSync('/usr/bin/apt-get')) return false;
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = (...args: string[]) => {
    const [command = 'apt-get', ...rest] = [...prefix, 'apt-get', ...args];
    return tryCommand(command, rest);
  };
  return apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', name);
}

async function provideBrowser(): Promise<string | null> {
  if ((await findBrowser()).launch !== null) return 'A browser is already here.';
  for (const way of installMethods) {
    process.stdout.write(`No browser yet: trying ${way.name} …\n`);
    if (way.run() && (await findBrowser()).launch !== null) return `${way.name} is installed.`;
  }
  return null;
}

const outcome = await provideBrowser();
process.stdout.write(
  `${outcome ?? 'No browser could be installed. Install Chromium, or name one in POLAR_CONFORMANCE_BROWSER.'}\n`,
);
process.exitCode = outcome === null ? 3 : 0;
