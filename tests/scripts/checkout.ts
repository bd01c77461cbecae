/** A folder like a checked-out project, with an npx that starts what was built: snippets of the docs run in it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliRunner } from './cli.js';

const CLI = fileURLToPath(new URL('../../scripts/cli.js', import.meta.url));

/** What the snippets judge: everything would take too long for a test. */
export const FEW = [
  'discovery-jwks-public-only',
  'discovery-document',
  'discovery-issuer-match',
  'discovery-stable',
];

/**
 * Starts the built program in place of the published one. What takes long or needs a person is cut short: `run` and
 * `prove` look at a few requirements, `login` shows no window, and `tutorial` lists its lessons.
 */
const NPX = `#!/usr/bin/env bash
[ "$1" = --yes ] && shift
case "$1" in
  polar-conformance | polar-conformance@*) shift ;;
  *) echo "npx has no $1" >&2; exit 127 ;;
esac
command=$1
few=(${FEW.map((id) => `--only ${id}`).join(' ')})
defect='--defect ([a-z-]+)'
[[ "$*" =~ $defect ]] && few+=(--only "\${BASH_REMATCH[1]}")
case "$command" in
  run) set -- "$@" "\${few[@]}" ;;
  prove) [ "$#" -gt 1 ] && [ "\${2:0:2}" != -- ] || set -- "$@" discovery-document ;;
  login) set -- "$@" --headless ;;
  tutorial) [ "$#" -gt 1 ] || set -- "$@" --list ;;
esac
exec "${process.execPath}" "${CLI}" "$@"
`;

/** The set-up is tested by the pipeline itself. */
const NPM = '#!/usr/bin/env bash\nexit 0\n';

/** A checked-out project with a target file and a baseline, and an npx that starts what was built. */
export class Checkout {
  readonly #bench = new CliRunner();

  /** @param files what is in the folder at first, by name */
  constructor(files: Readonly<Record<string, string>>) {
    mkdirSync(join(this.#bench.folder, 'bin'));
    writeFileSync(join(this.#bench.folder, 'bin', 'npx'), NPX, { mode: 0o755 });
    writeFileSync(join(this.#bench.folder, 'bin', 'npm'), NPM, { mode: 0o755 });
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  shell(script: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; output: string }> {
    return this.#spawn('bash', ['-c', script], env);
  }

  /** Runs the script of the action with its inputs as variables. */
  action(
    script: string,
    inputs: Readonly<Record<string, string>>,
  ): Promise<{ code: number | null; output: string }> {
    return this.#spawn(script, [], {
      ...inputs,
      GITHUB_OUTPUT: join(this.#bench.cwd, 'github-output'),
      GITHUB_STEP_SUMMARY: join(this.#bench.cwd, 'github-summary'),
    });
  }

  has(name: string): boolean {
    return existsSync(join(this.#bench.cwd, name));
  }

  read(name: string): string {
    return readFileSync(join(this.#bench.cwd, name), 'utf8');
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.#bench.cwd, name), text);
  }

  remove(): void {
    this.#bench.remove();
  }

  async #spawn(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    const path = `${join(this.#bench.folder, 'bin')}:${process.env.PATH}`;
    const child = spawn(command, args, {
      cwd: this.#bench.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environmentOutsideCi(), TMPDIR: this.#bench.temporary, PATH: path, ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    await once(child, 'close');
    return { code: child.exitCode, output };
  }
}

/** Without CI, where a run that names no target is refused. */
function environmentOutsideCi(): NodeJS.ProcessEnv {
  const { CI: _, ...env } = process.env;
  return env;
}
