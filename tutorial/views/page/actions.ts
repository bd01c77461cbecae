/** What the page's buttons do; each leads back to where its effect is visible. */
import type { Tutorial } from '../../tutorial.js';

type Fields = Readonly<Record<string, unknown>>;

/** @returns the place on the page to show next; null for an unknown action */
export async function act(tutorial: Tutorial, name: string, fields: Fields): Promise<string | null> {
  switch (name) {
    case 'hint':
      tutorial.hint();
      return '/#help';
    case 'solution':
      tutorial.solution();
      return '/#help';
    case 'next':
      await tutorial.next();
      return '/';
    case 'reset':
      await tutorial.reset();
      return '/';
    case 'go': {
      const lesson = tutorial.lessons.find(({ id }) => id === fields.lesson);
      if (lesson === undefined) return null;
      await tutorial.go(lesson.id);
      return '/';
    }
    case 'test-app':
      await tutorial.testApp(null);
      return '/#app-test';
    case 'guess':
      tutorial.guess(Number(fields.choice));
      return '/#guess';
    default:
      return null;
  }
}
