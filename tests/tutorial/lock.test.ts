/** The lock of a tutorial, and the routes that other processes of the same user call. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { exchange } from '../../tutorial/lessons/exchange/index.js';
import { privateRoutes } from '../../tutorial/private/server.js';
import { type LockData, lockPath, type Probe, readLock, takeLock } from '../../tutorial/state/lock.js';
import { Tutorial } from '../../tutorial/tutorial.js';

const folder = mkdtempSync(join(tmpdir(), 'polar-conformance-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the lock', () => {
  const PAGE = 'http://localhost:4001/';
  const never: Probe = async () => 'gone';
  const always: Probe = async () => 'answers';

  it('is held by one until released', async () => {
    const path = join(folder, 'held.json');
    const taken = await takeLock(path, always);
    assert.ok('lock' in taken);
    assert.equal(statSync(lockPath(path)).mode & 0o777, 0o600);
    taken.lock.announce(PAGE);
    assert.equal(statSync(lockPath(path)).mode & 0o777, 0o600);
    assert.deepEqual(await takeLock(path, always), {
      heldBy: { page: PAGE, key: taken.lock.key, pid: process.pid },
    });
    taken.lock.release();
    assert.equal(existsSync(lockPath(path)), false);
  });

  it('is stale for a killed tutorial, a reused pid, or nonsense', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    const stale: readonly unknown[] = [
      { page: PAGE, key: 'old', pid: child.pid },
      { page: null, key: 'old', pid: child.pid },
      { page: PAGE, key: 'old', pid: process.pid },
      { page: 'http://attacker.example/', key: 'old', pid: process.pid },
      { page: PAGE, key: 'old', pid: 0 },
      'nonsense',
    ];
    for (const [index, lock] of stale.entries()) {
      const path = join(folder, `stale-${index}.json`);
      writeFileSync(lockPath(path), JSON.stringify(lock));
      const taken = await takeLock(path, never, 0);
      assert.ok('lock' in taken, JSON.stringify(lock));
      assert.equal(readLock(lockPath(path))?.key, taken.lock.key);
      taken.lock.release();
    }
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('.lock')),
      [],
    );
  });

  it("is valid for a tutorial that's suspended or just starting", async () => {
    const path = join(folder, 'silent.json');
    const lock: LockData = { page: PAGE, key: 'theirs', pid: process.pid };
    writeFileSync(lockPath(path), JSON.stringify(lock));
    assert.deepEqual(await takeLock(path, async () => 'silent', 0), { heldBy: lock });
    let asked = 0;
    const late: Probe = async () => {
      asked += 1;
      return asked < 3 ? 'gone' : 'answers';
    };
    assert.deepEqual(await takeLock(path, late, 60_000), { heldBy: lock });
  });

  it('is taken over by just one of two when stale', async () => {
    const path = join(folder, 'race.json');
    writeFileSync(lockPath(path), 'nonsense');
    const start = async () => {
      const taken = await takeLock(path, always, 60_000);
      if ('lock' in taken) taken.lock.announce(PAGE);
      return taken;
    };
    const taken = await Promise.all([start(), start(), start()]);
    assert.equal(taken.filter((one) => 'lock' in one).length, 1);
  });

  it("isn't removed by another", async () => {
    const path = join(folder, 'other.json');
    const taken = await takeLock(path, never);
    assert.ok('lock' in taken);
    const other: LockData = { page: PAGE, key: 'theirs', pid: process.pid };
    writeFileSync(lockPath(path), JSON.stringify(other));
    taken.lock.release();
    assert.deepEqual(readLock(lockPath(path)), other);
  });
});

describe('the private routes', () => {
  it('need the key and our own host, and leave the rest to the page', async () => {
    const tutorial = await Tutorial.open({ lessons: [exchange] });
    try {
      const routes = privateRoutes(tutorial, 'the-key');
      const { page } = tutorial.addresses;
      const ask = async (
        path: string,
        init: RequestInit = {},
        key = 'the-key',
        host = new URL(page).host,
      ) => {
        const headers = new Headers({ authorization: `Bearer ${key}`, host });
        const response = await routes(new Request(`${page}${path}`, { ...init, headers }));
        assert.ok(response !== null, path);
        assert.equal(response.headers.get('cache-control'), 'no-store');
        return response;
      };
      const post = (body: string) => ask('private/reach', { method: 'POST', body });
      assert.equal(routes(new Request(page)), null);
      assert.equal(routes(new Request(`${page}privately`)), null);
      for (const key of ['', 'the-keys', 'The-key']) {
        const refused = await ask('private/values', {}, key);
        assert.equal(refused.status, 401);
        assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
        assert.doesNotMatch(await refused.text(), /polar_/);
      }
      const { port } = new URL(page);
      for (const host of [`attacker.example:${port}`, 'localhost', `localhost:1${port}`]) {
        assert.equal((await ask('private/values', {}, 'the-key', host)).status, 403);
      }
      const values = await ask('private/values');
      assert.equal(values.status, 200);
      assert.deepEqual(await values.json(), tutorial.values);
      assert.equal((await ask('private/other')).status, 404);
      assert.equal((await ask('private/values', { method: 'POST' })).status, 404);
      for (const body of ['', '{}', '{"id":7}', '[]']) assert.equal((await post(body)).status, 400);
      assert.equal((await post('{"id":"nothing"}')).status, 404);
      assert.deepEqual(tutorial.progress('exchange').reached, []);
      assert.equal((await post('{"id":"redeemed"}')).status, 204);
      assert.deepEqual(tutorial.progress('exchange').reached, ['redeemed']);
    } finally {
      await tutorial.close();
    }
  });
});
