/** The ID Token page: explains the last one or a pasted one, and has the exercise of the lesson about them. */
import type { Context, Hono } from 'hono';
import { VERIFIER } from '../../lessons/id-token/exercise.js';
import type { Tutorial } from '../../tutorial.js';
import { checkFlaws, flawExercise } from '../../verify/flaws.js';
import { frameOf, page } from './document.js';
import { explainerOf } from './explain.js';
import { flawsSection } from './flaws.js';
import type { Markup } from './markup.js';
import { type TokenPage, tokenMain } from './token.js';

/** @param token of this process, against requests from elsewhere */
export function tokenRoutes(app: Hono, tutorial: Tutorial, token: string): void {
  const explain = explainerOf(tutorial);

  const flaws = async (answers: readonly (number | null)[] | null): Promise<Markup | null> => {
    const { exercises, idTokens } = tutorial.view().lesson;
    if (idTokens === 'keys' || !exercises.some(({ id }) => id === VERIFIER)) return null;
    const tokens = await tutorial.idTokensToVerify();
    if (tokens === null) return null;
    const right = answers === null ? null : checkFlaws(answers);
    return flawsSection({ exercise: flawExercise(tokens), answers: answers ?? [], right, token });
  };

  const show = async (
    context: Context,
    explained: TokenPage['explained'],
    answers: readonly (number | null)[] | null,
  ) =>
    page(
      context,
      frameOf('ID Token', tokenMain({ explained, flaws: await flaws(answers), token }), '/token'),
    );

  const last = async (): Promise<TokenPage['explained']> => {
    await tutorial.settled();
    const { ID_TOKEN } = tutorial.values;
    return ID_TOKEN === undefined ? null : { explanation: await explain(ID_TOKEN), isNoticed: true };
  };

  app.get('/token', async (context) => show(context, await last(), null));

  app.post('/token', async (context) => {
    const { id_token: given } = await context.req.parseBody();
    const explanation = await explain(typeof given === 'string' ? given.trim() : '');
    return show(context, { explanation, isNoticed: false }, null);
  });

  app.post('/token/flaws', async (context) => {
    const fields = await context.req.parseBody();
    const answers = [0, 1, 2].map((index) => numberOf(fields[`flaw-${index}`]));
    if (checkFlaws(answers).every(Boolean)) tutorial.reach(VERIFIER);
    return show(context, await last(), answers);
  });
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'string' && /^\d$/.test(value) ? Number(value) : null;
