/** The generated pages are what their generators give now, and say of each requirement what `explain` says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { escapeMarkdown } from '../../scripts/dev/docs/markdown.js';
import { findPagePath, PAGES } from '../../scripts/dev/docs/pages.js';
import { renderRequirementsPage } from '../../scripts/dev/docs/requirements.js';
import { describeRequirement } from '../../scripts/requirement-facts.js';
import { catalog, listEntries } from '../../suites/catalog.js';

describe('the generated pages', () => {
  for (const page of PAGES.filter(({ inRepository }) => inRepository)) {
    it(`docs/${page.name} is what its generator gives now`, () => {
      const kept = readFileSync(findPagePath(page), 'utf8');
      // No diff of thousands of lines: the remedy is one command.
      assert.ok(kept === page.render(), `docs/${page.name} is out of date: run npm run docs`);
    });
  }

  it('tell every chapter and every requirement under a heading of its own', () => {
    const headings = renderRequirementsPage()
      .split('\n')
      .filter((line) => /^###? /.test(line));
    const expected = catalog.flatMap(({ id, requirements }) => [
      `## ${id}`,
      ...requirements.map((each) => `### ${each.id}`),
    ]);
    assert.deepEqual(headings, expected);
    assert.ok(listEntries().length > 100);
  });

  it('tell of each requirement every fact that `explain` tells', () => {
    const page = renderRequirementsPage();
    const missing = listEntries().flatMap((entry) =>
      describeRequirement(entry)
        .facts.filter(({ label, text }) => !page.includes(`- ${label}: ${escapeMarkdown(text)}`))
        .map(({ label }) => `${entry.requirement.id}: ${label}`),
    );
    assert.deepEqual(missing, []);
  });

  it('show what looks like markup as text', () => {
    const [first, ...rest] = catalog;
    assert.ok(first !== undefined);
    const page = renderRequirementsPage([
      { ...first, scenario: 'A <script> of *stars*, _words_ and a_b_c.' },
      ...rest,
    ]);
    assert.ok(page.includes('A \\<script\\> of \\*stars\\*, \\_words\\_ and a_b_c.'));
  });
});
