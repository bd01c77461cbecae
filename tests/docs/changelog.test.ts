/** The changelog opens with the catalog as it is: its version and how many requirements it has. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { CATALOG_VERSION, listEntries } from '../../suites/catalog.js';

it("CHANGELOG.md names the catalog's version and the number of requirements first", () => {
  const changelog = readFileSync(new URL('../../../CHANGELOG.md', import.meta.url), 'utf8');
  const [, version, count] = /^Catalog ([\d.]+): (\d+) requirements/m.exec(changelog) ?? [];
  assert.equal(version, CATALOG_VERSION);
  assert.equal(Number(count), listEntries().length);
});
