/** `login`: a visible browser in which a user signs in by any means; the session is kept for later runs. */
import { dirname } from 'node:path';
import type { Browser, LaunchOptions } from '@playwright/test';
import { launchBrowser, openBrowser } from '../../fixtures/browser/find-browser.js';
import { buildLaunchOptions } from '../../fixtures/browser/launch-options.js';
import { loadPagesModule } from '../../fixtures/browser/pages-module.js';
import type { StorageState } from '../../fixtures/browser/sessions.js';
import { cleanUp, provision } from '../../fixtures/environment.js';
import { CannotJudge, UsageError } from '../../fixtures/errors.js';
import { assertWritable } from '../../fixtures/output/place.js';
import { writeAtomically } from '../../fixtures/output/write-file.js';
import { discover, loadTarget, requireUsable } from '../../fixtures/target/load.js';
import { savedSessionPath } from '../../fixtures/target/saved-sessions.js';
import type { Target, TargetSettings, UserName, UserSettings } from '../../fixtures/target/settings.js';
import { DEFAULT_OUT, DEFAULT_TARGET_FILE } from '../command-line/options.js';
import { type SignInDriver, saveSession } from '../login/save-session.js';
import { assertWritableFolder } from '../report/report-file.js';
import { Interrupted, Interrupts } from '../run/interruption.js';
import { usePrivateTemporaryFolder } from '../run/private-folder.js';
import type { Screen } from '../screen.js';

export interface LoginArguments {
  readonly target?: string | undefined;
  readonly user?: string | undefined;
  readonly browser?: string | undefined;
  /** No window: the suite signs in by username and password, or by the module that drives the pages. */
  readonly headless?: boolean | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
}

const DEFAULT_TIMEOUT_S = 600;
/** Where no user has to find a telephone. */
const HEADLESS_TIMEOUT_S = 30;

/**
 * @param user acts in place of somebody at the window; for tests
 * @returns the exit code
 */
export async function login(given: LoginArguments, screen: Screen, user?: SignInDriver): Promise<number> {
  const who = parseUser(given.user);
  if (given.target === undefined) {
    throw new UsageError(
      `Name the target to log in at: this folder has no ${DEFAULT_TARGET_FILE}. (The sandbox signs in by itself.)`,
    );
  }
  const loaded = loadTarget(given.target);
  const path = savedSessionPath(loaded, who);
  // Before somebody signs in for nothing.
  assertWritableFolder(dirname(path));
  assertWritable(path, 'The session file');
  const settings = removeSessions(loaded);
  if (typeof settings.pages === 'string') await loadPagesModule(settings.pages);
  const unattended = given.headless === true && user === undefined;
  if (unattended && settings.users?.[who]?.password === undefined) {
    throw new UsageError(
      `--headless signs in by username and password: add users.${who}.username and users.${who}.password to the target file, or drop --headless to use a window.`,
    );
  }
  const interrupts = new Interrupts();
  const temporary = usePrivateTemporaryFolder();
  try {
    const seconds = given.timeout ?? (unattended ? HEADLESS_TIMEOUT_S : DEFAULT_TIMEOUT_S);
    const state = await interrupts.race(
      signInAndSave(settings, who, {
        browserPath: given.browser,
        headless: given.headless === true,
        driver: unattended ? 'suite' : (user ?? null),
        limitMs: seconds * 1000,
        say: (line) => screen.print(`${line}\n`),
      }),
    );
    writeAtomically(path, `${JSON.stringify(state, null, 2)}\n`, 0o600);
    screen.print(`The session of the ${who} user is saved in ${path}. Later runs use it without a window.\n`);
    screen.print("It's as good as a password: only you can read the file, and you shouldn't commit it.\n");
    return 0;
  } catch (problem) {
    if (!(problem instanceof Interrupted)) throw problem;
    screen.problem('Interrupted: no session was saved.');
    return interrupts.signal === 'SIGTERM' ? 143 : 130;
  } finally {
    interrupts.release();
    temporary.remove();
  }
}

interface SignInOptions {
  readonly browserPath: string | undefined;
  readonly headless: boolean;
  readonly driver: SignInDriver | 'suite' | null;
  readonly limitMs: number;
  say(line: string): void;
}

async function signInAndSave(
  settings: TargetSettings,
  who: UserName,
  options: SignInOptions,
): Promise<StorageState> {
  const target = await discover(settings);
  requireUsable(target);
  const [window, unseen] = await openBrowsers(options, target);
  try {
    return await withClient(target, async (provisioned) => {
      if (!options.headless) {
        options.say(
          `Sign in at ${target.name} as the ${who} user in the window that opens, any way you like.`,
        );
        if (who === 'second') options.say('It must be a different user from the first one.');
        options.say(
          "You don't need to press anything here: the session is saved as soon as you're signed in.",
        );
      }
      return saveSession({
        target,
        who,
        provisioned,
        window,
        headlessBrowser: unseen,
        driver: options.driver,
        limitMs: options.limitMs,
        screenshots: DEFAULT_OUT,
      });
    });
  } finally {
    await Promise.all([window.close(), unseen.close()]);
  }
}

/**
 * The window, and a browser without one, where the session is tried as a later run will use it: the same browser if
 * nobody looks at it.
 */
async function openBrowsers(
  { browserPath, headless }: SignInOptions,
  target: Target,
): Promise<readonly [Browser, Browser]> {
  const adapt = async (launch: LaunchOptions) => ({
    ...(await buildLaunchOptions(launch, target)),
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const { browser: window, launch, reason } = await openBrowser(browserPath, adapt, !headless);
  if (window === null) throw new CannotJudge(reason);
  if (headless) return [window, window];
  try {
    return [window, await launchBrowser({ ...launch, headless: true })];
  } catch (error) {
    await window.close();
    throw error;
  }
}

/** Registers a client where none is configured, and deletes it in the end. */
async function withClient<Value>(
  target: Target,
  work: (provisioned: Awaited<ReturnType<typeof provision>>) => Promise<Value>,
): Promise<Value> {
  const provisioned = await provision(target, null);
  try {
    if (provisioned.clients.first !== undefined) return await work(provisioned);
    const why = provisioned.problems.find(({ who }) => who === 'first')?.message;
    throw new CannotJudge(why ?? 'There is no client to log in with: add clients.first to the target file.');
  } finally {
    await cleanUp(target, provisioned);
  }
}

/** A login starts signed out: an earlier session may be gone or old. */
function removeSessions(settings: TargetSettings): TargetSettings {
  const without = ({ storageState: _kept, ...user }: UserSettings = {}): UserSettings => user;
  const { first, second } = settings.users ?? {};
  return { ...settings, users: { first: without(first), second: without(second) } };
}

function parseUser(name = 'first'): UserName {
  if (name === 'first' || name === 'second') return name;
  throw new UsageError(`--user ${name} must be first or second.`);
}
