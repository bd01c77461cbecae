/** Whether a server that met nothing but errors is gone for good. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { listen } from '../../scripts/engine/listen.js';
import { sampleTarget } from './samples.js';

/** @param refuses how many connections are reset before one is answered */
async function listenTo(refuses: number) {
  let left = refuses;
  const server = createServer((_, response) => response.end('{}'));
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    if (left > 0) socket.resetAndDestroy();
    left -= 1;
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  try {
    const target = { ...sampleTarget(), discoveryUrl: `http://localhost:${address.port}/metadata` };
    return await listen(target, [1, 1]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('listening for a server', () => {
  it('finds one that answers', async () => {
    assert.equal(await listenTo(0), 'there');
  });

  it('finds one that was away for a moment', async () => {
    assert.equal(await listenTo(2), 'back');
  });

  it('gives up on one that stays away', async () => {
    assert.equal(await listenTo(99), 'gone');
  });
});
