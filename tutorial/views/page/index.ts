/** The tutorial as a web page: shows the state, passes actions on, and is the redirect URI of the lessons. */
import { readFileSync } from 'node:fs';
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { streamSSE } from 'hono/streaming';
import type { Fetch } from '../../../fixtures/sandbox/listen.js';
import { NAMES } from '../../lessons/values.js';
import type { EnvCommands } from '../../shell/routes.js';
import type { Tutorial } from '../../tutorial.js';
import { act } from './actions.js';
import { callbackMain } from './callback.js';
import { frameOf, page } from './document.js';
import { changeGuard, headers, hostGuard, newToken } from './guard.js';
import { lessonMain } from './lesson.js';
import type { Markup } from './markup.js';
import { sidebar } from './sidebar.js';
import { STYLE } from './style.js';
import { tokenRoutes } from './token-routes.js';

const SCRIPT = readFileSync(new URL('./browser/page.js', import.meta.url), 'utf8');

/** How soon a browser tries to reconnect. */
const RETRY_MS = 1_000;

export interface PageOptions {
  /** The command line that runs the tutorial with these arguments. */
  readonly command?: (words: string) => string;
  /** The commands that load the values into the learner's shell. */
  readonly env?: EnvCommands;
}

const usual = (words: string): string => `npx polar-conformance tutorial ${words}`.trim();

const usualEnv: EnvCommands = {
  sh: `eval "$(${usual('env')})"`,
  powershell: `${usual('env --powershell')} | Out-String | Invoke-Expression`,
};

/** @returns the page, for `Tutorial.serve` */
export function createPage(tutorial: Tutorial, { command = usual, env = usualEnv }: PageOptions = {}): Fetch {
  const token = newToken();
  const since = Date.now();
  // Distinguishes processes, even if they count to the same number.
  const instance = newToken();
  let count = 0;
  const version = () => `${instance}-${count}`;
  tutorial.onEvent(() => {
    count += 1;
  });
  const app = new Hono();
  app.use(headers());
  app.use(hostGuard(() => new URL(tutorial.addresses.page).port));
  app.use(...changeGuard(token));
  app.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
  });

  app.get('/page.css', (context) => context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/page.js', (context) =>
    context.body(SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  );

  app.get('/', async (context) => {
    await tutorial.settled();
    const view = tutorial.view();
    const progress = tutorial.progress(view.lesson.id);
    const shown = { view, progress, values: tutorial.values, token, command, env, now: Date.now(), since };
    const title = `${view.lesson.title} (${view.number} of ${view.of})`;
    const content = html`${lessonMain(shown)}${sidebar(shown)}`;
    return page(context, { title, content, version: version(), here: '/' });
  });

  app.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      const tell = () => stream.writeSSE({ data: version(), retry: RETRY_MS });
      const stop = tutorial.onEvent(() => void tell());
      const ended = new Promise<void>((resolve) => stream.onAbort(resolve));
      await tell();
      await ended;
      stop();
    }),
  );

  app.post('/do/:action', async (context) => {
    const fields = await context.req.parseBody();
    const to = await act(tutorial, context.req.param('action'), fields);
    return to === null ? context.text('There is no such action.\n', 404) : context.redirect(to, 303);
  });

  app.post('/reveal', async (context) => {
    const { name: asked } = await context.req.parseBody();
    await tutorial.settled();
    const name = NAMES.find((one) => one === asked);
    const value = name === undefined ? undefined : tutorial.values[name];
    if (name === undefined || value === undefined) return context.text('There is no such value.\n', 404);
    return revealed(context, value, revealedMain(name, value));
  });

  const callback = (context: Context, shown: string | null) =>
    callbackMain({
      query: new URL(context.req.url).searchParams,
      values: tutorial.values,
      matchState: (state) => tutorial.matchState(state),
      address: tutorial.addresses.callback,
      token,
      revealed: shown,
    });
  app.get('/callback', async (context) => {
    await tutorial.settled();
    return page(context, frameOf('Callback', callback(context, null), '/callback'));
  });
  app.post('/callback', async (context) => {
    const { name } = await context.req.parseBody();
    if (typeof name !== 'string') return context.text('There is no such value.\n', 404);
    const value = context.req.query(name);
    if (value === undefined) return context.text('There is no such value.\n', 404);
    return revealed(context, value, callback(context, name));
  });

  tokenRoutes(app, tutorial, token);

  app.notFound((context) => context.text('Page not found. The tutorial is at /.\n', 404));
  app.onError((problem, context) => {
    if ('getResponse' in problem) {
      return context.text('This wasn’t sent by the page itself. Open the page and use its button.\n', 403);
    }
    return context.text(
      'Something went wrong. Open the page again; “Restart this lesson” will fix it.\n',
      500,
    );
  });
  return (request) => app.fetch(request);
}

/** Sends the bare value to the script, and a page to a browser with scripts off. */
function revealed(context: Context, value: string, main: Markup) {
  if (context.req.header('accept') === 'text/plain') return context.text(value);
  return page(context, frameOf('Revealed', main, null));
}

const revealedMain = (name: string, value: string): Markup => html`<main id="top" tabindex="-1">
<h1><code>${name}</code></h1>
<p><code class="value">${value}</code></p>
<p>It’s secret: it belongs in your client and nowhere else.</p>
<p><a href="/">Back to the lesson</a></p>
</main>`;
