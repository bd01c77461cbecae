/** From the saved state to the starting state: pure functions. */
import type { Lesson } from '../lessons/lesson.js';
import type { Saved } from '../tutorial-options.js';

type Ports = Saved['ports'];

/** The state before the first lesson. Ports are kept, because an app may already be configured for them. */
export function freshState(current: string, ports: Ports = { issuer: 0, page: 0 }): Saved {
  return { current, progress: {}, clients: [], values: {}, ports };
}

/** @returns the state with one lesson restarted and made current */
export function withoutLesson(saved: Saved, id: string): Saved {
  const { [id]: _, ...progress } = saved.progress;
  return { ...saved, current: id, progress };
}

/** @returns the state at the lesson to continue with: if the current one is done, the next open one */
export function resumed(saved: Saved, lessons: readonly Lesson[]): Saved {
  const isOpen = (id: string): boolean => (saved.progress[id]?.status ?? 'open') === 'open';
  if (isOpen(saved.current)) return saved;
  const at = lessons.findIndex(({ id }) => id === saved.current);
  const following = lessons.slice(at + 1).find(({ id }) => isOpen(id));
  return { ...saved, current: following?.id ?? saved.current };
}

/**
 * The state for new ports. A client whose redirect URI is the tutorial's own page has to come back to the new address;
 * another program may listen at the old one.
 */
export function atPorts(saved: Saved, ports: Ports): Saved {
  const before = `http://localhost:${saved.ports.page}/`;
  const after = `http://localhost:${ports.page}/`;
  const moved = (uri: string): string =>
    uri.startsWith(before) ? `${after}${uri.slice(before.length)}` : uri;
  const { REDIRECT_URI } = saved.values;
  return {
    ...saved,
    ports,
    clients: saved.clients.map((client) => ({ ...client, redirect_uris: client.redirect_uris.map(moved) })),
    values: {
      ...saved.values,
      ...(REDIRECT_URI === undefined ? {} : { REDIRECT_URI: moved(REDIRECT_URI) }),
    },
  };
}
