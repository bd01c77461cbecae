/** The generated pages of docs/, each with the function that gives it. */
import { fileURLToPath } from 'node:url';
import { openidFoundationPage } from './openid-foundation/page.js';
import { requirementsPage } from './requirements.js';

export interface Page {
  /** Its name in docs/. */
  readonly name: string;
  give(): string;
}

export const PAGES: readonly Page[] = [
  { name: 'requirements.md', give: () => requirementsPage() },
  { name: 'openid-foundation.md', give: () => openidFoundationPage() },
];

/** @returns where the page lies in the repository */
export function pathOf({ name }: Page): string {
  return fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));
}
