/** docs/openid-foundation.md: which of our requirements judge what the OpenID Foundation's OP plans test. */
import { escapeMarkdown, renderTable } from '../markdown.js';
import { BASIC } from './basic.js';
import { CONFIG } from './config.js';
import { DYNAMIC } from './dynamic.js';
import { type ConformancePlan, type Coverage, type Module, measureCoverage } from './module.js';

export const CONFORMANCE_PLANS: readonly ConformancePlan[] = [BASIC, CONFIG, DYNAMIC];

/** @returns the page as Markdown */
export function openidFoundationPage(plans: readonly ConformancePlan[] = CONFORMANCE_PLANS): string {
  return `${[
    "# The OpenID Foundation's plans for providers",
    '<!-- Generated from scripts/dev/docs/openid-foundation/: change it there, then `npm run docs`. -->',
    INTRODUCTION,
    renderTable(
      ['Profile', 'Modules', 'Whole', 'In part', 'None'],
      plans.map((plan) => [
        `[${plan.title}](#${plan.title.toLowerCase().replace(' ', '-')})`,
        String(plan.modules.length),
        ...(['whole', 'in part', 'none'] as const).map((coverage) => String(countModules(plan, coverage))),
      ]),
    ),
    ...plans.flatMap((plan) => [
      `## ${plan.title}`,
      `\`${plan.plan}\`. ${escapeMarkdown(plan.about)}`,
      renderTable(
        ['Module', 'What it tries', 'Judged', 'Our requirements', "What isn't judged, and why"],
        renderRows(plan),
      ),
    ]),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = [
  'The OpenID Foundation certifies providers with its own',
  '[conformance suite](https://gitlab.com/openid/conformance-suite);',
  "a run of this suite is not a certification and doesn't replace one.",
  'This page says, module by module, which of our requirements judge the same thing',
  'and, if none does, why. Modules are in the order of their plan.',
  '“In part” means that we have no requirement for something in the module, which the last column names.',
  '',
  'Two things differ. Nobody writes commands for the browser: the suite finds its way by role and label.',
  'And where a person has to review their module, seven times in the Basic plan, a check here gives a verdict.',
  'Beyond these plans, our catalog judges revocation, introspection, PKCE downgrades, denied consent, cross-site forms,',
  'framing, races, rotation, expiry, CORS and managing registrations.',
].join('\n');

function countModules({ modules }: ConformancePlan, coverage: Coverage): number {
  return modules.filter((module) => measureCoverage(module) === coverage).length;
}

function renderRows({ modules }: ConformancePlan): readonly (readonly string[])[] {
  return modules.map((module) => [
    formatName(module),
    escapeMarkdown(module.tries),
    measureCoverage(module),
    module.ids.map((id) => `\`${id}\``).join(', '),
    escapeMarkdown(module.gap ?? ''),
  ]);
}

function formatName({ name, renamed }: Module): string {
  return renamed === undefined ? `\`${name}\`` : `\`${name}\`, now \`${renamed}\``;
}
