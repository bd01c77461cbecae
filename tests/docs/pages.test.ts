/** The generated pages are what their generators give now, and say of each requirement what `explain` says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { escaped } from '../../scripts/docs/markdown.js';
import { PAGES, pathOf } from '../../scripts/docs/pages.js';
import { requirementsPage } from '../../scripts/docs/requirements.js';
import { factsOf } from '../../scripts/facts.js';
import { catalogue, entries } from '../../suites/catalogue.js';

describe('the generated pages', () => {
  for (const page of PAGES) {
    it(`docs/${page.name} is what its generator gives now`, () => {
      const kept = readFileSync(pathOf(page), 'utf8');
      // No diff of thousands of lines: the remedy is one command.
      assert.ok(kept === page.give(), `docs/${page.name} is out of date: run npm run docs`);
    });
  }

  it('tell every chapter and every requirement under a heading of its own', () => {
    const headings = requirementsPage()
      .split('\n')
      .filter((line) => /^###? /.test(line));
    const expected = catalogue.flatMap(({ id, requirements }) => [
      `## ${id}`,
      ...requirements.map((each) => `### ${each.id}`),
    ]);
    assert.deepEqual(headings, expected);
    assert.ok(entries().length > 100);
  });

  it('tell of each requirement every fact that `explain` tells', () => {
    const page = requirementsPage();
    const missing = entries().flatMap((entry) =>
      factsOf(entry)
        .facts.filter(({ label, text }) => !page.includes(`- ${label}: ${escaped(text)}`))
        .map(({ label }) => `${entry.requirement.id}: ${label}`),
    );
    assert.deepEqual(missing, []);
  });

  it('show what looks like markup as text', () => {
    const [first, ...rest] = catalogue;
    assert.ok(first !== undefined);
    const page = requirementsPage([
      { ...first, story: 'A <script> of *stars*, _words_ and a_b_c.' },
      ...rest,
    ]);
    assert.ok(page.includes('A \\<script\\> of \\*stars\\*, \\_words\\_ and a_b_c.'));
  });
});
