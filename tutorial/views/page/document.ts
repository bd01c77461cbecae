/** The frame of every page of the tutorial. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Markup } from './markup.js';

export interface Frame {
  readonly title: string;
  /** `main`, and what stands beside it. */
  readonly content: Markup;
  /** Which state is shown, where it is replaced when that changes; null where it is not. */
  readonly version: string | null;
  readonly here: '/' | '/callback' | '/token' | null;
}

/** @returns a page that stays as it is */
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
<p>The server behind this page is a sandbox on your machine: nothing real, nothing lost.</p>
<p id="lost" class="lost" hidden>The tutorial does not answer. Is it still running? Start it again; this page goes on by itself.</p>
<p id="said" class="spoken" role="status"></p>
</footer>
</body>
</html>
`;
}
