/** docs/requirements.md: the whole catalog as a page, with the same facts as `explain`. */
import { CATALOG_VERSION, type Catalog, catalog, listEntries } from '../../../suites/catalog.js';
import { type ChapterFacts, describeChapter, type RequirementFacts } from '../../requirement-facts.js';
import { escapeMarkdown, headingAnchor, renderLink, renderTable } from './markdown.js';

/** @returns the page as Markdown */
export function renderRequirementsPage(chapters: Catalog = catalog): string {
  const facts = chapters.map(describeChapter);
  return `${[
    '# The requirements',
    '<!-- Generated from the catalog: change suites/ and fixtures/sandbox/defects/, then `npm run docs`. -->',
    renderIntroduction(chapters),
    renderOverview(facts),
    ...facts.flatMap(renderChapter),
  ].join('\n\n')}\n`;
}

function renderIntroduction(chapters: Catalog): string {
  const all = listEntries(chapters).map(({ requirement }) => requirement);
  const count = (name: string) => all.filter(({ profile }) => profile === name).length;
  const must = all.filter(({ level }) => level === 'MUST').length;
  return [
    `Catalog ${CATALOG_VERSION}: ${all.length} requirements, ${must} of them MUST.`,
    `${count('oauth')} belong to profile \`oauth\`, for any OAuth 2.0 server. \`oidc\` adds ${count('oidc')} for OpenID providers,`,
    `\`polar\` ${count('polar')} of Polar's own, and \`agents\` ${count('agents')} to any of them, for the clients of AI agents.`,
    'Each chapter opens with its scenario: the healthy steps that its checks deviate from.',
    '`polar-conformance explain <id>` prints the same of one requirement, and `explain <chapter>` of a chapter.',
  ].join('\n');
}

function renderOverview(facts: readonly ChapterFacts[]): string {
  const rows = facts.map(({ id, title, requirements }) => [
    `[${escapeMarkdown(title)}](${headingAnchor(id)})`,
    `\`${id}\``,
    String(requirements.length),
    String(requirements.filter(({ level }) => level === 'MUST').length),
  ]);
  return renderTable(['Chapter', 'Id', 'Requirements', 'MUST'], rows);
}

function renderChapter({ id, title, scenario, requirements }: ChapterFacts): readonly string[] {
  return [
    `## ${id}`,
    `**${escapeMarkdown(title)}.** ${escapeMarkdown(scenario)}`,
    ...requirements.flatMap(renderRequirement),
  ];
}

function renderRequirement(facts: RequirementFacts): readonly string[] {
  const clauses = facts.clauses.map(({ text, url }) => renderLink(text, url)).join('; ');
  return [
    `### ${facts.id}`,
    `**${escapeMarkdown(facts.statement)}**`,
    [
      `- Level: ${facts.level}, profile \`${facts.profile}\``,
      `- Clauses: ${clauses}`,
      ...facts.facts.map(({ label, text }) => `- ${label}: ${escapeMarkdown(text)}`),
      ...(facts.failingCommand === null ? [] : [`- See it fail: \`${facts.failingCommand}\``]),
    ].join('\n'),
  ];
}
