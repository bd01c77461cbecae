/** The map at the top of the HTML report: a square for each requirement, by chapter, that leads to it. */
import { html } from 'hono/html';
import { catalog } from '../../../suites/catalog.js';
import type { Status } from '../../../suites/result.js';
import type { Report, ReportedResult } from '../report.js';

export const MAP_STYLE = `
.map { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3rem .9rem; align-items: center; margin: 1.25rem 0; }
.map > span { font-size: .9rem; }
.map > div { display: flex; flex-wrap: wrap; gap: 3px; }
.square { display: grid; place-items: center; width: 24px; height: 24px; border: 1.5px solid currentColor; border-radius: 4px; font-size: .8rem; font-weight: 700; line-height: 1; text-decoration: none; }
.square.fail, .square.error { background: currentColor; }
.square.fail span, .square.error span { color: var(--page); }
@media (max-width: 30rem) { .map { grid-template-columns: 1fr; } .map > div { margin-bottom: .4rem; } }
@media print { .square { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
`;

/** Opens what a square leads to. */
export const MAP_SCRIPT = `
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener('hashchange', openTarget);
openTarget();
`;

/** A sign as well as a color. */
const SIGNS: Readonly<Record<Status, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  known: '~',
  blocked: '⊘',
  'not-tested': '?',
  'not-applicable': '–',
  error: 'E',
};

/** These can wait: a keyboard reaches them in the list below. */
const UNREMARKABLE: readonly Status[] = ['pass', 'not-applicable'];

export function renderMap({ results }: Report) {
  const chapters = [...new Set(results.map(({ chapter }) => chapter))];
  return html`<nav class="map" aria-label="Map of the catalog">${chapters.map((id) => {
    const title = catalog.find((chapter) => chapter.id === id)?.title ?? id;
    const squares = results.filter(({ chapter }) => chapter === id);
    return html`<span>${title}</span><div>${squares.map(renderSquare)}</div>`;
  })}</nav>`;
}

function renderSquare({ id, status }: ReportedResult) {
  const name = `${id}: ${status}`;
  return html`<a class="square ${status}" href="#${id}" title="${name}" aria-label="${name}"${UNREMARKABLE.includes(status) ? html` tabindex="-1"` : ''}><span aria-hidden="true">${SIGNS[status]}</span></a>`;
}
