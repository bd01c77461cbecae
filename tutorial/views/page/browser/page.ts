/** Runs in the learner's browser: updates the page with no reload. The page works without it, too. */

const content = document.querySelector<HTMLElement>('#content');
const said = document.querySelector<HTMLElement>('#said');
const lost = document.querySelector<HTMLElement>('#lost');
const IDLE_MS = 90_000;
const LANGUAGE = 'tutorial-language';

/** Announces text to screen readers, even if it is the same text again. */
function say(text: string): void {
  if (said === null) return;
  said.textContent = '';
  setTimeout(() => {
    said.textContent = text;
  }, 50);
}

const textOf = (selector: string): string => document.querySelector(selector)?.textContent?.trim() ?? '';

/** Replaces the content with a new rendering, and keeps focus and scroll position. */
function replace(text: string): void {
  const next = new DOMParser().parseFromString(text, 'text/html');
  const fresh = next.querySelector<HTMLElement>('#content');
  if (content === null || fresh === null) return;
  const before = noted();
  const active = document.activeElement;
  const focused = active instanceof HTMLElement && content.contains(active) ? active.id : null;
  const open = new Map([...content.querySelectorAll('details')].map((one) => [one.id, one.open]));
  content.replaceChildren(...fresh.childNodes);
  content.dataset.version = fresh.dataset.version ?? '';
  document.title = next.title;
  for (const details of content.querySelectorAll('details'))
    details.open = open.get(details.id) ?? details.open;
  prepare();
  const after = noted();
  if (focused !== null) focusOn(focused, before.lesson !== after.lesson);
  tell(before, after);
}

/** The parts whose changes are announced. */
function noted() {
  return {
    lesson: document.querySelector<HTMLElement>('#lesson')?.dataset.lesson ?? '',
    at: document.querySelector<HTMLElement>('#feedback')?.dataset.at ?? '',
    hints: document.querySelectorAll('.hints li').length,
    isDone: document.querySelector('#gained') !== null,
  };
}

type Noted = ReturnType<typeof noted>;

function tell(before: Noted, after: Noted): void {
  const words: string[] = [];
  if (before.lesson !== after.lesson) words.push(textOf('#lesson'));
  if (after.at !== '' && after.at !== before.at) {
    words.push(
      textOf('#feedback-title'),
      textOf('#feedback > p:not(.request)'),
      textOf('.compared dd:last-child'),
    );
    // Learners who work in a terminal next to the page see the feedback.
    if (!document.hasFocus()) document.querySelector('#feedback')?.scrollIntoView({ block: 'nearest' });
  }
  if (after.hints > before.hints) words.push(textOf('.hints li:last-child'));
  if (after.isDone && !before.isDone) words.push('Lesson done.');
  const sentence = words.filter((word) => word !== '').join('. ');
  if (sentence !== '') say(sentence);
}

/** Puts focus where it was, or on what replaced that element. */
function focusOn(id: string, isOther: boolean): void {
  const same = isOther || id === '' ? null : document.getElementById(id);
  const place = same ?? (isOther ? null : document.querySelector<HTMLElement>('#solution, #hint-request'));
  const target = place ?? document.querySelector<HTMLElement>('#lesson');
  target?.focus({ preventScroll: same !== null });
}

/** Shows what needs scripts, and selects the language chosen before. */
function prepare(): void {
  for (const button of document.querySelectorAll<HTMLElement>('.copy')) button.hidden = false;
  const language = remembered();
  for (const radio of document.querySelectorAll<HTMLInputElement>('.tabs > input')) {
    if (radio.value === language) radio.checked = true;
  }
  age();
}

function remembered(): string | null {
  try {
    return localStorage.getItem(LANGUAGE);
  } catch {
    return null;
  }
}

let isFetching = false;
let isStale = false;

