/** What the consent page tells the user about the application and its request. */

import {
  decodeText,
  linkLeadsTo,
  readVisibleContent,
  showsText,
  type VisibleContent,
  type VisibleImage,
} from '../../fixtures/browser/visible-content.js';
import type { Client } from '../../fixtures/flow/types.js';
import { NotTested } from '../../fixtures/verdict.js';
import { polarDocs } from '../clauses.js';
import { requirement } from '../requirement.js';
import { requireCode } from '../steps/codes.js';
import { openConsent, randomMarker } from '../steps/consent.js';
import { continueToRedirect } from '../steps/continue-to-redirect.js';

export const application = requirement({
  id: 'consent-application',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Create an OAuth2 client')],
  needs: ['user', 'registration', 'page'],
  byBrowser: true,
  statement: "The page shows the application's name and homepage.",
  how:
    'A client with its own name, and no logo, terms or policy, asks for consent. Expects the name as ' +
    "visible text, and the homepage URL or its host as visible text or as a visible link's target.",
  hint: 'Show client_name as text, and client_uri as a link or as text, on the consent page.',
  async check({ flow, users, target, expect, remark }) {
    const client_name = `Kestrel notes ${randomMarker()}`;
    const client = await flow.newClient({ client_name, logo_uri: null, tos_uri: null, policy_uri: null });
    const homepage = client.registration?.string('client_uri') ?? toText(flow.registrationBody().client_uri);
    const { visit } = await openConsent({ users, target }, { client });
    const sight = await readVisibleContent(visit.page);
    expect.that(
      showsText(sight, client_name),
      'The consent page does not show the name of the application.',
      { expected: `“${client_name}” as visible text`, received: summarizeLines(sight) },
    );
    // The address that the answer goes to may be shown as well, and is no homepage.
    const rest = { ...sight, lines: sight.lines.map((line) => line.replaceAll(client.redirect_uri, '')) };
    const { host } = new URL(homepage);
    const link = sight.links.some(
      ({ target }) => linkLeadsTo({ href: target, target, text: '' }, homepage) || readHost(target) === host,
    );
    if (link) return remark('The homepage is the target of a link.');
    expect.that(showsText(rest, host), 'The consent page does not show the homepage of the application.', {
      expected: `${homepage} or its host, as text or as the target of a link`,
      received: summarizeLines(sight),
    });
    remark('The homepage is shown as text.');
  },
});

export const logoTermsPolicy = requirement({
  id: 'consent-logo-terms-policy',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Create an OAuth2 client')],
  needs: ['user', 'registration', 'page'],
  byBrowser: true,
  statement: 'The page shows a registered logo, terms of service and privacy policy.',
  how:
    'A client with logo_uri (an image that the suite serves), tos_uri and policy_uri asks for consent, ' +
    'then one without them. On the first page, expects an image that loaded from the logo URL, or a copy ' +
    "that the second page doesn't have, and visible links to both documents. On the second, expects no " +
    "broken image and no empty link. Doesn't judge a member that the registration response leaves out.",
  hint: "Show logo_uri as an image, and tos_uri and policy_uri as links, each only if it's registered.",
  async check({ flow, users, target, expect, remark }) {
    const own = await flow.newClient(makeDocumentUrls(toText(flow.registrationBody().client_uri)));
    const logo = own.registration?.string('logo_uri') ?? null;
    const documents = DOCUMENTS.map(({ member, name }) => ({
      member,
      name,
      url: own.registration?.string(member) ?? null,
    }));
    const kept = [{ member: 'logo_uri', url: logo }, ...documents];
    const left = kept.filter(({ url }) => url === null).map(({ member }) => member);
    if (left.length === kept.length) {
      throw new NotTested('The registration response returns neither logo_uri nor tos_uri nor policy_uri.');
    }
    if (left.length > 0) remark(`Not judged, as the registration did not return it: ${left.join(', ')}.`);

    const { visit } = await openConsent({ users, target }, { client: own });
    const full = await readVisibleContent(visit.page);
    const refusals = (await visit.snapshot()).browserMessages ?? [];
    const plain = await flow.newClient({ logo_uri: null, tos_uri: null, policy_uri: null });
    await openConsent({ users, target }, { client: plain }, visit);
    const bare = await readVisibleContent(visit.page);

    if (logo !== null) {
      const how = findLogo(full, bare, logo);
      expect.that(how !== null, 'The consent page does not show the registered logo.', {
        expected: `an image from ${logo}, or a copy of it`,
        received: [
          full.images.map(summarizeImage).join(', ') || 'no image',
          // A policy of the page that forbids the picture is told in the browser's own words.
          ...refusals.filter((message) => /img-src|image|mixed content/i.test(message)),
        ].join('; '),
      });
      if (how !== null) remark(how);
    }
    for (const { name, url } of documents) {
      if (url === null) continue;
      expect.that(
        full.links.some((link) => linkLeadsTo(link, url)),
        `The consent page has no link to the registered ${name}.`,
        { expected: `a visible link to ${url}`, received: summarizeLinks(full) },
      );
    }
    const broken = bare.images.find(
      ({ source, loaded, visible }) =>
        visible && !loaded && !full.images.some((other) => other.source === source),
    );
    expect.that(broken === undefined, 'The consent page of a client without a logo has a broken image.', {
      expected: "no image in the logo's place, or one that loads",
      received: broken === undefined ? '' : summarizeImage(broken),
    });
    const nowhere = bare.links.find(({ href }) => NOWHERE.test(href.trim()));
    expect.that(
      nowhere === undefined,
      'The consent page of a client without terms and policy has an empty link.',
      {
        expected: 'no link where no document is registered',
        received: `a link “${nowhere?.text ?? ''}” to “${nowhere?.href ?? ''}”`,
      },
    );
  },
});

