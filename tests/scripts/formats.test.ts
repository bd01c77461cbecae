/** The formats of a report say the same of one report, and nothing that a server says becomes markup in them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { validateXML } from 'xmllint-wasm';
import { isObject } from '../../fixtures/parse-json.js';
import { FORMATS, formatReport } from '../../scripts/report/formats/index.js';
import type { Report } from '../../scripts/report/report.js';
import { findByStatus } from '../../scripts/report/report.js';
import { renderTerminal } from '../../scripts/report/terminal/index.js';
import { STATUSES, type Status } from '../../suites/result.js';
import { sampleReport, sampleResult } from './samples.js';

const HOSTILE = '</title><script>alert(1)</script> & "quoted" | `code`\n# heading';

const HOW_MANY: Readonly<Record<Status, number>> = {
  pass: 1,
  fail: 2,
  warn: 3,
  known: 2,
  blocked: 3,
  'not-tested': 4,
  'not-applicable': 5,
  error: 4,
};

const all: Report = sampleReport(
  // A different number of each, so that none can stand for another.
  STATUSES.flatMap((status) =>
    Array.from({ length: HOW_MANY[status] }, (_, index) => ({
      ...sampleResult(`token-${status}-${index}`, status),
      message: status === 'fail' || status === 'warn' ? HOSTILE : null,
      reason: status === 'fail' || status === 'warn' || status === 'pass' ? null : HOSTILE,
      received: HOSTILE,
    })),
  ),
);

/** Each status has one shape in JUnit. */
function junitCount(junit: string, status: Status): number {
  const cases = junit.match(/<testcase [^>]*\/>|<testcase [^>]*>[\s\S]*?<\/testcase>/g) ?? [];
  return cases.filter((text) => JUNIT[status].test(text)).length;
}

const JUNIT: Readonly<Record<Status, RegExp>> = {
  pass: /^<testcase [^>]*\/>$/,
  fail: /<failure /,
  warn: /<system-out>Warning: /,
  known: /<skipped [^>]*type="known"/,
  blocked: /<error [^>]*type="blocked"/,
  'not-tested': /<skipped [^>]*type="not-tested"/,
  'not-applicable': /<skipped [^>]*type="not-applicable"/,
  error: /<error [^>]*type="error"/,
};

const WORDS: Readonly<Record<Status, string>> = {
  pass: 'passed',
  fail: 'failed',
  warn: 'warned',
  known: 'known',
  blocked: 'blocked',
  'not-tested': 'not tested',
  'not-applicable': 'not applicable',
  error: 'errors?',
};

/** Both say them in one line of words. */
function markdownCount(text: string, status: Status): number {
  return Number(new RegExp(` s: .*?(\\d+) ${WORDS[status]}\\b`).exec(text)?.[1] ?? 0);
}

function terminalCount(text: string, status: Status): number {
  const line = text.split('\n').find((one) => /^\d+ passed, /.test(one)) ?? '';
  return Number(new RegExp(`(\\d+) ${WORDS[status]}\\b`).exec(line)?.[1] ?? 0);
}

describe('formats', () => {
  it('name the same requirements', () => {
    for (const format of FORMATS) {
      const text = formatReport(format, all);
      for (const { id, status } of all.results) {
        // What passed, and what does not apply, is no news for a summary page.
        if (format === 'markdown' && ['pass', 'not-applicable'].includes(status)) continue;
        assert.ok(text.includes(id), `${format} does not name ${id}`);
      }
    }
  });

  it('have the same counts', () => {
    const junit = formatReport('junit', all);
    const html = formatReport('html', all);
    const markdown = formatReport('markdown', all);
    const terminal = renderTerminal(all, { width: 80, color: false, quiet: false, savedAs: null });
    const json: unknown = JSON.parse(formatReport('json', all));
    assert.deepEqual(isObject(json) ? json.counts : null, all.counts);
    assert.equal(
      Object.values(all.counts).reduce((sum, count) => sum + count, 0),
      all.run.selected,
    );
    for (const status of STATUSES) {
      const count = findByStatus(all, status).length;
      assert.equal(junitCount(junit, status), count, status);
      assert.equal(markdownCount(markdown, status), count, status);
      assert.equal(terminalCount(terminal, status), count, status);
      assert.equal(html.match(new RegExp(`<details [^>]*data-status="${status}"`, 'g'))?.length ?? 0, count);
      assert.equal(all.counts[status], count);
    }
    assert.match(junit, /<testsuites [^>]*tests="24" failures="2" errors="7"/);
    assert.match(junit, /<testsuite [^>]*tests="24" failures="2" errors="7" skipped="11"/);
  });

  it('escape text from a server', () => {
    for (const format of ['html', 'junit', 'markdown'] as const) {
      const text = formatReport(format, all);
      assert.ok(!text.includes('<script>alert'), format);
      // In Markdown alone a line break is markup.
      if (format === 'markdown') assert.ok(!text.includes('\n# heading'));
    }
  });

  it('HTML loads nothing, and its policy allows only its own style and script', () => {
    const html = formatReport('html', all);
    assert.match(html, /default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'/);
    assert.doesNotMatch(html, /(src|srcset|@import|url\()\s*=?\s*["']?https?:/);
  });

  it("name the command that repeats each check that failed or couldn't be judged", () => {
    for (const { id, status } of all.results) {
      const command = `npx polar-conformance repeat ${id} staging.json`;
      const named = (text: string) => text.includes(command);
      assert.equal(named(formatReport('json', all)), !['not-tested', 'not-applicable'].includes(status), id);
      if (!['fail', 'warn', 'error', 'blocked'].includes(status)) continue;
      assert.ok(named(formatReport('junit', all)), id);
      assert.ok(named(formatReport('html', all).replaceAll(/<[^>]+>/g, '')), id);
      if (!['fail', 'warn'].includes(status)) continue;
      assert.ok(named(formatReport('markdown', all)), id);
      assert.ok(named(renderTerminal(all, { width: 80, color: false, quiet: false, savedAs: null })), id);
    }
  });

  it('JUnit matches its schema, whatever a server said', async () => {
    const evil = 'a\u0000b\u001bc\ud800d]]> \u202e\uffff <!-- & --> "\'\r\n\t é 😀';
    const odd = sampleReport(
      all.results.map(({ repeatCommand: _, ...result }) => ({
        ...result,
        message: result.message === null ? null : evil,
        reason: result.reason === null ? null : evil,
        received: evil,
        expected: evil,
      })),
      { target: { name: evil, issuer: 'https://auth.example', profile: 'polar' } },
    );
    const none = sampleReport([]);
    const schema = readFileSync(new URL('../../../tests/scripts/junit.xsd', import.meta.url), 'utf8');
    const { valid, errors } = await validateXML({
      xml: [all, odd, none].map((report, index) => ({
        fileName: `report-${index}.xml`,
        contents: formatReport('junit', report),
      })),
      schema,
    });
    assert.deepEqual(errors, []);
    assert.ok(valid);
    const broken = formatReport('junit', all).replace(/ classname="/, ' klass="');
    assert.equal((await validateXML({ xml: broken, schema })).valid, false, 'the schema tells what is wrong');
  });
});
