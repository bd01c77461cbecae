/**
 * The report as one HTML file. It needs no network and no scripts, and works at any width, in light and dark, and on
 * paper.
 */

import { createHash } from 'node:crypto';
import { html as escapedHtml, raw } from 'hono/html';
import { SEQUENCE_CSS } from '../../../fixtures/diagram/svg.js';
import { findDecidingExchange } from '../../../fixtures/evidence/deciding-exchange.js';
import type { ExchangeRecord } from '../../../fixtures/evidence/exchange.js';
import { catalog } from '../../../suites/catalog.js';
import { type Clause, formatClause } from '../../../suites/clauses.js';
import { findHarm, HARM_SENTENCES } from '../../../suites/harm.js';
import { type Result, STATUSES, type Status } from '../../../suites/result.js';
import { describeGroup, type FailureGroup, groupFailures } from '../causes.js';
import { showControls } from '../harmless.js';
import { describeAcceptance, describeFound } from '../known.js';
import { describeNotClaimed } from '../not-claimed.js';
import type { Report, ReportedResult } from '../report.js';
import { formatHeadline } from '../terminal/summary.js';
import { MAP_SCRIPT, MAP_STYLE, renderMap } from './html-map.js';
import { SCRIPT as FILTER_SCRIPT, STYLE as PAGE_STYLE } from './html-parts.js';
import { renderSequence } from './html-sequence.js';

const STYLE = `${PAGE_STYLE}${MAP_STYLE}${SEQUENCE_CSS}`;
const SCRIPT = `${FILTER_SCRIPT}${MAP_SCRIPT}`;

/** Characters of a body: long for failures, short for the rest; the JSON report has everything. */
const FAILED_BODY_LIMIT = 8_000;
const OTHER_BODY_LIMIT = 1_500;

type Markup = ReturnType<typeof escapedHtml>;

/** Escapes the inserted values, and shows control characters and direction marks as their codes. */
function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  return escapedHtml(
    strings,
    ...values.map((value) => (typeof value === 'string' ? showControls(value) : value)),
  );
}

export function renderHtml(report: Report): string {
  return `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${raw(hashForCsp(STYLE))}'; script-src '${raw(hashForCsp(SCRIPT))}'; base-uri 'none'; form-action 'none'">
<title>${report.target.name}: ${formatHeadline(report)}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
${renderHead(report)}
${renderMap(report)}
${renderFirstSteps(report)}
${renderAbout(report)}
${renderFilters(report)}
${renderChapters(report)}
</main>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`}`;
}

function hashForCsp(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function renderHead(report: Report): Markup {
  const { counts, exit } = report;
  return html`<h1 class="${exit.code === 1 ? 'not-conforming' : report.verdict}">${formatHeadline(report)}</h1>
<ul class="counts">${STATUSES.filter((status) => counts[status] > 0).map((status) => html`<li><b class="${status}">${counts[status]}</b> ${status}</li>`)}</ul>
${[describeNotClaimed(report) ?? '', ...exit.reasons].filter(Boolean).map((sentence) => html`<p>${sentence}</p>`)}`;
}

/** What was judged, by what, and what the server doesn't claim. */
function renderAbout({ target, tool, run, startedAt, durationMs, notClaimed }: Report): Markup {
  const facts = [
    ['Server', `${target.name} (${target.issuer})`],
    ['Profile', target.profile],
    ['Catalog', `${tool.catalogVersion} (${tool.catalogHash}), ${tool.name} ${tool.version}`],
    ['Judged', `${startedAt}, ${(durationMs / 1000).toFixed(1)} s`],
    ['Browser', run.browser ?? 'none'],
    ...(run.defects.length === 0 ? [] : [['Deliberate defects', run.defects.join(', ')]]),
    ...(run.shard === null ? [] : [['Shard', run.shard]]),
  ];
  return html`<h2>About this run</h2>
<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${notClaimed.map(({ capability, requirements, reason }) => html`<p class="dim">Not claimed: ${capability}, which sets aside ${requirements}. ${reason}</p>`)}`;
}

/** What to do first: failures before warnings, what does most harm before the rest, and one cause once. */
function renderFirstSteps(report: Report): Markup {
  const groups = groupFailures(report);
  if (groups.length === 0) return html``;
  return html`<h2>What to do first</h2>
<ol>${groups.map(
    (group) =>
      html`<li>${renderFailureLink(group.first)} ${group.first.hint} <span class="dim">${HARM_SENTENCES[findHarm(group.first.id)]}</span>${renderOthers(group)}</li>`,
  )}</ol>`;
}

function renderFailureLink({ id, status, message }: ReportedResult): Markup {
  return html`<a href="#${id}"><code>${id}</code></a>: <span class="${status}">${message}</span>`;
}

function renderOthers(group: FailureGroup): Markup {
  if (group.others.length === 0) return html``;
  return html`<p>${describeGroup(group)}</p>
