/** A server that hangs for good: the run ends, and the report says where it fell silent. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { HTTP_TIMEOUT_MS } from '../../fixtures/http/timeouts.js';
import { skipTime } from '../../fixtures/time/deadline.js';
import { readReport } from '../../scripts/report/files.js';
import { EVERYTHING, startHostileServer } from '../hostile/server.js';
import { CliRunner } from './cli.js';

const runner = new CliRunner();
after(() => runner.remove());

/** They need no browser, so they're judged in this process. */
const CHECKS =
  'client-{register,register-echo,no-store,id-issued,error-format,read,update,delete,redirect-required,required-fields,public-no-secret,secret-expiry}';

describe('run on a server that stops answering', () => {
  it('sends nothing more, and names the last request that was answered', async () => {
    let unanswered = 0;
    const count = () => {
      unanswered += 1;
      // By then all that were sent at the same time have arrived.
      setTimeout(skipTime, 50, HTTP_TIMEOUT_MS);
    };
    const server = await startHostileServer(EVERYTHING, count, 12);
    try {
      writeFileSync(join(runner.cwd, 'target.json'), JSON.stringify(server.settings));
      const { code, stdout } = await runner.run('run', 'target.json', '--only', CHECKS);
      assert.equal(code, 3, stdout);
      const { results, counts } = readReport(join(runner.cwd, '.polar-conformance', 'last.json'));
      assert.equal(counts.fail + counts.warn, 0, stdout);
      const silent = results.filter(({ reason }) =>
        reason?.startsWith('The server does not answer any more.'),
      );
      assert.ok(silent.length > results.length / 2, `${silent.length} of ${results.length}`);
      for (const { status, reason, evidence } of silent) {
        assert.equal(status, 'error');
        assert.deepEqual(evidence, []);
        assert.match(
          reason ?? '',
          /The last request that it answered was (GET|POST|PUT|DELETE) http\S+\. The first that it did not/,
        );
      }
      // Those that were on their way, and one that listened whether anything comes back. Nothing is cleaned up.
      assert.ok(unanswered <= 24, `${unanswered} requests after the server fell silent`);
      assert.deepEqual(runner.leftTemporary(), []);
    } finally {
      await server.close();
    }
  });
});
