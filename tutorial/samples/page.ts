/** The frame of the sample apps' pages: plain, no scripts, nothing from elsewhere. */
import { html, raw } from 'hono/html';

/** Markup in which every inserted value is escaped. */
export type Markup = ReturnType<typeof html>;

const STYLE =
  ':root{color-scheme:light dark}body{margin:0;font:1rem/1.5 system-ui,sans-serif}main{max-width:34rem;margin:8vh auto;padding:1.25rem}h1{font-size:1.5rem;line-height:1.25}button{padding:.6rem 1.25rem;font:inherit;font-weight:600}';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  // The URLs of these pages have codes in them.
  'referrer-policy': 'no-referrer',
};

export function page(title: string, main: Markup, status = 200): Response {
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`;
  return new Response(String(text), { status, headers: HEADERS });
}
