/** The files of other commands: each is taken or refused in one sentence, and what is taken can be used. */
import { describe, it } from 'node:test';
import { UsageError } from '../../fixtures/errors.js';
import {
  ConfigurationError,
  createSandbox,
  generateKeys,
  type SandboxConfiguration,
} from '../../fixtures/sandbox/index.js';
import { compareReports } from '../../scripts/report/compare.js';
import { readReport } from '../../scripts/report/files.js';
import { mergeReports } from '../../scripts/report/merge.js';
import { readConfiguration } from '../../scripts/sandbox-configuration.js';
import type { SandboxFlags } from '../../scripts/sandbox-flags.js';
import { lessons } from '../../tutorial/lessons/index.js';
import { readState } from '../../tutorial/state/file.js';
import { atPorts, resumed, withoutLesson } from '../../tutorial/state/resume.js';
import { sampleReport, sampleResult } from '../scripts/samples.js';
import { saved } from '../tutorial/samples.js';
import { fuzz, read, texts } from './inputs.js';

const keys = await generateKeys();

const NO_FLAGS: SandboxFlags = {
  agents: false,
  client: [],
  postLogoutRedirectUri: [],
  user: [],
  scope: [],
  lifetime: [],
  issuer: undefined,
  allowHost: [],
  clientAuthentication: undefined,
  redirectUris: undefined,
  introspection: undefined,
  consent: undefined,
  endSession: false,
  authorizationServerMetadata: false,
};

const configuration: SandboxConfiguration = {
  clients: [{ client_id: 'app', client_secret: 'secret', redirect_uris: ['http://localhost:3000/callback'] }],
  users: [{ username: 'ada', password: 'lovelace', claims: { groups: ['admin'] }, organizations: ['acme'] }],
  organizations: [{ slug: 'acme' }],
  scopes: ['api:read'],
  hosts: ['sandbox.internal'],
  lifetimes: { accessToken: 60, refreshToken: null },
  issuer: 'http://localhost:4400',
  consent: 'never',
};

const shard = (name: string) =>
  sampleReport(
    (['pass', 'fail', 'error'] as const).map((status) => sampleResult(`token-${status}`, status)),
    { run: { inProfile: 3, filters: [], shard: name, defects: [], browser: null } },
  );

describe('readers of files', () => {
  it('of sandbox configurations, and the sandbox that follows from one', () =>
    fuzz(
      texts(configuration),
      read((path) => {
        const sandbox = createSandbox({ ...readConfiguration(path, NO_FLAGS), keys });
        return [sandbox.snapshot(), sandbox.loosened];
      }),
      UsageError,
      ConfigurationError,
    ));

  it('of the state of the tutorial, and where the learner goes on', () =>
    fuzz(
      texts({ version: 1, ...saved }),
      read((path) => {
        const reading = readState(path);
        if (reading.kind !== 'saved') return reading;
        const next = resumed(withoutLesson(reading.saved, lessons[0]?.id ?? ''), lessons);
        return atPorts(next, { issuer: 1, page: 2 });
      }),
      UsageError,
    ));

  it('of two reports that are compared', () =>
    fuzz(
      texts(shard('1/2')),
      read((path) => compareReports(readReport(path), shard('1/2'))),
      UsageError,
    ));

  it('of the reports of shards that are merged', () =>
    fuzz(
      texts(shard('1/2')),
      read((path) =>
        mergeReports([readReport(path), shard('2/2')], ['token-pass', 'token-fail'], {
          strict: false,
          allowIncomplete: true,
        }),
      ),
      UsageError,
    ));
});