<ul>${group.others.map((result) => html`<li>${renderFailureLink(result)}</li>`)}</ul>`;
}

/** If something failed, a reader came for that. Only scripts hide the rest. */
function renderFilters({ counts }: Report): Markup {
  const chosen = raw(counts.fail + counts.warn > 0 ? ' selected' : '');
  return html`<form hidden aria-label="Filter">
<div><label for="status">Status</label><select id="status">
<option value="">all</option>
<option value="fail warn"${chosen}>failed</option>
${STATUSES.map((status) => html`<option value="${status}">only ${status}</option>`)}
</select></div>
<div><label for="words">Text</label><input id="words" type="search" autocomplete="off"></div>
<output id="told" aria-live="polite" class="dim"></output>
</form>`;
}

function renderChapters(report: Report): readonly Markup[] {
  const ids = [...new Set(report.results.map(({ chapter }) => chapter))];
  return ids.map((id) => {
    const title = catalog.find((chapter) => chapter.id === id)?.title ?? id;
    const results = report.results.filter(({ chapter }) => chapter === id);
    return html`<section data-chapter="${id}" aria-labelledby="chapter-${id}">
<h2 id="chapter-${id}">${title} <span class="dim">${summarizeChapter(results)}</span></h2>
${results.map((result) => renderRequirement(result))}
</section>`;
  });
}

function summarizeChapter(results: readonly Result[]): string {
  return STATUSES.map((status) => [status, results.filter((one) => one.status === status).length] as const)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}

const OPEN_STATUSES: readonly Status[] = ['fail', 'warn', 'error'];

function renderRequirement(result: ReportedResult): Markup {
  const { id, status, level, statement, message, reason, blockedBy, baselineStatus } = result;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Expected', result.expected],
    ['Received', result.received],
    ['Why', blockedBy === null ? reason : `blocked by ${blockedBy}: ${reason ?? ''}`],
    ['Found', baselineStatus === null ? null : `${baselineStatus}: ${describeFound(result)}`],
    ['Accepted', baselineStatus === null ? null : describeAcceptance(result)],
    ['Next', result.hint],
  ];
  return html`<details id="${id}" data-status="${status}"${raw(OPEN_STATUSES.includes(status) ? ' open' : '')}>
<summary><span class="status ${status}">${status}</span> <code>${id}</code> ${message ?? statement}</summary>
<div class="body">
<p>${statement} <span class="dim">${level}.</span> ${result.clauses.map((source, index) => html`${index === 0 ? '' : '; '}${renderClause(source)}`)}</p>
<dl>${facts.filter(([, value]) => value !== null).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}${result.repeatCommand === undefined ? '' : html`<dt>Again</dt><dd>${renderCommand(result.repeatCommand)}</dd>`}</dl>
${result.remarks.map((remark) => html`<p class="dim">${remark}</p>`)}
${OPEN_STATUSES.includes(status) ? renderSequence(result) : ''}
${renderEvidence(result)}
</div>
</details>`;
}

/** Lines break only between words: an option whose hyphens stay on the line above is misread. */
function renderCommand(text: string): Markup {
  return html`<code class="command">${text.split(' ').map((word, index) => html`${index === 0 ? '' : ' '}<span>${word}</span>`)}</code>`;
}

function renderClause(source: Clause): Markup {
  return source.url === undefined
    ? html`${formatClause(source)}`
    : html`<a href="${source.url}" rel="noreferrer">${formatClause(source)}</a>`;
}

/** If something failed, the deciding exchange is visible; the others are a click away. */
function renderEvidence(result: Result): Markup {
  const { evidence, status } = result;
  if (evidence.length === 0) return html``;
  const limit = OPEN_STATUSES.includes(status) ? FAILED_BODY_LIMIT : OTHER_BODY_LIMIT;
  const deciding = OPEN_STATUSES.includes(status)
    ? findDecidingExchange(result.evidence, result.received, result.decidedBy)
    : undefined;
  const shown = deciding === undefined ? '' : renderExchange(deciding, limit);
  if (deciding !== undefined && evidence.length === 1) return html`${shown}`;
  return html`${shown}<details><summary>${evidence.length === 1 ? 'One exchange' : `${evidence.length} exchanges`}</summary>
<div class="body">${evidence.map((exchange) => renderExchange(exchange, limit))}</div></details>`;
}

function renderExchange({ n, note, request, response, durationMs }: ExchangeRecord, limit: number): Markup {
  return html`<h3>${n}. ${note === '' ? request.method : note} <span class="dim">${durationMs} ms</span></h3>
<pre>${formatMessage(`${request.method} ${request.url}`, request.headers, request.body, limit)}</pre>
<pre>${formatMessage(response.status === 0 ? 'no answer' : `HTTP ${response.status}`, response.headers, response.body, limit)}</pre>`;
}

function formatMessage(
  start: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  limit: number,
): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const shown =
    body.length > limit
      ? `${body.slice(0, limit)}\n… ${body.length - limit} more characters in the JSON report`
      : body;
  return [start, ...fields, ...(body === '' ? [] : ['', shown])].join('\n');
}
