/** `login`: a visible browser in which a person signs in by any means; the session is kept for later runs. */
import { type Browser, chromium } from '@playwright/test';
import { findBrowser } from '../../fixtures/person/browser.js';
import { launchFor } from '../../fixtures/person/launch.js';
import { loadPages } from '../../fixtures/person/pages-module.js';
import type { StorageState } from '../../fixtures/person/sessions.js';
import { CannotJudge, UsageError } from '../../fixtures/problem.js';
import { sessionPath } from '../../fixtures/target/kept-sessions.js';
import { demandUsable, discover, loadTarget } from '../../fixtures/target/load.js';
import type { PersonName, PersonSettings, Target, TargetSettings } from '../../fixtures/target/settings.js';
import { leave, meet } from '../../fixtures/world.js';
import { DEFAULT_OUT, DEFAULT_TARGET_FILE } from '../command-line/options.js';
import { keepSession, type Person } from '../login/keep.js';
import { writeWhole } from '../report/files.js';
import { Interrupted, Interrupts } from '../run/interruption.js';
import { ownTemporaryFiles } from '../run/private-folder.js';
import type { Screen } from '../screen.js';

export interface LoginArguments {
  readonly target?: string | undefined;
  readonly person?: string | undefined;
  readonly browser?: string | undefined;
  /** No window: the suite signs in by username and password, or by the module that drives the pages. */
  readonly headless?: boolean | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
}

const DEFAULT_TIMEOUT_S = 600;
/** Where no person has to find a telephone. */
const HEADLESS_TIMEOUT_S = 30;

/**
 * @param person acts in place of somebody at the window; for tests
 * @returns the exit code
 */
export async function login(given: LoginArguments, screen: Screen, person?: Person): Promise<number> {
  const who = personOf(given.person);
  if (given.target === undefined) {
    throw new UsageError(
      `Name the target to log in at: this folder has no ${DEFAULT_TARGET_FILE}. (The sandbox signs in by itself.)`,
    );
  }
  const loaded = loadTarget(given.target);
  const path = sessionPath(loaded, who);
  const settings = withoutSessions(loaded);
  if (typeof settings.pages === 'string') await loadPages(settings.pages);
  const unattended = given.headless === true && person === undefined;
  if (unattended && settings.people?.[who]?.password === undefined) {
    throw new UsageError(
      `--headless signs in by username and password: add people.${who}.username and people.${who}.password to the target file, or leave it out for a window.`,
    );
  }
  const interrupts = new Interrupts();
  const temporary = ownTemporaryFiles();
  try {
    const seconds = given.timeout ?? (unattended ? HEADLESS_TIMEOUT_S : DEFAULT_TIMEOUT_S);
    const state = await interrupts.race(
      attend(settings, who, {
        browserPath: given.browser,
        headless: given.headless === true,
        person: unattended ? 'suite' : (person ?? null),
        limitMs: seconds * 1000,
        say: (line) => screen.print(`${line}\n`),
      }),
    );
    writeWhole(path, `${JSON.stringify(state, null, 2)}\n`, 0o600);
    screen.print(
      `The session of the ${who} person is kept in ${path}. Later runs use it without a window.\n`,
    );
    screen.print(
      'It is as good as a password: only you can read the file, and it belongs in no repository.\n',
    );
    return 0;
  } catch (problem) {
    if (!(problem instanceof Interrupted)) throw problem;
    screen.problem('Interrupted: no session was kept.');
    return interrupts.signal === 'SIGTERM' ? 143 : 130;
  } finally {
    interrupts.release();
    temporary.remove();
  }
}

interface Attendance {
  readonly browserPath: string | undefined;
  readonly headless: boolean;
  readonly person: Person | 'suite' | null;
  readonly limitMs: number;
  say(line: string): void;
}

async function attend(settings: TargetSettings, who: PersonName, options: Attendance): Promise<StorageState> {
  const target = await discover(settings);
  demandUsable(target);
  const [window, unseen] = await browsers(options, target);
  try {
    return await withClient(target, async (meeting) => {
      if (!options.headless) {
        options.say(`Sign in at ${target.name} as the ${who} person in the window that opens, by any means.`);
        if (who === 'second') options.say('It must be another user than the first person.');
        options.say('Nothing needs to be pressed here: the session is kept as soon as it is there.');
      }
      return keepSession({
        target,
        who,
        meeting,
        window,
        unseen,
        person: options.person,
        limitMs: options.limitMs,
        screenshots: DEFAULT_OUT,
      });
    });
  } finally {
    await Promise.all([window.close(), unseen.close()]);
  }
}

/** The window, and a browser without one in which the session is tried as a later run will use it. */
async function browsers(
  { browserPath, headless }: Attendance,
  target: Target,
): Promise<readonly [Browser, Browser]> {
  const found = await findBrowser(browserPath, !headless);
  if (found.launch === null) throw new CannotJudge(found.reason);
  const here = await launchFor(found.launch, target);
  const launch = { ...here, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  const window = await chromium.launch({ ...launch, headless });
  return [window, await chromium.launch({ ...launch, headless: true })];
}

/** Registers a client where none is configured, and deletes it in the end. */
async function withClient<Value>(
  target: Target,
  work: (meeting: Awaited<ReturnType<typeof meet>>) => Promise<Value>,
): Promise<Value> {
  const meeting = await meet(target, null);
  try {
    if (meeting.clients.first !== undefined) return await work(meeting);
    const why = meeting.problems.find(({ who }) => who === 'first')?.message;
    throw new CannotJudge(why ?? 'There is no client to log in with: add clients.first to the target file.');
  } finally {
    await leave(target, meeting);
  }
}

/** Whoever logs in starts as nobody: what was kept before may be gone or old. */
function withoutSessions(settings: TargetSettings): TargetSettings {
  const without = ({ storageState: _kept, ...person }: PersonSettings = {}): PersonSettings => person;
  const { first, second } = settings.people ?? {};
  return { ...settings, people: { first: without(first), second: without(second) } };
}

function personOf(name = 'first'): PersonName {
  if (name === 'first' || name === 'second') return name;
  throw new UsageError(`--person ${name} is not one of first, second.`);
}
