/** Nobody presses a control of the server through a page of somebody else. */
import type { Frame } from '@playwright/test';
import { classifyPage } from '../../fixtures/browser/classify-page.js';
import { readPage } from '../../fixtures/browser/controls.js';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import type { PageKind, PageOutcome, PageSnapshot } from '../../fixtures/flow/types.js';
import { escapeHtml } from '../../fixtures/output/escape-html.js';
import { type PageLabels, readPageLabels } from '../../fixtures/target/settings.js';
import { fairNow } from '../../fixtures/time/deadline.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { oidcCore, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { clientThatAsks } from '../steps/consent.js';
import { isDecisionPage, signInIfAsked } from '../steps/continue-to-redirect.js';

type FramedPage = 'login' | 'consent';

const PAGES = [
  { as: 'nobody', wanted: 'login' },
  { as: 'first', wanted: 'consent' },
] as const;

export const clickjacking = requirement({
  id: 'consent-clickjacking',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(9700, '4.16'), oidcCore('3.1.2.3'), rfc(6749, '10.13')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: "Other sites can't frame the login and consent pages.",
  how:
    "Another site's page shows the authorization request in a frame: to a user without a session (login " +
    'page) and to a signed-in user (consent page). Expects no controls in the frame, by any means: CSP ' +
    "frame-ancestors, X-Frame-Options, a script, or a session cookie that isn't sent. The same URL shows " +
    'its controls outside a frame, and the browser does render another page of the same origin in a frame.',
  hint:
    "Send Content-Security-Policy: frame-ancestors 'none' (and X-Frame-Options: DENY) with every page that " +
    'has controls.',
  async check({ flow, users, target, expect, remark }) {
    const { options } = await clientThatAsks(flow);
    let looked = 0;
    for (const { as, wanted } of PAGES) {
      const visit = await users.newPage(as);
      const opened = await visit.openAuthorization(options);
      const answer = as === 'first' ? await signInIfAsked(visit, opened) : opened;
      if (answer.kind === 'redirected' || !isFramedPage(answer.page, wanted)) {
        remark(`There was no ${wanted} page to frame: the request ended at ${describeOutcome(answer)}.`);
        continue;
      }
      const framed = await openInFrame(visit, answer, wanted, readPageLabels(target.settings));
      looked++;
      const means = describeProtection(answer.page);
      const shown = framed === 'login' || framed === 'consent';
      expect.that(
        !shown,
        `Another site can show the ${framed} page of the server, with its controls, in a frame.`,
        {
          expected: 'no controls of the server in a frame of another site',
          received: `the ${framed} page in the frame; its response has ${means}`,
        },
      );
      if (!shown) remark(`The ${wanted} page has ${means}; in a frame it ${WITHOUT_CONTROLS[framed]}.`);
    }
    if (looked === 0)
      throw new NotApplicable('The server shows neither a login nor a consent page of its own.');
  },
});

function isFramedPage(page: PageSnapshot, wanted: FramedPage): boolean {
  return wanted === 'login' ? page.kind === 'login' : isDecisionPage(page);
}

/** So long a page that builds itself by script may take to show its controls in the frame. */
const BUILD_MS = 2_500;

type FrameOutcome = FramedPage | keyof typeof WITHOUT_CONTROLS;

const WITHOUT_CONTROLS = {
  refused: 'was refused by the browser',
  other: 'gave way to another page, as happens if a cookie is not sent',
  left: 'broke out',
} as const;

/**
 * Shows the URL in a frame of another site.
 * @returns what is rendered there: controls, or how it came that there are none
 */
async function openInFrame(
  visit: BrowserPage,
  { request: { url }, page }: PageOutcome,
  wanted: FramedPage,
  labels?: PageLabels,
): Promise<FrameOutcome> {
  const { protocol } = new URL(url);
  const { origin } = new URL(page.url);
  // With the scheme of the server, so that the browser does not take the frame for mixed content.
  const attacker = `${protocol}//attacker.example/`;
  const frameable = `${origin}/polar-conformance-frameable`;
  await visit.serveSite(frameable, '<!doctype html><title>Frameable</title><button>Frameable</button>');
  await visit.serveSite(
    attacker,
    `<!doctype html><title>Another site</title><iframe src="${escapeHtml(frameable)}"></iframe>` +
      `<iframe src="${escapeHtml(url)}" width="900" height="700"></iframe>`,
  );
  await visit.goto(attacker);
  const started = fairNow();
  for (;;) {
    if (!visit.page.url().startsWith(attacker)) return 'left';
    const [control, framed] = visit.page.mainFrame().childFrames();
    if (control === undefined || framed === undefined)
      throw new Error('The frames of the other site were not created.');
    const seen = await classifyFrame(framed, labels);
    const late = fairNow() - started > BUILD_MS;
    if (seen === 'login') return seen;
    if (wanted === 'consent' && (seen === 'consent' || seen === 'organization')) return wanted;
    if (seen !== 'building' || late) {
      if (!(await control.getByText('Frameable').first().isVisible())) {
        throw new NotTested(
          'This browser does not render a frame of the server at all, so nothing follows from an empty one.',
        );
      }
      return isFrameRefused(framed) ? 'refused' : 'other';
    }
    await visit.page.waitForTimeout(50);
  }
}

/** @returns what the frame shows now; `building` as long as it may still come */
async function classifyFrame(frame: Frame, labels?: PageLabels): Promise<PageKind | 'building'> {
  if (isFrameRefused(frame)) return 'error';
  const facts = await readPage(frame).catch(() => null);
  if (facts === null || !facts.isComplete || facts.url === 'about:blank') return 'building';
  const kind = classifyPage({ status: 200, text: facts.text, controls: facts.controls }, labels);
  return kind === 'unknown' && facts.mayChange ? 'building' : kind;
}

/** The browser shows a page of its own instead. */
function isFrameRefused(frame: Frame): boolean {
  return frame.url().startsWith('chrome-error:');
}

function describeProtection({ headers }: PageSnapshot): string {
  const ancestors = /frame-ancestors[^;,]*/i.exec(headers['content-security-policy'] ?? '')?.[0]?.trim();
  const options = headers['x-frame-options'];
  const found = [
    ...(ancestors === undefined ? [] : [`Content-Security-Policy ${ancestors}`]),
    ...(options === undefined ? [] : [`X-Frame-Options ${options}`]),
  ];
  return found.join(' and ') || 'neither frame-ancestors nor X-Frame-Options';
}
