/**
 * Waits until the user is signed in: a new authorization request with the browser's cookies no longer asks to sign in.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { inTime } from '../../fixtures/browser/page-step.js';
import type { StorageState } from '../../fixtures/browser/sessions.js';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { createEnvironment, type Provisioned } from '../../fixtures/environment.js';
import { CannotJudge } from '../../fixtures/errors.js';
import type { AuthorizationOutcome, Client } from '../../fixtures/flow/types.js';
import type { Target, TargetSettings, UserName } from '../../fixtures/target/settings.js';
import { stripQuery } from '../../fixtures/urls.js';
import { loadSchema } from '../../suites/schemas/load.js';

/** The user at the window. */
export type SignInDriver = (page: Page) => Promise<void>;

export interface SaveSessionOptions {
  readonly target: Target;
  readonly who: UserName;
  readonly provisioned: Provisioned;
  /** Where the user signs in. */
  readonly window: Browser;
  /** Where the session is tested. */
  readonly headlessBrowser: Browser;
  /** `suite`: we sign in ourselves; null: a user we don't know. */
  readonly driver: SignInDriver | 'suite' | null;
  readonly limitMs: number;
  readonly screenshots: string;
}

const POLL_INTERVAL_MS = 400;

/**
 * @returns the session, tested in a browser context of its own
 * @throws CannotJudge that says why there is none
 */
export async function saveSession(keeping: SaveSessionOptions): Promise<StorageState> {
  const { target, who, provisioned, window, screenshots, driver } = keeping;
  const { settings } = target;
  const environment = createEnvironment({
    target: { ...target, settings: removeCredentials(settings, who) },
    browser: window,
    noBrowserReason: '',
    provisioned,
    screenshotFolder: screenshots,
    schemas: loadSchema,
  });
  const { context, close } = environment.startCheck();
  try {
    const client = await context.flow.client();
    const visit = await context.users.newPage('nobody');
    const shown = await visit.openAuthorization({ client }).catch(throwCannotJudge);
    if (shown.kind === 'redirected') {
      throw new CannotJudge('The server answered at once without asking anyone to sign in.');
    }
    if (driver === 'suite') {
      await signInByPassword(visit, keeping);
    } else if (driver !== null) {
      await driver(visit.page);
    }
    return await waitForSession(visit, client, keeping);
  } finally {
    await close();
    await environment.close();
  }
}

async function signInByPassword(visit: BrowserPage, { target, who }: SaveSessionOptions): Promise<void> {
  const { username = '', password = '' } = target.settings.users?.[who] ?? {};
  await visit.signIn({ username, password }).catch(throwCannotJudge);
}

/** A page that doesn't load or can't be used isn't our fault. */
function throwCannotJudge(error: unknown): never {
  throw new CannotJudge(error instanceof Error ? error.message : String(error));
}

async function waitForSession(
  visit: BrowserPage,
  client: Client,
  keeping: SaveSessionOptions,
): Promise<StorageState> {
  const until = performance.now() + keeping.limitMs;
  let tried = '';
  let before = '';
  while (performance.now() < until) {
    if (visit.page.isClosed() || !keeping.window.isConnected()) {
      throw new CannotJudge('The window was closed before anyone had signed in. No session was saved.');
    }
    const state = await inTime(visit.context.storageState()).catch(() => null);
    const seen = await visit.snapshot().catch(() => null);
    if (state === null || seen === null) {
      await wait(POLL_INTERVAL_MS);
      continue;
    }
    const landed = isAtRedirectUri(visit.page.url(), client);
    const now = JSON.stringify([visit.page.url(), seen.kind, state]);
    // A test makes the server show a page, which may invalidate the one in the window. So we never test while the user
    // fills in a login page, only when something has changed and settled.
    const ripe = (landed || seen.kind !== 'login') && now === before && now !== tried;
    before = now;
    if (ripe) {
      tried = now;
      const standing = await trySession(state, client, keeping);
      if (standing === 'there' || (standing === 'unclear' && landed)) return state;
      if (landed) throw new CannotJudge(SESSION_NOT_ACCEPTED);
    }
    await wait(POLL_INTERVAL_MS);
  }
  const seconds = Math.round(keeping.limitMs / 1000);
  throw new CannotJudge(
    `Nobody signed in within ${seconds} s. The page at ${stripQuery(visit.page.url())} is still showing.`,
  );
}

const SESSION_NOT_ACCEPTED =
  "The server asks for a new sign-in in spite of the cookies it set, so its sessions can't be saved.";

function isAtRedirectUri(url: string, { redirect_uris }: Client): boolean {
  return redirect_uris.some((uri) => stripQuery(url) === stripQuery(new URL(uri).href));
}

type SessionState = 'there' | 'not-yet' | 'unclear';

/** Asks for authorization in a new browser context that has only the session. */
async function trySession(
  state: StorageState,
  client: Client,
  keeping: SaveSessionOptions,
): Promise<SessionState> {
  const { target, who, provisioned, headlessBrowser } = keeping;
  const environment = createEnvironment({
    target: { ...target, settings: removeCredentials(target.settings, who) },
    browser: headlessBrowser,
    noBrowserReason: '',
    provisioned: { ...provisioned, sessions: { [who]: state } },
    schemas: loadSchema,
  });
  const { context, close } = environment.startCheck();
  try {
    return readSessionState(await context.flow.authorize({ as: who, client, decide: 'stop' }));
  } catch {
    return 'unclear';
  } finally {
    await close();
    await environment.close();
  }
}

function readSessionState(answer: AuthorizationOutcome): SessionState {
  if (answer.kind === 'redirected') {
    return answer.query.get('error') === 'login_required' ? 'not-yet' : 'there';
  }
  switch (answer.page.kind) {
    case 'login':
      return 'not-yet';
    case 'consent':
    case 'organization':
      return 'there';
    default:
      return 'unclear';
  }
}

/** Our own credentials don't matter here. */
function removeCredentials(settings: TargetSettings, who: UserName): TargetSettings {
  const { username: _name, password: _secret, ...user } = settings.users?.[who] ?? {};
  return { ...settings, users: { ...settings.users, [who]: user } };
}
