/** A signal that comes before anything was judged: each command says so, with the exit code of the signal. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { CliRunner } from './cli.js';
import { assertSays, assertWhole } from './exit-code-rows.js';

describe('a signal before anything was judged', () => {
  let silent: Server;
  let url = '';
  before(async () => {
    silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  after(() => {
    silent.closeAllConnections();
    silent.close();
  });

  for (const [signal, code, word] of [
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const) {
    it(`${code}: run`, async () => {
      const cli = new CliRunner();
      const asked = once(silent, 'request');
      const { child, ended } = cli.start(['run', url, '--json']);
      await asked;
      child.kill(signal);
      const end = await ended;
      assert.equal(end.code, code);
      assert.match(end.stderr, new RegExp(`The run was ${word} before anything was judged\\.\\n$`));
      const report: unknown = JSON.parse(end.stdout);
      assert.ok(typeof report === 'object' && report !== null && 'exit' in report);
      assert.deepEqual(report.exit, { code, reasons: [`The run was ${word} before anything was judged.`] });
      assertWhole(cli, code);
      cli.remove();
    });
  }

  it('130: doctor', async () => {
    const cli = new CliRunner();
    const asked = once(silent, 'request');
    const { child, ended } = cli.start(['doctor', url]);
    await asked;
    child.kill('SIGINT');
    const end = await ended;
    assert.equal(end.code, 130);
    assertSays(end, /^The check-up was interrupted\.$/);
    assertWhole(cli, 130);
    cli.remove();
  });
});
