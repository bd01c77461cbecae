/** The generated pages of docs/, each with the function that makes it. */
import { fileURLToPath } from 'node:url';
import { openidFoundationPage } from './openid-foundation/page.js';
import { renderRequirementsPage } from './requirements.js';

export interface Page {
  /** Its name in docs/. */
  readonly name: string;
  /** Kept in git; the catalog is not, since `list` and `explain` print it. */
  readonly inRepository: boolean;
  render(): string;
}

export const PAGES: readonly Page[] = [
  { name: 'requirements.md', inRepository: false, render: () => renderRequirementsPage() },
  { name: 'openid-foundation.md', inRepository: true, render: () => openidFoundationPage() },
];

/** @returns where the page is in the repository */
export function findPagePath({ name }: Page): string {
  return fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
}
