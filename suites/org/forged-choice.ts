/** The page's own decision, sent from the page itself in the user's session, with a choice that it does not offer. */
import type { BrowserPage } from '../../fixtures/browser/types.js';
import type { AuthorizationOutcome } from '../../fixtures/flow/types.js';
import type { OrganizationSettings } from '../../fixtures/target/settings.js';
import { NotTested } from '../../fixtures/verdict.js';

/** What the form is to say: other values, in this order, or nothing at all. */
export type Choice = { readonly values: readonly string[] } | 'nothing';

/**
 * Changes the choice on the page that is shown and allows.
 * @param offered the organizations that the page offers
 * @throws NotTested where what the browser sent does not bear the change
 */
export async function allowWithChoice(
  visit: BrowserPage,
  offered: readonly OrganizationSettings[],
  choice: Choice,
): Promise<AuthorizationOutcome> {
  const known = offered.flatMap(({ id, name }) => [id, name]);
  const changed = await visit.page.evaluate(changeChoice, {
    known,
    values: choice === 'nothing' ? [] : choice.values,
  });
  if (!changed) throw new NotTested('The choice on the page is not a field that could get another value.');
  const sent: string[] = [];
  visit.page.on('request', (request) => sent.push(`${request.url()}\n${decodeForm(request.postData())}`));
  const answer = await visit.allow();
  const says = (value: string) => sent.some((text) => text.includes(value));
  const wanted = choice === 'nothing' ? [] : choice.values;
  const ignored = wanted.some((value) => value !== '' && !says(value));
  if (ignored || known.some((value) => says(value) && !wanted.includes(value))) {
    throw new NotTested('The page did not send the changed choice: it does not take it from the field.');
  }
  return answer;
}

function decodeForm(body: string | null): string {
  try {
    return decodeURIComponent((body ?? '').replaceAll('+', ' '));
  } catch {
    return body ?? '';
  }
}

/** Runs in the page, so it uses nothing outside itself. */
function changeChoice({ known, values }: { known: readonly string[]; values: readonly string[] }): boolean {
  const fields = [...document.querySelectorAll('input, select')];
  const choices = fields.filter(
    (field) =>
      (field instanceof HTMLInputElement && field.name !== '' && known.includes(field.value)) ||
      (field instanceof HTMLSelectElement &&
        [...field.options].some((option) => known.includes(option.value))),
  );
  const [first] = choices;
  if (first === undefined) return false;
  const form = first.closest('form');
  const name = first.getAttribute('name') ?? '';
  for (const field of choices) field.remove();
  if (form === null) return false;
  form.noValidate = true;
  for (const button of form.querySelectorAll('button, input')) button.removeAttribute('disabled');
  for (const value of values) {
    const forged = document.createElement('input');
    forged.type = 'hidden';
    forged.name = name;
    forged.value = value;
    form.append(forged);
  }
  return true;
}
