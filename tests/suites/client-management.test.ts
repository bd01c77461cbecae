/** The checks on client management, on each thing that a server may make of it: which verdict, and no false alarm. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEnvironment, provision } from '../../fixtures/environment.js';
import type { Deviation } from '../../fixtures/sandbox/deviation.js';
import { createSandbox, generateKeys } from '../../fixtures/sandbox/index.js';
import { managementVariants } from '../../fixtures/sandbox/variants/management.js';
import { discover } from '../../fixtures/target/load.js';
import { findEntry } from '../../suites/catalog.js';
import { judge } from '../../suites/judge.js';
import type { Result } from '../../suites/result.js';
import { loadSchema } from '../../suites/schemas/load.js';

const IDS = ['client-read', 'client-update', 'client-update-validated', 'client-delete'] as const;
const ALL_KEPT = ['pass', 'pass', 'pass', 'pass'];

/** The verdicts where a variant leaves a rule without object. */
const VERDICTS: Readonly<Record<string, readonly string[]>> = {
  'management-read-only': ['pass', 'not-applicable', 'not-applicable', 'not-applicable'],
  'clients-unmanaged': Array.from(IDS, () => 'not-applicable'),
};

const keys = await generateKeys();

async function judged(deviations: readonly Deviation[]): Promise<readonly Result[]> {
  const listening = await createSandbox({ keys, deviations }).listen();
  const target = await discover({ issuer: listening.issuer, profile: 'polar' });
  const provisioned = await provision(target, null);
  const environment = createEnvironment({
    target,
    browser: null,
    noBrowserReason: 'no browser',
    provisioned,
    schemas: loadSchema,
  });
  try {
    const results: Result[] = [];
    for (const id of IDS) {
      const entry = findEntry(id);
      assert.ok(entry !== undefined);
      results.push(await judge(entry.requirement, 'client', environment));
    }
    return results;
  } finally {
    await environment.close();
    await listening.close();
  }
}

describe('client management', () => {
  for (const variant of managementVariants) {
    it(`is judged correctly with ${variant.id}`, async () => {
      const results = await judged([variant]);
      assert.deepEqual(
        results.map(({ status }) => status),
        VERDICTS[variant.id] ?? ALL_KEPT,
        results.map(({ message, reason }) => message ?? reason).join('\n'),
      );
    });
  }

  it("that's announced without a token fails client-read", async () => {
    const results = await judged([
      {
        how: 'no token',
        replace: () => ({ managementMembers: (issuer) => ({ registration_client_uri: issuer }) }),
      },
    ]);
    assert.deepEqual(
      results.map(({ status, blockedBy }) => blockedBy ?? status),
      ['fail', 'client-read', 'client-read', 'client-read'],
    );
  });

  it('that lets a client choose its secret fails client-update', async () => {
    const results = await judged([
      {
        how: 'An update sets the secret.',
        replace: () => ({ updateSecretAccepted: () => true }),
        wrap: {
          management: async (response, request, { store }) => {
            if (request.method !== 'PUT') return response;
            const body: unknown = await request.json();
            if (typeof body !== 'object' || body === null || !('client_secret' in body)) return response;
            const id = new URL(request.url).pathname.split('/').at(-1) ?? '';
            const client_secret = String(body.client_secret);
            await store.clients.change(id, (client) => ({ ...client, client_secret }));
            return response;
          },
        },
      },
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['pass', 'fail', 'pass', 'pass'],
    );
  });

  it('shows no token in the evidence', async () => {
    for (const { evidence } of await judged([])) {
      assert.ok(evidence.length > 0);
      assert.doesNotMatch(JSON.stringify(evidence), /polar_crt_\w/);
    }
  });
});
