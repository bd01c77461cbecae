/** `run --dry-run`: what a run would judge and send, using only the plan. Nothing is sent, no server is started. */

import { chooseRate } from '../../fixtures/environment/request-rate.js';
import { createPalette, wrapText } from '../../fixtures/output/terminal-text.js';
import { buildDiscoveryUrl } from '../../fixtures/target/load.js';
import type { Target } from '../../fixtures/target/settings.js';
import { catalog } from '../../suites/catalog.js';
import { select } from '../../suites/plan/selection.js';
import { withoutBrowser } from '../../suites/plan.js';
import type { Requirement } from '../../suites/requirement.js';
import type { Screen } from '../screen.js';
import type { RunOptions } from './options.js';
import { NO_BROWSER } from './run-engine.js';

/** One requirement as `run --dry-run --json` prints it. */
export interface DryRunEntry extends Pick<Requirement, 'id' | 'level' | 'needs' | 'how'> {
  readonly chapter: string;
  /** Why it won't be judged, as far as that is known without asking the server; null: it will be judged. */
  readonly notJudged: string | null;
}

type Options = Pick<
  RunOptions,
  'selection' | 'noBrowser' | 'workers' | 'mostWorkers' | 'rate' | 'json' | 'color'
>;

/**
 * @param target what is known of it before anything is sent
 * @returns the exit code
 */
export function dryRun(target: Target, options: Options, screen: Screen): number {
  const planned = select(catalog, target, options.selection).map(({ chapter, requirement }) =>
    previewRequirement(chapter.id, requirement, target, options),
  );
  if (options.json) {
    screen.print(`${JSON.stringify(planned, null, 2)}\n`);
    return 0;
  }
  const paint = createPalette(options.color && screen.colors);
  const width = Math.min(100, screen.width);
  const lines = [...describeSetup(target, options), ''];
  for (const { id, title } of catalog) {
    const mine = planned.filter(({ chapter }) => chapter === id);
    if (mine.length === 0) continue;
    lines.push(paint.bold(`${title} (${id}, ${mine.length})`));
    for (const { id: name, level, needs, how, notJudged } of mine) {
      const requires = needs.length === 0 ? '' : `, needs ${needs.join(', ')}`;
      lines.push(`  ${paint.cyan(name)} ${paint.dim(level + requires)}`);
      const text = notJudged === null ? how : `Not judged: ${notJudged}`;
      lines.push(...wrapText(text, width - 4).map((line) => `    ${line}`));
    }
    lines.push('');
  }
  const judged = planned.filter(({ notJudged }) => notJudged === null).length;
  lines.push(`${judged} of ${planned.length} selected requirements would be judged. Nothing was sent.`);
  screen.print(`${lines.join('\n')}\n`);
  return 0;
}

function previewRequirement(
  chapter: string,
  requirement: Requirement,
  { settings }: Target,
  options: Options,
): DryRunEntry {
  const { id, level, needs, how } = requirement;
  const declared = needs.map((need) => settings.unsupported?.[need]).find((reason) => reason !== undefined);
  const blind = options.noBrowser ? withoutBrowser(requirement, NO_BROWSER) : null;
  const notJudged = declared === undefined ? (blind?.reason ?? null) : `Declared unsupported: ${declared}`;
  return { id, chapter, level, needs, how, notJudged };
}

/** What comes before any requirement, and how fast requests are sent. */
function describeSetup(target: Target, { workers, mostWorkers, rate }: Options): readonly string[] {
  const { settings, name, issuer, profile } = target;
  const clients = (['first', 'second', 'public'] as const).filter(
    (which) => settings.clients?.[which] === undefined,
  );
  const users = (['first', 'second'] as const).filter(
    (who) => settings.users?.[who]?.username !== undefined && settings.users[who].storageState === undefined,
  );
  const pace = chooseRate(target, rate);
  const more = mostWorkers > workers ? `, up to ${mostWorkers} if the server is slow` : '';
  return [
    `A run against ${name} (${issuer}, profile ${profile}) would send, in this order:`,
    `  GET ${buildDiscoveryUrl(settings)}`,
    ...(clients.length === 0
      ? []
      : [
          `  Registrations of ${clients.join(', ')} clients, where registration is offered; deleted at the end.`,
        ]),
    ...(users.length === 0
      ? []
      : [`  Sign-ins of the ${users.join(' and the ')} user in a browser, once for each check at a time.`]),
    '  Then what the requirements below need, each in its check.',
    `Pace: ${pace === null ? 'no limit' : `at most ${pace} requests per second`}, ${workers} checks at a time${more}.`,
  ];
}
