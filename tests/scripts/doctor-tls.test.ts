/** The command doctor on servers behind TLS. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createAuthority, type Validity } from '../fixtures/certificates.js';
import { startReverseProxy } from '../fixtures/reverse-proxy.js';
import type { Ended } from './cli.js';
import {
  assertOnlyFault,
  cli,
  doctorProcess,
  findLine,
  runOnSandbox,
  writeTargetFile,
} from './run-doctor.js';

describe('doctor over TLS', () => {
  it('trusts the authority that the target file names', async () => {
    const ended = await overTls({ trusted: 'mine', days: { from: -1, to: 30 } });
    assert.match(findLine(ended, 'TLS'), /^ok .* issued by Authority mine, trusted, and valid until /);
    for (const about of ['discovery', 'first client: redirect_uri', 'consent', 'settingsPages.tokens']) {
      assert.match(findLine(ended, about), /^ok /);
    }
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
  });

  it('names a wrong authority', async () => {
    const ended = await overTls({ trusted: 'another', days: { from: -1, to: 30 } });
    assertOnlyFault(
      ended,
      'TLS',
      /not trusted; it is issued by Authority mine .*: tls\.ca of the target file must name/,
    );
  });

  it('names a missing authority', async () => {
    const ended = await overTls({ trusted: null, days: { from: -1, to: 30 } });
    assertOnlyFault(ended, 'TLS', /not trusted; .*"tls": \{"ca": "\.\/ca\.pem"\}/);
  });

  it('names an expired certificate', async () => {
    const ended = await overTls({ trusted: 'mine', days: { from: -9, to: -2 } });
    assertOnlyFault(
      ended,
      'TLS',
      /certificate of localhost:\d+ expired on \d{4}-\d\d-\d\d: renew it on the server/,
    );
  });

  it("refuses pages on another origin that tls.ca doesn't vouch for, and so does login", async () => {
    const [mine, another] = await Promise.all([createAuthority(), createAuthority('Authority another')]);
    writeFileSync(join(cli.cwd, 'mine.pem'), mine.cert);
    const pages = await startReverseProxy({ certificate: await another.issue(['localhost']) });
    const api = await startReverseProxy({
      certificate: await mine.issue(['localhost']),
      rewrite: (body) => body.replace(/https:[^"]*(?=\/oauth2\/authorize")/, pages.issuer),
    });
    try {
      const file = writeTargetFile({ ...api.sandbox.target(), tls: { ca: './mine.pem' } });
      const untrusted = new RegExp(`certificate of localhost:${pages.port} is not trusted`);
      const examination = await doctorProcess(file);
      assert.match(findLine(examination, 'first user: login'), untrusted);
      assert.equal(examination.code, 3);
      const signedIn = await cli.start(['login', file, '--headless']).ended;
      assert.match(signedIn.stderr, untrusted);
      assert.equal(signedIn.code, 3, signedIn.stderr);
      assert.deepEqual(pages.seen, []);
    } finally {
      await api.close();
      await pages.close();
    }
  });

  it("names a port that doesn't speak TLS", async () => {
    const ended = await runOnSandbox(null, (settings) => ({
      ...settings,
      issuer: settings.issuer.replace('http:', 'https:'),
    }));
    assertOnlyFault(ended, 'TLS', /No TLS connection to localhost:\d+ .*: name the port with TLS in issuer/);
  });

  it('leaves no process and no temporary file', () => {
    assert.deepEqual(cli.leftTemporary(), []);
    assert.deepEqual(cli.processes(), []);
  });
});

interface Certification {
  /** The authority that the target file names. */
  readonly trusted: 'mine' | 'another' | null;
  readonly days: Validity;
}

/** The sandbox behind TLS, with a certificate of an authority that is made for this test alone. */
async function overTls({ trusted, days }: Certification): Promise<Ended> {
  const [mine, another] = await Promise.all([
    createAuthority('Authority mine'),
    createAuthority('Authority another'),
  ]);
  writeFileSync(join(cli.cwd, 'mine.pem'), mine.cert);
  writeFileSync(join(cli.cwd, 'another.pem'), another.cert);
  const reverseProxy = await startReverseProxy({ certificate: await mine.issue(['localhost'], days) });
  try {
    const tls = trusted === null ? {} : { tls: { ca: `./${trusted}.pem` } };
    return await doctorProcess(writeTargetFile({ ...reverseProxy.sandbox.target(), ...tls }));
  } finally {
    await reverseProxy.close();
  }
}
