/** Rejects host names that someone else points at this machine (DNS rebinding). */

/** @returns whether a request names this machine and the port of the page */
export function isLocalHost(request: Request, page: string): boolean {
  const { port } = new URL(page);
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return ['localhost', '127.0.0.1', '[::1]'].some((name) => host === `${name}:${port}`);
}
