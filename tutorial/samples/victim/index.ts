/**
 * The victim's app in the lesson on attacks: a relying party as many are first written. It sends `state` but doesn't compare it
 * until the comparison is turned on. It uses neither nonce nor PKCE, which would help as well.
 */
import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { SandboxExchange } from '../../../fixtures/sandbox/exchange.js';
import type { Fetch } from '../../../fixtures/sandbox/listen.js';
import { VictimClient } from './client.js';
import { homePage, refusedPage, signedInPage } from './pages.js';

export interface VictimOptions {
  readonly issuer: string;
  /** Where it is mounted; doesn't end in a slash. */
  readonly address: string;
  /** Called with what came to the callback and to the switch. */
  readonly notice: (exchange: SandboxExchange) => void;
}

/** Response headers in which the callback tells the watcher what it did. */
export const COMPARES_HEADER = 'sample-compares-state';
export const STATE_HEADER = 'sample-state';

/** How the state of a callback relates to the sign-in that this browser started. */
export type StateFound = 'matched' | 'missing' | 'different';

interface Session {
  /** State of the sign-in in progress; null for none. */
  readonly state: string | null;
  readonly email: string | null;
}

const COOKIE = 'victim_session';
/** Above this, the oldest session is dropped. */
const MOST_SESSIONS = 100;

/** @returns the app, as a function to be mounted below `address` */
export function victimApp({ issuer, address, notice }: VictimOptions): Fetch {
  const base = new URL(address).pathname;
  const client = new VictimClient(issuer, `${address}/callback`);
  const sessions = new Map<string, Session>();
  let comparing = false;

  const sessionOf = (context: Context): Session =>
    sessions.get(getCookie(context, COOKIE) ?? '') ?? { state: null, email: null };

  /** A new session id each time, against session fixation. */
  const remember = (context: Context, session: Session): void => {
    sessions.delete(getCookie(context, COOKIE) ?? '');
    const [oldest] = sessions.keys();
    if (sessions.size >= MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest);
    const id = randomBytes(24).toString('base64url');
    sessions.set(id, session);
    setCookie(context, COOKIE, id, { httpOnly: true, sameSite: 'Lax', path: base });
  };

  const app = new Hono({ strict: false }).basePath(base);

  app.use('*', async (context, next) => {
    const watched = context.req.raw.clone();
    await next();
    const isWatched = /\/(callback|compare-state)$/.test(context.req.path);
    if (!isWatched) return;
    notice({
      request: watched,
      response: context.res.clone(),
      endpoint: null,
      rule: null,
      clause: null,
      reason: null,
      compared: null,
    });
  });

  app.get('/', (context) => homePage({ base, comparing, email: sessionOf(context).email }));

  app.get('/login', async (context) => {
    const state = randomBytes(16).toString('base64url');
    remember(context, { state, email: null });
    return context.redirect(await client.authorizationUrl(state), 302);
  });

  app.post('/compare-state', async (context) => {
    const form = new URLSearchParams(await context.req.text());
    comparing = form.get('compare') === 'yes';
    context.header(COMPARES_HEADER, comparing ? 'yes' : 'no');
    return context.redirect(`${base}/`, 303);
  });

  app.get('/callback', async (context) => {
    const code = context.req.query('code');
    const found = compare(sessionOf(context).state, context.req.query('state'));
    context.header(COMPARES_HEADER, comparing ? 'yes' : 'no');
    context.header(STATE_HEADER, found);
    const answer = (page: Response, members: Readonly<Record<string, string>>): Response =>
      wantsPage(context) ? context.newResponse(page.body, page) : context.json(members, statusOf(page));
    const refuse = (status: 400 | 403, error: string, error_description: string): Response =>
      answer(refusedPage(status, error_description), { error, error_description });
    if (comparing && found !== 'matched') {
      return refuse(
        403,
        'state_mismatch',
        'This browser didn’t start this sign-in: the state doesn’t match.',
      );
    }
    if (code === undefined) return refuse(400, 'invalid_request', 'The response has no code.');
    const signIn = await client.signIn(code);
    if (signIn.kind === 'refused') return refuse(400, signIn.error, signIn.description);
    const { email } = signIn;
    remember(context, { state: null, email });
    return answer(signedInPage(base, email), { signed_in_as: email });
  });

  app.onError((_problem, context) => context.text('The sandbox did not respond to the sample app.\n', 502));

  return (request) => app.fetch(request);
}

/** A missing state never matches, not even for a browser that started no sign-in. */
function compare(expected: string | null, sent: string | undefined): StateFound {
  if (sent === undefined || sent === '') return 'missing';
  return sent === expected ? 'matched' : 'different';
}

const wantsPage = (context: Context): boolean => (context.req.header('accept') ?? '').includes('text/html');

const statusOf = ({ status }: Response): 200 | 400 | 403 =>
  status === 403 ? 403 : status === 400 ? 400 : 200;
