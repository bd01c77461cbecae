/** The state file and the ports: what a start resumes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UsageError } from '../../fixtures/errors.js';
import { listenOnLoopback } from '../../fixtures/sandbox/listen.js';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import { lessons } from '../../tutorial/lessons/index.js';
import { lesson } from '../../tutorial/lessons/lesson.js';
import { defaultStateFile } from '../../tutorial/state/default-path.js';
import { moveAside, prepareFolder, readState, removeDrafts, writeState } from '../../tutorial/state/file.js';
import { choosePorts } from '../../tutorial/state/ports.js';
import { atPorts, freshState, resumed, withoutLesson } from '../../tutorial/state/resume.js';
import { Tutorial } from '../../tutorial/tutorial.js';
import type { Saved } from '../../tutorial/tutorial-options.js';
import { client, saved } from './samples.js';

const folder = mkdtempSync(join(tmpdir(), 'polar-conformance-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the state file', () => {
  it("is in the user's state directory", () => {
    assert.equal(
      defaultStateFile({ XDG_STATE_HOME: '/s' }, 'linux', '/h'),
      '/s/polar-conformance/tutorial.json',
    );
    for (const XDG_STATE_HOME of ['', 'relative']) {
      assert.equal(
        defaultStateFile({ XDG_STATE_HOME }, 'linux', '/h'),
        '/h/.local/state/polar-conformance/tutorial.json',
      );
    }
    assert.match(
      defaultStateFile({ LOCALAPPDATA: 'C' }, 'win32', 'H'),
      /^C[\\/]polar-conformance[\\/]tutorial\.json$/,
    );
  });

  it('returns what was written, and is private to its owner', () => {
    const path = join(folder, 'new', 'tutorial.json');
    assert.deepEqual(readState(path), { kind: 'none' });
    prepareFolder(path);
    writeState(path, saved);
    assert.deepEqual(readState(path), { kind: 'saved', saved });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, 'new')).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(join(folder, 'new')), ['tutorial.json']);
  });

  it('is validated before use', () => {
    const path = join(folder, 'doubtful.json');
    const whole = { version: 1, ...saved };
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      ['{"version": 1, "curr', /is damaged: it isn’t valid JSON/],
      [JSON.stringify([]), /is damaged/],
      [JSON.stringify({ ...whole, version: 2 }), /newer version/],
      [JSON.stringify({ ...whole, version: '1' }), /is damaged: version/],
      [JSON.stringify({ ...whole, clients: [{ ...client, client_id: 7 }] }), /clients\.0\.client_id/],
      [JSON.stringify({ ...whole, ports: { issuer: 1, page: 70_000 } }), /ports\.page/],
      [JSON.stringify({ ...whole, more: true }), /is damaged/],
    ];
    for (const [text, why] of wrong) {
      writeFileSync(path, String(text));
      const reading = readState(path);
      assert.ok(reading.kind === 'unreadable', String(text));
      assert.match(reading.why, why);
    }
    assert.throws(() => readState(folder), UsageError);
  });

  it('is moved aside to a free name', () => {
    const path = join(folder, 'aside.json');
    const names = ['one', 'two', 'three'].map((text) => {
      writeFileSync(path, text);
      return moveAside(path);
    });
    assert.deepEqual(names, [`${path}.bak`, `${path}.bak-2`, `${path}.bak-3`]);
    assert.deepEqual(
      names.map((name) => readFileSync(name, 'utf8')),
      ['one', 'two', 'three'],
    );
    assert.equal(existsSync(path), false);
  });

  it('fails in one sentence if nothing can be written', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    assert.throws(() => prepareFolder(join(file, 'x', 'y.json')), {
      name: 'UsageError',
      message: /^Progress can’t be saved in .* \(ENOTDIR\)\. Use --state FILE to name another file\.$/,
    });
  });

  it('stays intact when its writer is killed', async () => {
    const path = join(folder, 'killed.json');
    const modules = ['../../tutorial/state/file.js', './samples.js'].map((name) =>
      JSON.stringify(new URL(name, import.meta.url).href),
    );
    const script = `
      const { writeState } = await import(${modules[0]});
      const { saved, client } = await import(${modules[1]});
      const clients = Array.from({ length: 500 }, () => client);
      for (let count = 0; ; count += 1) {
        writeState(${JSON.stringify(path)}, { ...saved, clients });
        if (count % 5 === 0) process.stdout.write('.');
      }`;
    for (let kill = 1; kill <= 4; kill += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for (let dots = 0; dots < kill; dots += 1) await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'close');
      const reading = readState(path);
      assert.ok(reading.kind === 'saved');
      assert.equal(reading.saved.clients.length, 500);
    }
    const others = ['killed.json.lock', 'killed.json.bak', 'killed.json.lock.0123abcd.tmp'];
    for (const name of [...others, 'killed.json.0123abcd.tmp']) writeFileSync(join(folder, name), '');
    removeDrafts(path);
    const left = readdirSync(folder).filter((name) => name.startsWith('killed.json.'));
    assert.deepEqual(left.sort(), others.sort());
    for (const name of others) rmSync(join(folder, name));
  });
});

describe('what a start resumes', () => {
  const three = ['one', 'two', 'three'].map((id) => lesson({ ...exchange, id }));
  const progress = { ...saved.progress.exchange, status: 'done' } as const;

  it('continues after a finished lesson', () => {
    const at = (current: string, done: readonly string[]): string => {
      const all = Object.fromEntries(done.map((id) => [id, { ...freshProgress, ...progress }]));
      return resumed({ ...freshState(current), progress: all }, three).current;
    };
    const freshProgress = {
      reached: [],
      hints: 0,
      solution: false,
      helped: false,
      guesses: {},
      mistakes: {},
    };
    assert.equal(at('one', []), 'one');
    assert.equal(at('one', ['one']), 'two');
    assert.equal(at('one', ['one', 'two']), 'three');
    assert.equal(at('three', ['three']), 'three');
  });

  it('forgets one lesson, or all but the ports', () => {
    assert.deepEqual(withoutLesson(saved, 'exchange').progress, {});
    assert.deepEqual(withoutLesson(saved, 'exchange').clients, saved.clients);
    assert.deepEqual(freshState('x', saved.ports), {
      current: 'x',
      progress: {},
      clients: [],
      values: {},
      ports: saved.ports,
    });
  });

  it('moves the client to another port, and leaves others alone', () => {
    const moved = atPorts(saved, { issuer: 1, page: 2 });
    assert.deepEqual(moved.clients[0]?.redirect_uris, [
      'http://localhost:2/callback',
      'http://localhost:40012/callback',
    ]);
    assert.equal(moved.values.REDIRECT_URI, 'http://localhost:2/callback');
    assert.deepEqual(atPorts(saved, saved.ports), saved);
  });

  it("reuses saved ports, or free ones if they're taken", async () => {
    const first = await choosePorts({ issuer: 0, page: 0 }, null);
    assert.ok(first.ports.issuer > 0 && first.ports.page > 0);
    assert.notEqual(first.ports.issuer, first.ports.page);
    const busy = await listenOnLoopback(() => new Response(null), first.ports.page);
    try {
      const second = await choosePorts(first.ports, null);
      assert.deepEqual(second.taken, [first.ports.page]);
      assert.equal(second.ports.issuer, first.ports.issuer);
      assert.notEqual(second.ports.page, first.ports.page);
      await assert.rejects(choosePorts(first.ports, busy.port), {
        name: 'UsageError',
        message: `Port ${busy.port} is in use. Use --port 0 for any free port.`,
      });
    } finally {
      await busy.close();
    }
    assert.deepEqual(await choosePorts(first.ports, null), { ports: first.ports, taken: [] });
  });
});

describe('the file of a tutorial that was killed', () => {
  for (const { id, play } of lessons) {
    it(`returns to lesson ${id} with the same client and all that was done`, async () => {
      const path = join(folder, `resumed-${id}.json`);
      const onSave = (now: Saved) => writeState(path, now);
      const first = await Tutorial.open({ saved: freshState(id), onSave });
      try {
        await play(first.learner(false));
        await first.settled();
      } finally {
        await first.close();
      }
      const left = readState(path);
      assert.ok(left.kind === 'saved');
      // This process still holds connections to the first ports, which a process of its own would not.
      const second = await Tutorial.open({ saved: left.saved });
      try {
        assert.equal(second.view().lesson.id, id);
        assert.deepEqual(second.progress(id), first.progress(id));
        assert.ok(second.progress(id).reached.length > 0);
        for (const name of ['CLIENT_ID', 'CLIENT_SECRET', 'PUBLIC_CLIENT_ID'] as const) {
          assert.equal(second.values[name], first.values[name], name);
        }
      } finally {
        await second.close();
      }
    });
  }
});
