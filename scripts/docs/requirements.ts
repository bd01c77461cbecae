/** docs/requirements.md: the whole catalogue as a page, told by the same facts as `explain`. */
import { CATALOGUE_VERSION, type Catalogue, catalogue, entries } from '../../suites/catalogue.js';
import { type ChapterFacts, chapterFacts, type RequirementFacts } from '../facts.js';
import { anchor, escaped, link, table } from './markdown.js';

/** @returns the page as Markdown */
export function requirementsPage(chapters: Catalogue = catalogue): string {
  const told = chapters.map(chapterFacts);
  return `${[
    '# The requirements',
    '<!-- Generated from the catalogue: change suites/ and fixtures/sandbox/defects/, then `npm run docs`. -->',
    introduction(chapters),
    overview(told),
    ...told.flatMap(chapterParts),
  ].join('\n\n')}\n`;
}

function introduction(chapters: Catalogue): string {
  const all = entries(chapters).map(({ requirement }) => requirement);
  const oidc = all.filter(({ profile }) => profile === 'oidc').length;
  const must = all.filter(({ level }) => level === 'MUST').length;
  return [
    `Catalogue ${CATALOGUE_VERSION}: ${all.length} requirements, ${must} of them MUST.`,
    `${oidc} belong to profile \`oidc\`, which any OpenID provider can be measured by;`,
    'profile `polar` is all of them.',
    'Each chapter opens with its story: the healthy steps that its checks deviate from.',
    '`polar-conformance explain <id>` prints the same of one requirement, and `explain <chapter>` of a chapter.',
  ].join('\n');
}

function overview(told: readonly ChapterFacts[]): string {
  const rows = told.map(({ id, title, requirements }) => [
    `[${escaped(title)}](${anchor(id)})`,
    `\`${id}\``,
    String(requirements.length),
    String(requirements.filter(({ level }) => level === 'MUST').length),
  ]);
  return table(['Chapter', 'Id', 'Requirements', 'MUST'], rows);
}

function chapterParts({ id, title, story, requirements }: ChapterFacts): readonly string[] {
  return [`## ${id}`, `**${escaped(title)}.** ${escaped(story)}`, ...requirements.flatMap(requirementParts)];
}

function requirementParts(told: RequirementFacts): readonly string[] {
  const clauses = told.clauses.map(({ text, url }) => link(text, url)).join('; ');
  return [
    `### ${told.id}`,
    `**${escaped(told.statement)}**`,
    [
      `- Level: ${told.level}, profile \`${told.profile}\``,
      `- Clauses: ${clauses}`,
      ...told.facts.map(({ label, text }) => `- ${label}: ${escaped(text)}`),
      ...(told.seeItRed === null ? [] : [`- See it red: \`${told.seeItRed}\``]),
    ].join('\n'),
  ];
}
