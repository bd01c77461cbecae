/** Redirect URIs that differ in one part: whatever the registered one looks like, only that part differs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withOtherOrigin, withOtherPath, withOtherQuery } from '../../suites/authz/altered-uris.js';

const uris = (altered: readonly { readonly uri: string }[]) => altered.map(({ uri }) => uri);

describe('altered paths', () => {
  it('are prefixes, segments, letter case, traversals and encodings', () => {
    assert.deepEqual(uris(withOtherPath('https://host.example/cb')), [
      'https://host.example/cb/extra',
      'https://host.example/cb/../evil',
      'https://host.example/cb;x=1',
      'https://host.example/cb/',
      'https://host.example/c',
      'https://host.example/CB',
      'https://host.example/cb%2f..%2fevil',
      'https://host.example/%63b',
    ]);
  });

  it("don't touch a host that starts like the path", () => {
    for (const uri of uris(withOtherPath('https://c.example/c'))) {
      assert.ok(uri.startsWith('https://c.example/'), uri);
    }
  });

  it('keep the query', () => {
    for (const uri of uris(withOtherPath('https://host.example/cb?a=1'))) {
      assert.ok(uri.endsWith('?a=1'), uri);
    }
  });

  it('never respell an empty path', () => {
    for (const registered of ['https://host.example', 'https://host.example/']) {
      assert.deepEqual(uris(withOtherPath(registered)), [
        'https://host.example/extra',
        'https://host.example/../evil',
      ]);
    }
  });
});

describe('altered origins', () => {
  it('are scheme, subdomain, a letter for a dot, prefix, port and user name', () => {
    assert.deepEqual(uris(withOtherOrigin('https://host.example/cb?a=1')), [
      'http://host.example/cb?a=1',
      'https://sub.host.example/cb?a=1',
      'https://hostxexample/cb?a=1',
      'https://host.example.evil.example/cb?a=1',
      'https://host.example:8443/cb?a=1',
      'https://host.example@evil.example/cb?a=1',
    ]);
  });

  it('never vary the port of a loopback host', () => {
    for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000']) {
      const ports = uris(withOtherOrigin(`http://${host}/cb`)).filter((uri) => uri.includes(':8443'));
      assert.deepEqual(ports, []);
    }
  });

  it('use another port if the registered one is the usual alternative', () => {
    assert.ok(uris(withOtherOrigin('https://host.example:8443/cb')).includes('https://host.example:9443/cb'));
  });

  it('are only URLs that a browser could be sent to', () => {
    const all = uris(withOtherOrigin('http://[::1]:3000/cb'));
    assert.deepEqual(
      all.filter((uri) => !URL.canParse(uri)),
      [],
    );
    assert.deepEqual(withOtherOrigin('com.example.app:/cb'), []);
  });
});

describe('altered queries', () => {
  it('add to a URI without query', () => {
    assert.deepEqual(uris(withOtherQuery('https://host.example/cb', true)), [
      'https://host.example/cb?x=1',
      'https://host.example/cb?',
    ]);
  });

  it('add to, remove and change an existing query', () => {
    assert.deepEqual(uris(withOtherQuery('https://host.example/q?a=1', true)), [
      'https://host.example/q?a=1&x=1',
      'https://host.example/q',
      'https://host.example/q?a=2',
    ]);
  });

  it('only add if there may be other registered URIs', () => {
    assert.deepEqual(uris(withOtherQuery('https://host.example/q?a=1', false)), [
      'https://host.example/q?a=1&x=1',
    ]);
  });
});