/** Fetches one rendering at a time; changes in the meantime cause one more. */
async function refresh(): Promise<void> {
  isStale = true;
  if (isFetching) return;
  isFetching = true;
  try {
    while (isStale) {
      isStale = false;
      const response = await fetch('/', { headers: { accept: 'text/html' } });
      if (response.ok) replace(await response.text());
    }
  } catch {
    showLost(true);
  } finally {
    isFetching = false;
  }
}

function showLost(isLost: boolean): void {
  if (lost === null || lost.hidden === !isLost) return;
  lost.hidden = !isLost;
  if (isLost) say(lost.textContent ?? '');
}

let source: EventSource | null = null;

/** Listens only while the page is visible: browsers allow few connections per host. */
function listen(): void {
  const path = content?.dataset.events;
  if (path === undefined) return;
  if (document.hidden) {
    source?.close();
    source = null;
    return;
  }
  if (source !== null) return;
  source = new EventSource(path);
  source.addEventListener('message', ({ data }) => {
    showLost(false);
    if (data !== content?.dataset.version) void refresh();
  });
  source.addEventListener('error', () => showLost(true));
}

async function post(form: HTMLFormElement, submitter: HTMLElement | null, accept: string): Promise<Response> {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
  if (submitter instanceof HTMLButtonElement && submitter.name !== '')
    body.append(submitter.name, submitter.value);
  const response = await fetch(form.action, { method: 'POST', body, headers: { accept } });
  if (!response.ok) throw new Error(await response.text());
  return response;
}

async function act(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  try {
    replace(await (await post(form, submitter, 'text/html')).text());
  } catch (problem) {
    say(problem instanceof Error ? problem.message : 'Something went wrong.');
    location.reload();
  }
}

/** Fetches the value from the server when revealed, and removes it when hidden. */
async function reveal(form: HTMLFormElement): Promise<void> {
  const shown = form.querySelector('.value');
  const label = form.querySelector('button')?.firstChild ?? null;
  if (shown !== null) {
    shown.remove();
    if (label !== null) label.textContent = 'Reveal';
    return;
  }
  const value = document.createElement('code');
  value.className = 'value';
  value.textContent = await (await post(form, null, 'text/plain')).text();
  form.append(' ', value);
  if (label !== null) label.textContent = 'Hide';
}

async function copy(button: HTMLElement): Promise<void> {
  const form = button.closest('form');
  const near = button.previousElementSibling?.textContent ?? '';
  const text = form === null ? near : await (await post(form, null, 'text/plain')).text();
  await navigator.clipboard.writeText(text);
  say('Copied.');
  const label = button.firstChild;
  if (label === null) return;
  label.textContent = 'Copied';
  setTimeout(() => {
    label.textContent = 'Copy';
  }, 2000);
}

/** Keeps “12 s ago” true. */
function age(): void {
  const waiting = document.querySelector<HTMLElement>('.waiting');
  const idle = Date.now() - Number(waiting?.dataset.since);
  const time = waiting?.querySelector('time');
  const seconds = Math.max(0, Math.round(idle / 1000));
  if (time) time.textContent = seconds < 60 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`;
  const help = document.querySelector<HTMLDetailsElement>('#nothing');
  if (help !== null && idle >= IDLE_MS && help.dataset.opened === undefined) {
    help.dataset.opened = '';
    help.open = true;
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.dataset.live !== undefined) {
    event.preventDefault();
    void act(form, event.submitter);
  } else if (form.dataset.reveal !== undefined) {
    event.preventDefault();
    reveal(form).catch(() => form.submit());
  }
});

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>('.copy') : null;
  if (button !== null) copy(button).catch(() => say('Copying failed: reveal the value and select it.'));
});

document.addEventListener('change', (event) => {
  const radio = event.target;
  if (!(radio instanceof HTMLInputElement) || radio.closest('.tabs') === null) return;
  try {
    localStorage.setItem(LANGUAGE, radio.value);
  } catch {
    // Then the choice isn't remembered.
  }
});

document.addEventListener('visibilitychange', listen);
setInterval(age, 1000);
prepare();
listen();
