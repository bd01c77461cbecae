/** The formats of a report say the same of one report, and nothing that a server says becomes markup in them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FORMATS, formatted } from '../../scripts/report/formats/index.js';
import type { Report } from '../../scripts/report/report.js';
import { ofStatus } from '../../scripts/report/report.js';
import { STATUSES } from '../../suites/result.js';
import { sampleReport, sampleResult } from './samples.js';

const again = (id: string) => `npx polar-conformance run --only ${id}`;
const HOSTILE = '</title><script>alert(1)</script> & "quoted" | `code`\n# heading';

const all: Report = sampleReport(
  STATUSES.map((status) => ({
    ...sampleResult(`token-${status}`, status),
    message: status === 'fail' || status === 'warn' ? HOSTILE : null,
    reason: status === 'fail' || status === 'warn' || status === 'pass' ? null : HOSTILE,
    received: HOSTILE,
  })),
);

describe('formats', () => {
  it('name the same requirements', () => {
    for (const format of FORMATS) {
      const text = formatted(format, all, again);
      for (const { id, status } of all.results) {
        // What passed, and what does not apply, is no news for a summary page.
        if (format === 'markdown' && ['pass', 'not-applicable'].includes(status)) continue;
        assert.ok(text.includes(id), `${format} does not name ${id}`);
      }
    }
  });

  it('count alike', () => {
    const junit = formatted('junit', all, again);
    const html = formatted('html', all, again);
    for (const status of STATUSES) {
      const count = ofStatus(all, status).length;
      assert.equal(junit.match(new RegExp(`<testcase [^>]*status="${status}"`, 'g'))?.length ?? 0, count);
      assert.equal(html.match(new RegExp(`<details [^>]*data-status="${status}"`, 'g'))?.length ?? 0, count);
      assert.equal(all.counts[status], count);
    }
    assert.match(junit, /<testsuites [^>]*tests="8" failures="1" errors="2" skipped="3"/);
  });

  it('escape what a server said', () => {
    for (const format of ['html', 'junit', 'markdown'] as const) {
      const text = formatted(format, all, again);
      assert.ok(!text.includes('<script>alert'), format);
      // In Markdown alone a line break is markup.
      if (format === 'markdown') assert.ok(!text.includes('\n# heading'));
    }
  });

  it('HTML loads nothing, and its policy admits its own style and script alone', () => {
    const html = formatted('html', all, again);
    assert.match(html, /default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'/);
    assert.doesNotMatch(html, /(src|srcset|@import|url\()\s*=?\s*["']?https?:/);
  });

  it('JUnit has no character that XML does not have', () => {
    const [result] = all.results;
    assert.ok(result !== undefined);
    const odd = sampleReport([{ ...result, status: 'fail', message: 'a\u0000b\u001bc\ud800d' }]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    assert.doesNotMatch(formatted('junit', odd, again), /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });
});
