/** The frame of every page of the tutorial. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Markup } from './markup.js';

export interface Frame {
  readonly title: string;
  /** The `main` element and the sidebar. */
  readonly content: Markup;
  /** The version of the state shown, for pages that update themselves; null for others. */
  readonly version: string | null;
  readonly here: '/' | '/callback' | '/token' | null;
}

/** @returns a page that doesn't update itself */
export const frameOf = (title: string, content: Markup, here: Frame['here']): Frame => ({
  title,
  content,
  version: null,
  here,
});

export const page = (context: Context, frame: Frame) => context.html(documentOf(frame));

const PAGES = [
  ['/', 'Lesson'],
  ['/callback', 'Callback'],
  ['/token', 'ID Token'],
  ['/#lessons', 'All lessons'],
] as const;

function documentOf({ title, content, version, here }: Frame): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body>
<a class="skip" href="#top">Skip to the content</a>
<header>
<p class="brand">polar-conformance <b>tutorial</b></p>
<nav aria-label="Pages"><ul>${PAGES.map(
    ([path, name]) =>
      html`<li><a href="${path}"${path === here ? html` aria-current="page"` : ''}>${name}</a></li>`,
  )}</ul></nav>
</header>
<div id="content"${version === null ? '' : html` data-events="/events" data-version="${version}"`}>
${content}
</div>
<footer>
<p>The server behind this page is a sandbox on your machine. You can’t break anything.</p>
<p id="lost" class="lost" hidden>The tutorial isn’t answering. Is it still running? Start it again, and this page will reconnect.</p>
<p id="said" class="spoken" role="status"></p>
</footer>
</body>
</html>
`;
}
