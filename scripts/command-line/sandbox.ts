/** `sandbox`: the reference server alone, for an app's own tests. */
import type { Argv } from 'yargs';
import type { Screen } from '../screen.js';
import { flag, repeatable, single } from './options.js';

export function addSandboxCommand(cli: Argv, screen: Screen, end: (code: number) => void): void {
  cli.command(
    'sandbox [file]',
    "Run a strict identity provider for your app's tests",
    (command) =>
      command
        .positional('file', {
          type: 'string',
          describe: 'A configuration file; docs/sandbox.md describes it',
        })
        .options({
          port: {
            type: 'number',
            requiresArg: true,
            default: 0,
            describe: 'Port to listen on; 0 picks a free one',
          },
          host: { ...single, describe: 'Listen at this address; by default, only this machine can reach it' },
          issuer: { ...single, describe: 'The issuer, if it differs from the address that it listens on' },
          'allow-host': { ...repeatable, describe: 'Another host name that it answers to; repeatable' },
          client: { ...repeatable, describe: 'A client as id:secret:redirect_uri; repeatable' },
          user: { ...repeatable, describe: 'A user as username or username:password; repeatable' },
          scope: { ...repeatable, describe: "Another scope, in addition to Polar's; repeatable" },
          lifetime: { ...repeatable, describe: 'Seconds, such as accessToken=60; repeatable' },
          'client-authentication': {
            ...single,
            describe: 'any: clients may use Basic or post, whatever they registered',
          },
          'redirect-uris': { ...single, describe: 'loopback or any: looser than https and http://localhost' },
          introspection: { ...single, describe: "any: a client can introspect other clients' tokens" },
          consent: { ...single, describe: 'always or never, instead of asking once' },
          'post-logout-redirect-uri': {
            ...repeatable,
            describe:
              'Where users may go after a logout, for each --client; turns on --end-session; repeatable',
          },
          'end-session': { ...flag, describe: 'Let apps sign users out' },
          'authorization-server-metadata': { ...flag, describe: 'Also serve RFC 8414 metadata' },
          agents: { ...flag, describe: "Serve what AI agents' clients need: RFC 8414, RFC 9728, RFC 8707" },
          keys: { ...single, describe: 'Keep the signing keys in this file' },
          'tls-cert': { ...single, describe: 'For https: the certificate, a PEM file' },
          'tls-key': { ...single, describe: 'For https: its private key, a PEM file' },
          defect: { ...repeatable, describe: 'Break this rule; repeatable. The list command names them' },
          explain: { ...flag, describe: 'Print each request and, for a refusal, the rule that decided' },
          control: { ...flag, describe: 'With --host: let tests on other machines control it over HTTP' },
          json: { ...flag, describe: "Print one line of JSON when it's ready; end with the parent process" },
          keep: { ...flag, describe: 'With --json: keep running after the parent process ends' },
        }),
    async (argv) => {
      const { sandbox } = await import('../commands/sandbox.js');
      const { client = [], user = [], scope = [], lifetime = [], defect = [] } = argv;
      const lists = { client, user, scope, lifetime, defects: defect };
      const { file, host, issuer, introspection, consent, keys } = argv;
      const options = {
        ...lists,
        file,
        host,
        issuer,
        introspection,
        consent,
        keys,
        port: argv.port,
        postLogoutRedirectUri: argv['post-logout-redirect-uri'] ?? [],
        allowHost: argv['allow-host'] ?? [],
        clientAuthentication: argv['client-authentication'],
        redirectUris: argv['redirect-uris'],
        endSession: argv['end-session'],
        authorizationServerMetadata: argv['authorization-server-metadata'],
        agents: argv.agents,
        tlsCert: argv['tls-cert'],
        tlsKey: argv['tls-key'],
        explain: argv.explain,
        control: argv.control,
        json: argv.json,
        keep: argv.keep,
      };
      end(await sandbox(options, screen));
    },
  );
}
