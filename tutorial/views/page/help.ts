/** Hints, and the request in four languages. Works with scripts off. */
import { html } from 'hono/html';
import { namesOf, type Recipe } from '../../lessons/recipe.js';
import { SECRET_NAMES, type Values } from '../../lessons/values.js';
import { MOST_HINTS } from '../../progress.js';
import { addressOf, type Language, languages, type Mode } from '../commands/index.js';
import { actionForm, copyButton, type Markup } from './markup.js';
import type { PageData } from './page-data.js';

export function helpSection(shown: PageData): Markup {
  const { view, progress, token } = shown;
  const { hints, hintRecipes, solution } = view;
  return html`<section aria-labelledby="help"><h2 id="help">Help</h2>
${hints.length === 0 ? null : html`<ol class="hints">${hints.map((hint) => html`<li>${hint}</li>`)}</ol>`}
${
  hintRecipes === null || solution !== null
    ? null
    : html`<h3 id="hint-request" tabindex="-1">Hint 3: the request with blanks</h3>${tabs('hint', hintRecipes, shown, 'unfilled')}`
}
${solution === null ? null : html`<h3 id="solution" tabindex="-1">Solution</h3>${secretsNote(solution, shown)}${tabs('solution', solution, shown, 'filled')}`}
${
  progress.hints >= MOST_HINTS && solution !== null
    ? null
    : html`<div class="row">
${
  progress.hints >= MOST_HINTS || solution !== null
    ? null
    : actionForm(token, {
        id: 'do-hint',
        path: '/do/hint',
        label: `Hint ${progress.hints + 1} of ${MOST_HINTS}`,
      })
}
${solution === null ? actionForm(token, { id: 'do-solution', path: '/do/solution', label: 'Show the solution' }) : null}
</div>`
}</section>`;
}

/** The first request of a lesson, ready to send. */
export function startSection(shown: PageData): Markup | null {
  const { lesson, goals } = shown.view;
  if (lesson.start === undefined || goals.some(({ isReached }) => isReached)) return null;
  return html`<section aria-labelledby="start"><h2 id="start">Start here</h2><p>Type this in a terminal:</p>${tabs('start', [lesson.start], shown, 'filled')}</section>`;
}

/** Secrets are named, not shown: the shell has to have them. */
function secretsNote(recipes: readonly Recipe[], { env }: PageData): Markup | null {
  const names = [...new Set(recipes.flatMap(namesOf))].filter((name) => SECRET_NAMES.has(name));
  if (names.length === 0) return null;
  return html`<p>Secrets appear as variables (${names.map((name, index) => html`${index === 0 ? '' : ', '}<code>${name}</code>`)}). Load them into your shell with <code>${env.sh}</code>, or reveal them under “Your values”.</p>`;
}

/** A choice of languages, unless everything happens in a browser. */
function tabs(id: string, recipes: readonly Recipe[], { values }: PageData, mode: Mode): Markup {
  const steps = (language: Language) =>
    recipes.map((recipe) => inBrowser(recipe, values, mode) ?? inLanguage(recipe, language, values, mode));
  const inBrowserOnly = recipes.map((recipe) => inBrowser(recipe, values, mode));
  if (!inBrowserOnly.includes(null)) return html`<div>${inBrowserOnly}</div>`;
  return html`<fieldset class="tabs"><legend class="spoken">Language</legend>
${languages.map(
  (language, index) =>
    html`<input type="radio" name="${id}-language" id="${id}-${language.id}" class="tab-${language.id}" value="${language.id}"${index === 0 ? html` checked` : ''}><label for="${id}-${language.id}">${language.title}</label>`,
)}
${languages.map(
  (language) =>
    html`<div class="panel panel-${language.id}"><h4 class="spoken">${language.title}</h4>${steps(language)}</div>`,
)}</fieldset>`;
}

function inLanguage(recipe: Recipe, { title, write }: Language, values: Values, mode: Mode): Markup {
  return html`<p>${capitalized(recipe.note)}:</p>${block(`${title}: ${recipe.note}`, write(recipe, values, mode))}${copyButton(`the ${title} text`)}`;
}

/** @returns null for requests that a browser can't send, or only with a secret that a shell has to fill in */
function inBrowser(recipe: Recipe, values: Values, mode: Mode): Markup | null {
  const address = recipe.browser === undefined ? null : addressOf(recipe, values, mode);
  if (address === null) return null;
  const canOpen = /^https?:/.test(address) && !address.includes('<');
  return html`<p>${capitalized(recipe.note)}, in a browser: ${canOpen ? html`<a href="${address}" rel="noreferrer">open this address</a>` : 'open this address'}. ${recipe.browser}</p>${block(`Address: ${recipe.note}`, address)}${copyButton('the address')}`;
}

const block = (label: string, text: string): Markup =>
  html`<pre tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>`;

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
