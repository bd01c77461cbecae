/** The little Markdown that the generated pages need. */

/** Characters that would become markup or hide text as a tag does; not an underscore inside a word. */
const MARKUP = /[\\`*{}[\]<>#|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g;

/** @returns the text on one line, so that a page shows it as it is */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(MARKUP, '\\$&');
}

/** @returns a link, or the bare text if there is no address */
export function renderLink(text: string, url: string | null): string {
  return url === null ? escapeMarkdown(text) : `[${escapeMarkdown(text)}](${url})`;
}

/** @returns a table; the cells are already Markdown */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @returns the anchor of a heading with this text on its page, for headings of plain words */
export function headingAnchor(heading: string): string {
  return `#${heading.toLowerCase().replace(/\s+/g, '-')}`;
}
