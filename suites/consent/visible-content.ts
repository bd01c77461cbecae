/** What a user sees of a page beside its controls, read once as plain data: lines, links and images. */
import type { Page } from '@playwright/test';
import { stretched } from '../../fixtures/time/deadline.js';

interface VisibleLink {
  /** The attribute as the page has it. */
  readonly href: string;
  /** Where it leads. */
  readonly target: string;
  readonly text: string;
}

export interface VisibleImage {
  readonly source: string;
  /** Its picture arrived; a background is taken to have. */
  readonly loaded: boolean;
  /** It takes room on the page, be it as a sign that the picture is missing. */
  readonly visible: boolean;
}

export interface VisibleContent {
  /** The visible text, line by line, white space collapsed. */
  readonly lines: readonly string[];
  readonly headings: readonly string[];
  readonly links: readonly VisibleLink[];
  readonly images: readonly VisibleImage[];
}

/** Pictures may arrive after the page itself; so long they are waited for. */
const IMAGES_MS = 2_000;

/** @returns the visible text, links and images of the page that is shown; open shadow trees included */
export async function readVisibleContent(page: Page): Promise<VisibleContent> {
  await page
    .waitForFunction(() => [...document.images].every(({ complete }) => complete), null, {
      timeout: stretched(IMAGES_MS),
    })
    .catch(() => undefined);
  const { text, ...seen } = await page.evaluate(readInPage);
  return { ...seen, lines: splitLines(text) };
}

/** @returns whether the text is on the page, whatever its letter case and white space */
export function showsText({ lines }: VisibleContent, text: string): boolean {
  return collapseSpaces(lines.join(' ')).includes(collapseSpaces(text));
}

/** @returns whether the link leads to the URL, at once or by way of a forwarding page of the server */
export function linkLeadsTo({ target }: VisibleLink, url: string): boolean {
  return [target, decodeText(target)].some(
    (one) => one === url || normalizeUrl(one) === normalizeUrl(url) || one.includes(url),
  );
}

function splitLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

function collapseSpaces(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}

function normalizeUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}

export function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Hostile text of this suite is an image from `x`, or a script or handler that sets `window.__pc`.
 * @returns what the page made of such text, or null
 */
export function findInjectedMarkup(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    if ('__pc' in window) return 'its script ran';
    for (const element of document.querySelectorAll('*')) {
      if (element.matches('img[src="x"]')) return 'an img element that the text describes';
      if (element.localName === 'script' && element.textContent?.trim() === 'window.__pc=1') {
        return 'a script element that the text describes';
      }
      const handler = [...element.attributes].find(
        ({ name, value }) => /^on/i.test(name) && value.includes('__pc'),
      );
      if (handler !== undefined) return `the attribute ${handler.name} of a ${element.localName} element`;
    }
    return null;
  });
}

/** Runs in the page, so it stands on nothing outside itself. */
function readInPage(): Omit<VisibleContent, 'lines'> & { readonly text: string } {
  const elements: Element[] = [];
  const textOf = (element: Element | null) =>
    // only the rendered text is what a user sees.
    element instanceof HTMLElement ? element.innerText.trim() : '';
  let text = textOf(document.body);
  const walk = (root: Document | ShadowRoot) => {
    for (const element of root.querySelectorAll('*')) {
      elements.push(element);
      if (element.shadowRoot === null) continue;
      for (const child of element.shadowRoot.children) {
        text += `\n${textOf(child)}`;
      }
      walk(element.shadowRoot);
    }
  };
  walk(document);
  const isShown = (element: Element) => {
    const box = element.getBoundingClientRect();
    return (
      getComputedStyle(element).visibility !== 'hidden' &&
      element.getClientRects().length > 0 &&
      box.width > 0
    );
  };
  const shown = elements.filter(isShown);
  const links = shown.flatMap((element) =>
    element instanceof HTMLAnchorElement && element.hasAttribute('href')
      ? [{ href: element.getAttribute('href') ?? '', target: element.href, text: textOf(element) }]
      : [],
  );
  const pictures = elements.flatMap((element) => {
    if (!(element instanceof HTMLImageElement)) return [];
    const loaded = element.complete && element.naturalWidth > 0;
    return [{ source: element.currentSrc || element.src, loaded, visible: isShown(element) }];
  });
  const backgrounds = shown.flatMap((element) => {
    const source = /url\("?([^")]+)"?\)/.exec(getComputedStyle(element).backgroundImage)?.[1];
    return source === undefined ? [] : [{ source, loaded: true, visible: true }];
  });
  return {
    text,
    links,
    images: [...pictures, ...backgrounds],
    headings: shown.filter((element) => /^H[1-6]$/.test(element.tagName)).map(textOf),
  };
}
