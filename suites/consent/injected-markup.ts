/** What a page made of hostile text. */
import type { Page } from '@playwright/test';

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
