/** What a client says of itself is text on the page of the server, and nothing else. */
import type { Page } from '@playwright/test';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import { readVisibleContent, showsText } from '../../fixtures/browser/visible-content.js';
import type { Exchange } from '../../fixtures/evidence/exchange.js';
import { clientFromResponse } from '../../fixtures/flow/clients.js';
import type { Client, ClientMetadata } from '../../fixtures/flow/types.js';
import type { Flow } from '../../fixtures/flow/verbs.js';
import { Blocked } from '../../fixtures/verdict.js';
import { rfc } from '../clauses.js';
import { type CheckContext, requirement } from '../requirement.js';
import { openConsent, randomMarker } from '../steps/consent.js';
import { findInjectedMarkup } from './injected-markup.js';

/** Breaks out of text, of a title, of a script, and of an attribute in either kind of quotes. */
const HOSTILE_NAME = `</title></script><img src=x onerror=window.__pc=1>"' onfocus=window.__pc=1 "`;
/** Breaks out of an attribute in either kind of quotes, with characters that some URL parsers let through. */
const QUOTED_PATH = `/"'><img src=x onerror=window.__pc=1>`;
/** Browsers take all of them for scripts: they leave out spaces in front and tabs, and ignore letter case. */
const HOSTILE_LINKS = [
  'javascript:window.__pc=1',
  ' JaVaScRiPt:window.__pc=1',
  'java\tscript:window.__pc=1',
] as const;
const LINKS = ['client_uri', 'tos_uri', 'policy_uri'] as const;

export const xssClient = requirement({
  id: 'consent-xss-client',
  level: 'MUST',
  profile: 'oauth',
  clauses: [rfc(6749, '10.14'), rfc(7591, '5')],
  needs: ['user', 'registration', 'page'],
  byBrowser: true,
  statement: 'Client metadata shows up as text, never as markup or as a link that runs.',
  how:
    `Registers a client with the name ${HOSTILE_NAME} and opens its consent page. Expects no element or ` +
    'attribute made from the name, and no script that ran; a refusal (4xx), or a stored name without the ' +
    'angle brackets, is fine too. Then clients with client_uri, tos_uri and policy_uri with the scheme ' +
    'javascript: plain, in mixed case after a space, and with a tab in it. Expects a refusal (4xx), or no ' +
    'link, source or action with that value.' +
    ' Also registers https links and a logo with quotation marks and markup after the host.',
  hint: 'Escape every registered value when you build the page, and accept only http and https URLs.',
  async check({ flow, users, target, expect, remark }) {
    const visit = await users.newPage('first');
    const client_name = `Kestrel notes ${randomMarker()}`;
    await openConsent({ users, target }, { client: await flow.newClient({ client_name }) }, visit);
    const showsNames = showsText(await readVisibleContent(visit.page), client_name);
    if (!showsNames) remark('The consent page does not show the name of a client.');

    const named = await registration(flow, { client_name: HOSTILE_NAME }, 'a name that is markup');
    if (named.refused) {
      remark(`The name that is markup was refused with ${named.exchange.status}.`);
    } else {
      await openConsent({ users, target }, { client: named.client }, visit);
      const made = await findInjectedMarkup(visit.page);
      expect.none(
        made,
        "A client's name became markup on the consent page.",
        'the registered characters as text',
      );
      const literally = showsText(await readVisibleContent(visit.page), HOSTILE_NAME);
      if (showsNames)
        remark(
          literally
            ? 'The name that is markup is shown literally.'
            : 'The name that is markup is shown in another form.',
        );
    }

    await judgeQuotedLinks({ flow, users, target, expect, remark }, visit);
    const clients = [];
    for (const link of HOSTILE_LINKS) clients.push(...(await clientsWithLinks(flow, link, remark)));
    for (const client of clients) {
      await openConsent({ users, target }, { client }, visit);
      const link = await hostileLink(visit.page);
      expect.none(
        link,
        'A registered javascript: URL became a link that runs on the consent page.',
        'no link with the scheme javascript',
      );
    }
  },
});

/** A link of the right scheme may still have markup behind its host. */
async function judgeQuotedLinks(
  {
    flow,
    users,
    target,
    expect,
    remark,
  }: Pick<CheckContext, 'flow' | 'users' | 'target' | 'expect' | 'remark'>,
  visit: BrowserPage,
): Promise<void> {
  for (const member of [...LINKS, 'logo_uri'] as const) {
    const value = `https://app.example.com${QUOTED_PATH}`;
    const made = await registration(flow, { [member]: value }, `markup in its ${member}`);
    if (made.refused) remark(`Markup in ${member} was refused with ${made.exchange.status}.`);
    else {
      await openConsent({ users, target }, { client: made.client }, visit);
      const markup = await findInjectedMarkup(visit.page);
      const message = `The ${member} of a client became markup of the consent page.`;
      expect.none(markup, message, 'the registered characters as an address');
    }
  }
}

type Registration =
  | { readonly refused: true; readonly exchange: Exchange }
  | { readonly refused: false; readonly exchange: Exchange; readonly client: Client };

async function registration(flow: Flow, changes: ClientMetadata, what: string): Promise<Registration> {
  const body = flow.registrationBody(changes);
  const exchange = await flow.register(body, `a client with ${what}`);
  if (exchange.status >= 400 && exchange.status < 500) return { refused: true, exchange };
  const client = clientFromResponse(exchange, body);
  if (client !== null) return { refused: false, exchange, client };
  throw new Blocked(
    'registration',
    `The registration of a client with ${what} was answered with ${exchange.status} and no client_id.`,
  );
}

/**
 * All members at once; where that is refused each alone, as one that is refused would hide the others.
 * @returns the clients that were accepted and keep a hostile link
 */
async function clientsWithLinks(
  flow: Flow,
  hostile: string,
  remark: (text: string) => void,
): Promise<readonly Client[]> {
  const all = Object.fromEntries(LINKS.map((member) => [member, hostile]));
  const together = await registration(flow, all, 'javascript: URLs');
  const alone = (member: string) =>
    registration(flow, { [member]: hostile }, `a javascript: URL as ${member}`);
  const made = together.refused ? await Promise.all(LINKS.map(alone)) : [together];
  const accepted = made.flatMap((one) => (one.refused ? [] : [one]));
  const kept = accepted.filter(({ exchange }) => exchange.response.body.includes('__pc'));
  const what = `the URL ${JSON.stringify(hostile)}`;
  if (accepted.length === 0) remark(`The registration refused ${what}.`);
  else if (kept.length === 0) remark(`The registration dropped ${what}.`);
  else remark(`The registration accepted ${what}, so the consent page was looked at.`);
  return kept.map(({ client }) => client);
}

/** @returns the attribute of the page that would run the hostile link, or null; what a page of its own accord runs is not meant */
function hostileLink(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (!/^(href|xlink:href|src|action|formaction|data)$/i.test(name) || !value.includes('__pc'))
          continue;
        if (!URL.canParse(value, document.baseURI)) continue;
        const { protocol } = new URL(value, document.baseURI);
        const executes = /^(javascript|vbscript|data):$/.test(protocol) && element.localName !== 'img';
        if (executes) return `${element.localName} with ${name}="${value}"`;
      }
    }
    return null;
  });
}
