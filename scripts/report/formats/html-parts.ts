/** Style and script of the HTML report. With no scripts, everything can be read; with them, it can be filtered. */

export const STYLE = `
:root { color-scheme: light dark; --line: #d0d4da; --soft: #f4f5f7; --text: #1c1e21; --dim: #5a6069; --bad: #b3261e; --warn: #8a5a00; --good: #146c2e; --accent: #0b57d0; --page: #fff; }
@media screen and (prefers-color-scheme: dark) { :root { --line: #3c4048; --soft: #1d2026; --text: #e6e8eb; --dim: #a0a7b1; --bad: #f2b8b5; --warn: #f0c36d; --good: #8fd6a4; --accent: #a8c7fa; --page: #121417; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; font-size: 1.25rem; }
h3 { font-size: 1rem; }
a { color: var(--accent); }
code, pre { font: .875rem/1.45 ui-monospace, monospace; }
pre { margin: .35rem 0; padding: .6rem .75rem; max-width: 100%; overflow-x: auto; white-space: pre-wrap; background: var(--soft); border-radius: .4rem; }
li { margin: .3rem 0; }
.command span { display: inline-block; max-width: 100%; }
.dim { color: var(--dim); }
.counts li { margin: 0; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; margin: 1rem 0; padding: 0; list-style: none; }
.counts b { font-size: 1.2rem; }
.status { display: inline-block; min-width: 6.5rem; font-weight: 600; }
.fail, .not-conforming { color: var(--bad); } .warn, .known, .blocked, .error, .not-tested, .incomplete, .known-failures { color: var(--warn); } .pass, .conforming { color: var(--good); } .not-applicable { color: var(--dim); }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; background: var(--page); }
details details { margin: .5rem 0; }
summary { padding: .55rem .75rem; cursor: pointer; }
.body { padding: 0 .75rem .75rem; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .25rem 1rem; margin: .5rem 0; }
dt { font-weight: 600; } dd { margin: 0; }
form { display: flex; flex-wrap: wrap; gap: 1rem; align-items: end; margin: 1.5rem 0; padding: .75rem; background: var(--soft); border-radius: .5rem; }
form[hidden] { display: none; }
label { display: block; font-weight: 600; }
input, select { margin-top: .2rem; padding: .4rem .55rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: .35rem; max-width: 100%; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (max-width: 30rem) { .status { min-width: 0; margin-right: .5rem; } dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
@media print { :root { color-scheme: light; } body { color: #000; background: #fff; } main { max-width: none; } form { display: none; } h2, h3, summary { break-after: avoid; } [data-status="pass"], dl > *, li { break-inside: avoid; } }
`;

export const SCRIPT = `
const form = document.querySelector('form');
const status = document.querySelector('#status');
const words = document.querySelector('#words');
const told = document.querySelector('#told');
const all = [...document.querySelectorAll('[data-status]')];
form.hidden = false;
function filter() {
  const wanted = words.value.trim().toLowerCase();
  let shown = 0;
  for (const one of all) {
    const fits = (status.value === '' || status.value.split(' ').includes(one.dataset.status)) && one.textContent.toLowerCase().includes(wanted);
    one.hidden = !fits;
    if (fits) shown += 1;
  }
  for (const chapter of document.querySelectorAll('section[data-chapter]')) chapter.hidden = chapter.querySelector('[data-status]:not([hidden])') === null;
  told.textContent = shown + ' of ' + all.length + ' shown';
}
form.addEventListener('input', filter);
function revealTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target === null || target.closest('[hidden]') === null) return;
  status.value = '';
  words.value = '';
  filter();
  target.scrollIntoView();
}
addEventListener('hashchange', revealTarget);
form.addEventListener('submit', (event) => event.preventDefault());
// Paper can't be unfolded: failures are printed with their evidence, everything else that didn't pass without it.
// What was folded is folded again afterward.
let unfolded = [];
addEventListener('beforeprint', () => {
  unfolded = [...document.querySelectorAll('[data-status]:not([data-status="pass"]):not([hidden]), [data-status="fail"]:not([hidden]) details, [data-status="warn"]:not([hidden]) details')].filter((fold) => !fold.open);
  for (const fold of unfolded) fold.open = true;
});
addEventListener('afterprint', () => {
  for (const fold of unfolded) fold.open = false;
});
filter();
revealTarget();
`;
