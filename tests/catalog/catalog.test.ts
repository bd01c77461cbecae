/** The catalog is complete by construction: no requirement without clause, check and defect, no defect astray. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defects, findDefect, nameDefect } from '../../fixtures/sandbox/defects/index.js';
import { CAPABILITIES } from '../../fixtures/target/capabilities.js';
import { catalog, catalogHash, findEntry, listEntries } from '../../suites/catalog.js';

const all = listEntries();
const idsOf = (kept: (entry: (typeof all)[number]) => boolean) =>
  all.filter((entry) => !kept(entry)).map(({ requirement }) => requirement.id);

describe('the catalog', () => {
  it('has 216 requirements or more, each id once', () => {
    const ids = all.map(({ requirement }) => requirement.id);
    assert.ok(ids.length >= 216, `${ids.length} requirements`);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('starts each id with the name of its chapter', () => {
    assert.deepEqual(
      idsOf(({ requirement, chapter }) => requirement.id.startsWith(`${chapter.id}-`)),
      [],
    );
  });

  it('opens each chapter with its scenario', () => {
    assert.deepEqual(
      catalog.filter(({ scenario }) => scenario.length < 80).map(({ id }) => id),
      [],
    );
  });

  it('gives each requirement a statement, a way of judging and a next step, as sentences', () => {
    assert.deepEqual(
      idsOf(({ requirement: { statement, how, hint } }) =>
        [statement, how, hint].every((text) => /\S.*\.$/s.test(text)),
      ),
      [],
    );
  });

  it('links each clause of an RFC or OpenID specification', () => {
    assert.deepEqual(
      idsOf(({ requirement }) =>
        requirement.clauses.every(
          ({ spec, url }) => spec === 'Polar docs' || (url ?? '').startsWith('https://'),
        ),
      ),
      [],
    );
  });

  it('needs only capabilities that a target can have', () => {
    const known: readonly string[] = CAPABILITIES;
    assert.deepEqual(
      idsOf(({ requirement }) => requirement.needs.every((need) => known.includes(need))),
      [],
    );
  });

  it('has a defect for each requirement, one for each of its paths, that says how', () => {
    assert.deepEqual(
      idsOf(({ requirement }) => findDefect(requirement.id) !== undefined),
      [],
    );
    assert.equal(new Set(defects.map(nameDefect)).size, defects.length);
    assert.equal(
      new Set(defects.filter(({ path }) => path === undefined).map(({ breaks }) => breaks)).size,
      new Set(defects.map(({ breaks }) => breaks)).size,
      "a requirement's first defect has no path",
    );
    assert.deepEqual(
      defects.filter(({ how }) => !/\S.*\.$/s.test(how)).map(({ breaks }) => breaks),
      [],
    );
  });

  it('has a requirement for each defect', () => {
    assert.deepEqual(
      defects.filter(({ breaks }) => findEntry(breaks) === undefined).map(({ breaks }) => breaks),
      [],
    );
  });

  it('has a hash that changes with its content', () => {
    const [first, ...rest] = catalog;
    assert.ok(first !== undefined);
    assert.match(catalogHash(), /^[0-9a-f]{12}$/);
    assert.notEqual(catalogHash(), catalogHash([{ ...first, id: 'other' }, ...rest]));
  });
});
