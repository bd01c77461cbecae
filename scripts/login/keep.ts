/** Waits until a session is there: a new authorization request with its cookies no longer asks to sign in. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import type { Answer, Client } from '../../fixtures/flow/types.js';
import type { StorageState } from '../../fixtures/person/sessions.js';
import type { Visit } from '../../fixtures/person/types.js';
import { CannotJudge } from '../../fixtures/problem.js';
import type { PersonName, Target, TargetSettings } from '../../fixtures/target/settings.js';
import { createWorld, type Meeting } from '../../fixtures/world.js';
import { loadSchema } from '../../suites/schemas/load.js';

/** Somebody at the window. */
export type Person = (page: Page) => Promise<void>;

export interface Keeping {
  readonly target: Target;
  readonly who: PersonName;
  readonly meeting: Meeting;
  /** Where the person signs in. */
  readonly window: Browser;
  /** Where the session is tried. */
  readonly unseen: Browser;
  /** `suite`: we sign in ourselves; null: somebody whom we do not know. */
  readonly person: Person | 'suite' | null;
  readonly limitMs: number;
  readonly screenshots: string;
}

const LOOK_EVERY_MS = 400;

/** @returns the session, which was tried in another browser; CannotJudge says why there is none */
export async function keepSession(keeping: Keeping): Promise<StorageState> {
  const { target, who, meeting, window, screenshots, person } = keeping;
  const { settings } = target;
  const world = createWorld({
    target: { ...target, settings: withoutCredentials(settings, who) },
    browser: window,
    noBrowserReason: '',
    meeting,
    screenshots,
    schemas: loadSchema,
  });
  const { context, close } = world.scene();
  try {
    const client = await context.flow.client();
    const visit = await context.people.visit('nobody');
    const shown = await visit.open({ client }).catch(cannot);
    if (shown.kind === 'redirected') {
      throw new CannotJudge('Nobody is asked to sign in here: the server answered at once.');
    }
    if (person === 'suite') {
      await signInOurselves(visit, keeping);
    } else if (person !== null) {
      await person(visit.page);
    }
    return await untilThere(visit, client, keeping);
  } finally {
    await close();
    await world.close();
  }
}

async function signInOurselves(visit: Visit, { target, who }: Keeping): Promise<void> {
  const { username = '', password = '' } = target.settings.people?.[who] ?? {};
  await visit.signIn({ username, password }).catch(cannot);
}

/** A page that does not come, or cannot be used, is no fault of ours. */
function cannot(error: unknown): never {
  throw new CannotJudge(error instanceof Error ? error.message : String(error));
}

async function untilThere(visit: Visit, client: Client, keeping: Keeping): Promise<StorageState> {
  const until = performance.now() + keeping.limitMs;
  let tried = '';
  let before = '';
  while (performance.now() < until) {
    if (visit.page.isClosed() || !keeping.window.isConnected()) {
      throw new CannotJudge('The window was closed before a session was there; nothing was kept.');
    }
    const state = await visit.context.storageState().catch(() => null);
    const seen = await visit.look().catch(() => null);
    if (state === null || seen === null) {
      await wait(LOOK_EVERY_MS);
      continue;
    }
    const landed = isAt(visit.page.url(), client);
    const now = JSON.stringify([visit.page.url(), seen.kind, state]);
    // Trying makes the server show a page, which may make the one in the window void: so never while somebody
    // fills in a login page, only when something has changed, and has come to rest.
    const ripe = (landed || seen.kind !== 'login') && now === before && now !== tried;
    before = now;
    if (ripe) {
      tried = now;
      const standing = await tryOut(state, client, keeping);
      if (standing === 'there' || (standing === 'unclear' && landed)) return state;
      if (landed) throw new CannotJudge(NOT_KEPT);
    }
    await wait(LOOK_EVERY_MS);
  }
  const seconds = Math.round(keeping.limitMs / 1000);
  throw new CannotJudge(
    `No session was there within ${seconds} s: the page at ${withoutQuery(visit.page.url())} is still shown.`,
  );
}

const NOT_KEPT =
  'The server answered, but asks to sign in again with the cookies that it set: its sessions cannot be kept.';

function isAt(url: string, { redirect_uris }: Client): boolean {
  return redirect_uris.some((uri) => withoutQuery(url) === withoutQuery(new URL(uri).href));
}

type Standing = 'there' | 'not-yet' | 'unclear';

/** Asks for authorization in a fresh browser context that knows nothing but the session. */
async function tryOut(state: StorageState, client: Client, keeping: Keeping): Promise<Standing> {
  const { target, who, meeting, unseen } = keeping;
  const world = createWorld({
    target: { ...target, settings: withoutCredentials(target.settings, who) },
    browser: unseen,
    noBrowserReason: '',
    meeting: { ...meeting, sessions: { [who]: state } },
    schemas: loadSchema,
  });
  const { context, close } = world.scene();
  try {
    return standingOf(await context.flow.authorize({ as: who, client, decide: 'stop' }));
  } catch {
    return 'unclear';
  } finally {
    await close();
    await world.close();
  }
}

function standingOf(answer: Answer): Standing {
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

/** What we could sign in with ourselves plays no part. */
function withoutCredentials(settings: TargetSettings, who: PersonName): TargetSettings {
  const { username: _name, password: _secret, ...person } = settings.people?.[who] ?? {};
  return { ...settings, people: { ...settings.people, [who]: person } };
}

function withoutQuery(url: string): string {
  return url.split(/[?#]/)[0] ?? url;
}
