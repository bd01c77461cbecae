/** What the pages tell the browser, and through it other sites. */
import type { Page } from '@playwright/test';
import { runInPage } from '../../fixtures/browser/in-page.js';
import { type ObservedResponse, observeResponses } from '../../fixtures/browser/observed-responses.js';
import { linkLeadsTo } from '../../fixtures/browser/visible-content.js';
import { listSpellings } from '../../fixtures/evidence/secret-replacer.js';
import { describeOutcome } from '../../fixtures/expect/describe.js';
import type { Client } from '../../fixtures/flow/types.js';
import { stripQuery } from '../../fixtures/urls.js';
import { NotApplicable, NotTested } from '../../fixtures/verdict.js';
import { polarDocs, rfc } from '../clauses.js';
import { requirement } from '../requirement.js';
import { clientThatAsks, openConsent, randomMarker } from '../steps/consent.js';

export const referrer = requirement({
  id: 'consent-referrer',
  level: 'SHOULD',
  profile: 'oauth',
  clauses: [rfc(9700, '4.2.4'), rfc(9700, '4.2.2')],
  needs: ['user', 'registration', 'page'],
  byBrowser: true,
  statement: "Links and resources on the consent page don't leak the request in Referer.",
  how:
    'A client with homepage, logo, terms and policy on another site, which the suite answers in the ' +
    'browser, asks for consent. Follows every link of the page that leads there. Expects no Referer, or ' +
    "only the server's origin, in each request that arrives, including images. Not applicable if nothing " +
    'on the page leads there.',
  hint: 'Send Referrer-Policy: no-referrer (or strict-origin) with every page.',
  async check({ flow, users, target, expect, remark }) {
    const client = await flow.newClient();
    const { origin } = new URL(String(flow.registrationBody().client_uri));
    const visit = await users.newPage('first');
    const arrived: { readonly url: string; readonly referer: string }[] = [];
    visit.page.on('request', (request) => {
      if (URL.canParse(request.url()) && new URL(request.url()).origin === origin) {
        arrived.push({ url: request.url(), referer: request.headers().referer ?? '' });
      }
    });
    await openConsent({ users, target }, { client }, visit);
    const links = await findLinks(visit.page, origin);
    for (const [turn, link] of links.entries()) {
      if (turn > 0) await openConsent({ users, target }, { client }, visit);
      await visit.outcomeAfter((page) => runInPage(page, clickLink, { links: LINKS, index: link }));
    }
    if (arrived.length === 0) {
      throw new NotApplicable(
        'The consent page loads nothing from another site, and none of its links leads there.',
      );
    }
    for (const { url, referer } of arrived) {
      expect.that(
        referer === '' || isOriginOnly(referer),
        'The consent page sends its whole URL to another site in Referer.',
        {
          expected: 'no Referer, or the origin of the server',
          received: `Referer ${stripQuery(referer)}${referer.includes('?') ? '?…' : ''} at ${url}`,
        },
      );
    }
    const told = arrived.filter(({ referer }) => referer !== '').length;
    remark(`Of ${arrived.length} requests to the other site ${told} named the origin of the server.`);
  },
});

/** @returns the positions of the links that lead to the origin, at once or by way of a page of the server */
async function findLinks(page: Page, origin: string): Promise<readonly number[]> {
  const hrefs = await runInPage(page, listHrefs, LINKS);
  return hrefs.flatMap((target, index) =>
    linkLeadsTo({ href: target, target, text: '' }, origin) ? [index] : [],
  );
}

const LINKS = 'a[href]';

/** Runs in the page. */
function listHrefs(links: string): readonly string[] {
  return [...document.querySelectorAll(links)].map((link) =>
    link instanceof HTMLAnchorElement ? link.href : '',
  );
}

/** Runs in the page. */
function clickLink({ links, index }: { readonly links: string; readonly index: number }): void {
  const link = document.querySelectorAll(links)[index];
  // A tab of its own would be out of sight, and has the same Referer.
  link?.removeAttribute('target');
  if (link instanceof HTMLElement) link.click();
}

function isOriginOnly(referer: string): boolean {
  if (!URL.canParse(referer)) return false;
  const { pathname, search } = new URL(referer);
  return pathname === '/' && search === '';
}

/** A secret that is shorter may stand in a page by chance. */
const SHORTEST = 12;

export const noSecrets = requirement({
  id: 'consent-no-secrets',
  level: 'MUST',
  levelReason:
    "The documentation keeps the secret on the application's server. In a page, every browser extension " +
    'can read it.',
  profile: 'polar',
  clauses: [polarDocs('Create an OAuth2 client'), rfc(6749, '2.3.1')],
  needs: ['user', 'page', 'client'],
  byBrowser: true,
  statement: "Pages never contain the client's secret or registration token.",
  how:
    "A browser opens a client's login page, consent page and an error page (for an unregistered redirect " +
    'URI). Expects neither its client_secret nor its registration_access_token in anything that the server ' +
    'sends for them (documents, scripts, JSON, headers), plain, escaped or in base64. The client_id or the ' +
    "client's name is found there, so the search works.",
  hint: "Give the pages only the client's members that they show.",
  async check({ flow, users, target, expect, remark }) {
    const { options } = await clientThatAsks(flow);
    const { client } = options;
    const secrets = listSecrets(client);
    const heard: ObservedResponse[] = [];
    const signedOut = await users.newPage('nobody');
    const hears = new Set([target.issuer, flow.endpoint('authorization')].map((url) => new URL(url).origin));
    observeResponses(signedOut.page, hears, heard);
    const login = await signedOut.openAuthorization(options);
    const refused = await signedOut.openAuthorization({
      ...options,
      redirect_uri: `${client.redirect_uri}/${randomMarker()}`,
    });
    const visit = await users.newPage('first');
    observeResponses(visit.page, hears, heard);
    const { page } = await openConsent({ users, target }, options, visit);

    const shown = [login, refused].flatMap((answer) => (answer.kind === 'stayed' ? [answer.page] : []));
    const texts = await Promise.all(
      heard.map(async ({ url, text }) => ({ url, text: await text.catch(() => '') })),
    );
    const searched = [...texts, ...[...shown, page].map(({ url, html }) => ({ url, text: html }))];
    const name = client.registration?.string('client_name') ?? null;
    const knows = [client.client_id, ...(name === null ? [] : [name])].flatMap((text) => [
      ...listSpellings(text),
    ]);
    if (!searched.some(({ text }) => knows.some((one) => text.includes(one)))) {
      throw new NotTested('Neither the client_id nor the name of the client was found in the pages either.');
    }
    for (const { url, text } of searched) {
      for (const { member, ways } of secrets) {
        expect.that(
          !ways.some((way) => text.includes(way)),
          `What the server sends to the browser contains the ${member} of the client.`,
          {
            expected: `no ${member} in any page`,
            received: `it occurs in what ${stripQuery(url)} sends`,
          },
        );
      }
    }
    remark(`Searched: ${searched.length} texts; the error page was ${describeOutcome(refused)}.`);
  },
});

function listSecrets(
  client: Client,
): readonly { readonly member: string; readonly ways: readonly string[] }[] {
  const found = [
    { member: 'client_secret', value: client.client_secret },
    {
      member: 'registration_access_token',
      value: client.registration?.string('registration_access_token') ?? null,
    },
  ].flatMap(({ member, value }) =>
    value === null || value.length < SHORTEST ? [] : [{ member, ways: [...listSpellings(value)] }],
  );
  if (found.length === 0)
    throw new NotTested('The client has no secret that is long enough to be searched for.');
  return found;
}