export const scopes = requirement({
  id: 'consent-scopes',
  level: 'MUST',
  profile: 'polar',
  clauses: [polarDocs('Start the authorization flow')],
  needs: ['user', 'registration', 'page'],
  byBrowser: true,
  statement: 'The page names the requested scopes in words, and no others.',
  how:
    'A client that declared openid and email requests both, gets no decision, and then requests only ' +
    "openid. Expects a line of visible text on the first page that the second doesn't have, in any " +
    "wording. After allowing on the second page, the token's scope leaves out email.",
  hint:
    'List every scope of the request on the consent page, and take the list from the request, not from the ' +
    'client.',
  async check({ flow, users, target, expect, remark }) {
    const client_name = `Kestrel notes ${randomMarker()}`;
    const client = await flow.newClient({ client_name, scope: 'openid email' });
    const wide = flow.widerScope(client);
    const scope = wide.split(' ').find((one) => one !== 'openid') ?? 'email';

    const { visit } = await openConsent({ users, target }, { client, scope: wide });
    const asked = await readVisibleContent(visit.page);
    await openConsent({ users, target }, { client, scope: flow.minimalScope }, visit);
    const narrow = await readVisibleContent(visit.page);
    const text = collectLines(narrow, client, client_name);
    const more = [...collectLines(asked, client, client_name)].filter((line) => !text.has(line));
    const shown = [...text].filter((line) => scopePattern(scope).test(line));
    expect.that(
      more.length > 0 || shown.length === 0,
      `The consent page names ${scope} though only openid was asked for.`,
      { expected: `no line for ${scope}`, received: `“${shown[0] ?? ''}”` },
    );
    expect.that(more.length > 0, `The consent page does not name the scope ${scope} that was asked for.`, {
      expected: `a line for ${scope}, which the page for openid alone does not have`,
      received: 'the same lines on both pages',
    });
    remark(`The request with ${scope} adds: ${more.map((line) => `“${line}”`).join(', ')}.`);

    const code = requireCode(
      await continueToRedirect(visit, await visit.allow()),
      'Allowing on the consent page',
    );
    const exchange = await flow.exchangeCode({ ...code, client });
    const granted = exchange.string('scope') ?? flow.minimalScope;
    expect.that(
      !granted.split(' ').includes(scope),
      `The token has the scope ${scope} that the page did not name.`,
      { expected: 'scope "openid"', received: `scope "${granted}"` },
    );
  },
});

const DOCUMENTS = [
  { member: 'tos_uri', name: 'terms of service' },
  { member: 'policy_uri', name: 'privacy policy' },
] as const;

/** Where the link of a document that is not registered would lead. */
const NOWHERE = /^(null|undefined|about:blank)?$/i;

/** Addresses of their own on the host of the homepage, so that each is found again. */
function makeDocumentUrls(homepage: string): Record<string, string> {
  const at = (path: string) => new URL(path, homepage).href;
  const id = randomMarker();
  return { logo_uri: at(`/logo-${id}.svg`), tos_uri: at(`/terms-${id}`), policy_uri: at(`/privacy-${id}`) };
}

/** @returns how the logo is shown, or null where it is not */
function findLogo(full: VisibleContent, bare: VisibleContent, logo: string): string | null {
  const shown = full.images.filter(({ visible, loaded }) => visible && loaded);
  const isLogo = ({ source }: VisibleImage) => source === logo || sameUrl(source, logo);
  if (shown.some(isLogo)) return 'The logo is loaded from its own address.';
  // A server that fetches the logo itself cannot reach a host that exists in our browser alone.
  const proxied = full.images.find((image) => !isLogo(image) && decodeText(image.source).includes(logo));
  if (proxied !== undefined) {
    return shown.includes(proxied)
      ? 'The logo is shown through a proxy of the server.'
      : 'The server shows the logo through a proxy, which cannot reach the host of this suite.';
  }
  const copy = shown.find(({ source }) => !bare.images.some((other) => other.source === source));
  return copy === undefined ? null : "The logo is shown as a copy of the server's.";
}

/** Lines that speak of the request: without what differs for other reasons. */
function collectLines(sight: VisibleContent, client: Client, name: string): ReadonlySet<string> {
  const headings = new Set(
    sight.headings.flatMap((heading) => heading.split('\n')).map((line) => line.trim()),
  );
  const cleaned = sight.lines
    .filter((line) => !headings.has(line))
    .map((line) =>
      line
        .replaceAll(name, '')
        .replaceAll(client.client_id, '')
        .replaceAll(/(?<!\S)[^\s@]*@\S*/g, '')
        .replaceAll(/\d+/g, '#')
        .trim(),
    );
  return new Set(cleaned.filter((line) => /\p{L}/u.test(line)));
}

function scopePattern(scope: string): RegExp {
  return scope === 'email' ? /e-?mail/i : new RegExp(scope, 'i');
}

function sameUrl(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}

function readHost(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : 'https://app.example.com/';
}

function summarizeLines({ lines }: VisibleContent): string {
  const text = lines.join(' / ');
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function summarizeLinks({ links }: VisibleContent): string {
  return (
    links
      .map(({ target }) => target)
      .slice(0, 8)
      .join(', ') || 'no link'
  );
}

function summarizeImage({ source, loaded }: VisibleImage): string {
  return `${source.slice(0, 80)}${loaded ? '' : ' (not loaded)'}`;
}
