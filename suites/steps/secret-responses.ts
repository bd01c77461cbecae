/** Responses by which a page gets a secret that it shows: the page itself, or what its scripts load. */
import type { CreatedEntry } from '../../fixtures/browser/settings-page.js';
import type { BrowserPage } from '../../fixtures/browser/types.js';
import type { Expect } from '../../fixtures/expect/types.js';
import { NotTested } from '../../fixtures/verdict.js';

interface SeenResponse {
  readonly url: string;
  readonly cacheControl: string | null;
  readonly body: string;
}

/** @returns a function that waits for all responses since now */
export function watchResponses({ page }: BrowserPage): () => Promise<readonly SeenResponse[]> {
  const seen: Promise<SeenResponse | null>[] = [];
  page.on('response', (response) => {
    const cacheControl = response.headers()['cache-control'] ?? null;
    const read = response.text().then((body) => ({ url: response.url(), cacheControl, body }));
    seen.push(read.catch(() => null));
  });
  return async () => (await Promise.all(seen)).filter((one) => one !== null);
}

/**
 * Every response that has the secret forbids caches to keep it (RFC 6749 section 5.1).
 * @param made the page that shows it
 * @param what the secret, for a sentence: 'a client secret'
 */
export function expectSecretNotStored(
  expect: Expect,
  responses: readonly SeenResponse[],
  made: CreatedEntry,
  secret: string,
  what: string,
): void {
  const seen = responses.filter(({ body }) => body.includes(secret));
  const bearing = seen.length > 0 ? seen : readFormAnswer(made, secret);
  if (bearing.length === 0)
    throw new NotTested(`No response that has ${what} was seen, so none could be judged.`);
  for (const { url, cacheControl } of bearing) {
    const directives = (cacheControl ?? '').split(',').map((directive) => directive.trim().toLowerCase());
    expect.that(directives.includes('no-store'), `A page that shows ${what} may be kept by caches.`, {
      expected: 'Cache-Control: no-store',
      received: `${cacheControl ?? 'no Cache-Control'} at ${new URL(url).pathname}`,
    });
  }
}

/** A form was sent and answered by a page: the browser may no longer have its body, but its headers are known. */
function readFormAnswer({ page, submitted }: CreatedEntry, secret: string): readonly SeenResponse[] {
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(
    submitted?.contentType ?? '',
  );
  if (!isForm || !page.html.includes(secret)) return [];
  return [{ url: page.url, cacheControl: page.headers['cache-control'] ?? null, body: page.html }];
}
