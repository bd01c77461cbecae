/** The style of the tutorial's pages: light and dark, from 320 pixels up, never relying on color alone. */
import { SEQUENCE_CSS } from '../../../fixtures/diagram/svg.js';

export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #fff; --text: #1b1d21; --dim: #565b64; --line: #8a8f98; --soft: #f2f4f7;
  --accent: #0b57d0; --on-accent: #fff; --good: #146c2e; --bad: #b3261e; --mark: #ffd9d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #15171a; --text: #e6e8eb; --dim: #a9afb9; --line: #767c86; --soft: #21252a;
    --accent: #a8c7fa; --on-accent: #062e6f; --good: #8fd6a0; --bad: #f2b8b5; --mark: #6b2420;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
body > header, body > footer, #content { max-width: 74rem; margin: 0 auto; padding: 0 1.25rem; }
body > header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 2rem; padding-top: .75rem; }
body > header ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
[aria-current=page] { color: inherit; font-weight: 600; text-decoration: none; }
.brand { margin: 0; color: var(--dim); }
main:focus, h1:focus, h3:focus { outline: none; }
main { padding-bottom: 2rem; }
main > p, main li, dd, section > p { max-width: 42rem; }
h1 { margin: .25rem 0 .75rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; }
h3 { margin: 1.25rem 0 .4rem; font-size: 1rem; }
a { color: var(--accent); }
.eyebrow { margin: 1.5rem 0 0; color: var(--dim); }
progress { width: 100%; max-width: 42rem; height: .5rem; accent-color: var(--good); }
small, .source { color: var(--dim); font-size: .875rem; }
code { font: .9em/1.5 ui-monospace, Menlo, Consolas, monospace; }
pre { max-width: 100%; margin: .25rem 0 .5rem; padding: .75rem 1rem; background: var(--soft); border-radius: .4rem; white-space: pre-wrap; }
dl { margin: 0; }
dt { font-weight: 600; }
dd { margin: 0 0 .6rem; }
dd p { margin: .15rem 0; }
.words { padding: .75rem 1rem .25rem; border-left: 3px solid var(--line); }
.goals { margin: 0; padding: 0; list-style: none; }
.goals li { display: flex; gap: .75rem; margin-bottom: .75rem; }
.goals p { margin: 0; }
.tick { flex: none; width: 1.25rem; font-weight: 700; text-align: center; }
.reached > .tick, .good { color: var(--good); }
.failed > .tick, .bad { color: var(--bad); }
.badge { padding: 0 .45rem; border: 1px solid var(--bad); border-radius: 1rem; color: var(--bad); font-size: .8rem; white-space: nowrap; }
.feedback, .gained { margin-top: 1.5rem; padding: .1rem 1rem .75rem; border: 1px solid var(--line); border-left-width: 6px; border-radius: .4rem; max-width: 46rem; }
.feedback h2, .gained h2 { margin-top: .75rem; }
.feedback.goal, .gained { border-left-color: var(--good); }
.feedback.mistake, .feedback.near-miss, .feedback.accepted, .feedback.refused { border-left-color: var(--bad); }
.compared { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .9rem; margin-bottom: .75rem; }
.compared dt { color: var(--dim); font-weight: 400; }
.compared dd { margin: 0; }
.compared code { white-space: pre-wrap; word-break: break-all; }
mark { background: var(--mark); color: inherit; font-weight: 700; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 3px; }
.gap { border-bottom: 1px dashed var(--dim); }
.stop { padding-top: .5rem; border-top: 1px solid var(--line); }
.row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin: .5rem 0; }
form { margin: 0; }
button { padding: .5rem 1rem; font: inherit; text-align: left; border: 1px solid var(--line); border-radius: .4rem; background: none; color: inherit; cursor: pointer; overflow-wrap: anywhere; }
.small { padding: .15rem .6rem; font-size: .875rem; }
button:hover { background: var(--soft); }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button[aria-pressed=true] { border: 2px solid var(--accent); font-weight: 600; }
button[aria-pressed=true]::after { content: " ✓"; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
legend { padding: 0; }
label { display: block; font-weight: 600; }
.choice { display: flex; gap: .6rem; align-items: baseline; margin: .3rem 0; font-weight: 400; }
textarea { width: 100%; max-width: 46rem; padding: .5rem; font: .9rem/1.5 ui-monospace, Menlo, Consolas, monospace; color: inherit; background: none; border: 1px solid var(--line); border-radius: .4rem; }
details { max-width: 42rem; }
summary { cursor: pointer; }
.tabs { display: flex; flex-wrap: wrap; gap: 0 .25rem; max-width: 52rem; }
.tabs > input { position: absolute; opacity: 0; }
.tabs > label { padding: .3rem .8rem; border: 1px solid var(--line); border-bottom-width: 3px; border-radius: .4rem .4rem 0 0; font-weight: 400; cursor: pointer; }
.tabs > input:checked + label { border-bottom-color: var(--accent); font-weight: 600; }
.tabs > input:focus-visible + label { outline: 3px solid var(--accent); outline-offset: 2px; }
.panel { display: none; flex: 1 0 100%; min-width: 0; }
.panel p { margin: .6rem 0 0; }
.tab-curl:checked ~ .panel-curl, .tab-powershell:checked ~ .panel-powershell, .tab-fetch:checked ~ .panel-fetch, .tab-http:checked ~ .panel-http { display: block; }
.lessons { margin: 0; padding: 0; list-style: none; }
.lessons button { display: flex; gap: .6rem; width: 100%; border-color: transparent; }
.lessons button b { font-weight: 400; }
.lessons button[aria-current] { border-color: var(--accent); }
.lessons button[aria-current] b { font-weight: 600; }
.values { font-size: .9rem; }
.parameters dt { margin-top: 1rem; }
.parameters dd { padding-left: 1rem; border-left: 3px solid var(--line); }
.value { user-select: all; }
.beside { padding-bottom: 2rem; }
footer { color: var(--dim); font-size: .875rem; border-top: 1px solid var(--line); }
.lost { position: fixed; inset: auto 0 0; margin: 0; padding: .6rem 1.25rem; background: var(--bad); color: var(--back); }
.spoken { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem 1rem; background: var(--back); }
[hidden] { display: none; }
@media (min-width: 62rem) {
  #content:has(.beside) { display: grid; grid-template-columns: minmax(0, 1fr) 19rem; gap: 3rem; }
}
${SEQUENCE_CSS}
@media (forced-colors: active) { mark { forced-color-adjust: none; } }
`;
