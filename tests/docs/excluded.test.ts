/** docs/excluded.md is written by hand: what it calls a requirement has to be one. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { catalog, findEntry } from '../../suites/catalog.js';

const page = readFileSync(new URL('../../../docs/excluded.md', import.meta.url), 'utf8');
const chapters = new Set(catalog.map(({ id }) => id));

describe('docs/excluded.md', () => {
  it('names only requirements and chapters that exist', () => {
    const named = [...page.matchAll(/`([a-z]+(?:-[a-z0-9]+)*)`/g)].map(([, name = '']) => name);
    assert.ok(named.length > 20);
    assert.deepEqual(
      named.filter(
        (name) => chapters.has(name.split('-')[0] ?? '') && !chapters.has(name) && !findEntry(name),
      ),
      [],
    );
  });

  it('gives each row a clause and a reason', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
    assert.ok(rows.length > 30);
    for (const row of rows) {
      const cells = row.split('|').slice(1, -1);
      assert.equal(cells.length, 3, row);
      assert.ok(
        cells.every((cell) => cell.trim() !== ''),
        row,
      );
    }
  });
});
