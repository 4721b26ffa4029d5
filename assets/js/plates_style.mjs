// How plates look; colours are Streamlit's own, those of the levels and topics Vitrine's.
export const STYLE = `
.plates { font: 14px/1.5 var(--st-font); color: var(--st-text-color); container-type: inline-size; border-radius: 8px;
  --corpus: #d55e00; --document: #c98500; --word: #009e73; --grey: #8c8c8c; }
.plates.dark { --corpus: #f08a3c; --document: #f2c230; --word: #2fc79a; --grey: #9aa3a9; }
.plates:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 4px; }
.plates:focus:not(:focus-visible) { outline: none; }
.row { display: flex; flex-wrap: wrap; gap: .5rem .7rem; align-items: center; }
.row select, .row button { font: inherit; line-height: 1; color: inherit; height: 36px; min-width: 36px; padding: 0 .6rem; cursor: pointer; white-space: nowrap;
  background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: 8px; display: inline-flex; gap: .45rem; align-items: center; justify-content: center; }
.row button:hover:not(:disabled) { border-color: var(--st-primary-color); }
.row button:disabled { opacity: .4; cursor: default; }
.row button svg { width: 18px; height: 18px; }
.row .play { background: var(--st-primary-color); border-color: var(--st-primary-color); color: var(--st-background-color); font-weight: 600; min-width: 92px; }
.joined { display: inline-flex; }
.joined button { border-radius: 0; margin-left: -1px; }
.joined button:first-child { border-radius: 8px 0 0 8px; margin-left: 0; }
.joined button:last-child { border-radius: 0 8px 8px 0; }
:is(button, select, input):focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; position: relative; z-index: 1; }
.tools input { display: block; width: 100%; margin: .4rem 0 .1rem; accent-color: var(--st-primary-color); height: 22px; cursor: pointer; }
.says { font-size: 13.5px; min-height: 1.5em; opacity: .85; overflow: hidden; text-overflow: ellipsis; font-variant-numeric: tabular-nums; }
.levels { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: 12.5px; margin: .3rem 0 .5rem; }
.levels span { display: inline-flex; align-items: center; gap: .4rem; }
.levels i { width: 11px; height: 11px; border-radius: 50%; border: 2.5px solid var(--l); box-sizing: border-box; }
.corpus { --l: var(--corpus); } .document { --l: var(--document); } .word { --l: var(--word); }
.levels .seen i { border: 1px solid var(--st-text-color); background: color-mix(in srgb, var(--st-text-color) 28%, var(--st-background-color)); }
.levels .tell { opacity: .8; flex-basis: 100%; min-height: 1.5em; }
.cards { display: grid; grid-template-columns: minmax(0, 1fr); gap: .9rem; }
.card { border: 1px solid var(--st-border-color); border-radius: 10px; padding: .7rem .9rem .8rem; min-width: 0; container-type: inline-size; }
.title { display: flex; flex-wrap: wrap; gap: 0 .8rem; align-items: baseline; margin-bottom: .35rem; }
.title b { font-size: 16px; font-weight: 600; }
.title span { font-size: 13px; opacity: .8; }
.top { display: grid; grid-template-columns: minmax(0, 1fr); gap: .4rem 1.4rem; align-items: center; }
.diagram { display: block; width: 100%; max-width: 520px; height: auto; overflow: visible; margin: auto; }
.diagram text { fill: var(--st-text-color); text-anchor: middle; font: 11.5px var(--st-font); pointer-events: none; }
.diagram .letter { font: italic 17px Georgia, serif; }
.diagram .letter.long { font-size: 13px; }
.diagram .value { font-weight: 600; }
.diagram .sign { font: italic 14px Georgia, serif; opacity: .9; }
.plate rect { fill: none; stroke: var(--st-text-color); stroke-opacity: .45; stroke-width: 1.3; }
.edge path { fill: none; stroke: var(--st-text-color); stroke-opacity: .6; stroke-width: 1.5; }
.edge.lit path { stroke: var(--st-primary-color); stroke-opacity: 1; stroke-width: 3; }
.edge.lit path:first-child { stroke-dasharray: 7 4; animation: plates-run .5s linear infinite; }
.node { cursor: pointer; outline: none; }
.node circle { fill: var(--st-background-color); stroke: var(--l); stroke-width: 3; }
.node.seen circle { fill: color-mix(in srgb, var(--st-text-color) 28%, var(--st-background-color)); }
.node:hover circle { stroke-width: 4.5; }
.node:focus-visible circle { stroke: var(--st-primary-color); stroke-width: 5; }
.node.lit circle { stroke-width: 6; filter: drop-shadow(0 0 5px var(--l)); }
.mini rect { pointer-events: none; }
.lines { list-style: none; margin: 0; padding: 0; font: italic 16px/1.5 Georgia, serif; display: grid; gap: .15rem; }
.lines li { border-radius: 6px; border-left: 4px solid transparent; padding: .12rem .6rem; }
.lines .inside { margin-left: 1.4rem; }
.lines .loop { border-left-color: var(--st-border-color); }
.lines .now { background: color-mix(in srgb, var(--st-primary-color) 16%, transparent); border-left-color: var(--st-primary-color); }
sub { font-size: .72em; line-height: 0; }
.panels { display: grid; grid-template-columns: minmax(0, 1fr); gap: .6rem 1.6rem; margin-top: .7rem; }
.panel { min-width: 0; min-height: 13rem; }
.several .panel { min-height: 9rem; }
.head, .sofar { font-size: 13px; font-weight: 600; margin-bottom: .25rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar { display: grid; grid-template-columns: minmax(0, 11rem) minmax(40px, 1fr) 3.6rem; gap: .6rem; align-items: center; font-size: 13px; line-height: 1.55; padding: 0 .3rem; border-radius: 5px; border: 1px solid transparent; }
.bar .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar small { opacity: .75; }
.bar .rail { height: 11px; }
.bar i { display: block; height: 100%; border-radius: 3px; background: var(--grey); opacity: .5; }
.bar .p { text-align: right; font-variant-numeric: tabular-nums; opacity: .85; }
.bar.lit { border-color: var(--st-text-color); font-weight: 650; }
.bar.lit i { opacity: 1; }
.empty { opacity: .65; font-size: 13.5px; }
.sofar { margin-top: .55rem; }
.sofar span { font-weight: 400; opacity: .8; }
.card > .document { display: flex; flex-wrap: wrap; gap: .3rem; min-height: 2.1rem; max-height: 11rem; overflow-y: auto; align-content: start; padding: 2px; }
.w { font: inherit; line-height: 1.35; color: inherit; border: 1px solid transparent; border-radius: 5px; padding: .1rem .38rem; cursor: pointer; max-width: 100%; overflow-wrap: anywhere;
  background: color-mix(in srgb, var(--c) 30%, transparent); box-shadow: inset 0 -2px var(--c); }
.w.plain { --c: var(--grey); background: var(--st-secondary-background-color); box-shadow: none; }
.w:hover { border-color: var(--st-text-color); }
.w.now { border-color: var(--st-text-color); font-weight: 650; animation: plates-pop .25s ease-out; }
.product { font-size: 14px; margin-top: .65rem; display: flex; flex-wrap: wrap; align-items: start; gap: 0 .35rem; font-variant-numeric: tabular-nums; min-height: 3em; white-space: pre; }
.joint { font-style: italic; font-family: Georgia, serif; font-size: 15px; }
.term { display: inline-flex; flex-direction: column; align-items: center; line-height: 1.3; border-radius: 5px; padding: 0 .25rem; }
.term b { font-weight: 500; }
.term small { font: italic 12px Georgia, serif; opacity: .85; }
.term.now { background: color-mix(in srgb, var(--st-primary-color) 16%, transparent); }
.product strong { font-weight: 700; }
@container (min-width: 620px) {
  .top { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
  .panels { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
}
@container (min-width: 420px) {
  .several .panels { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .6rem .8rem; }
  .several .bar { grid-template-columns: minmax(0, 6.6rem) minmax(24px, 1fr) 3.2rem; gap: .35rem; }
}
@container (min-width: 860px) { .several { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
@container (max-width: 430px) { .bar { grid-template-columns: minmax(0, 8.5rem) minmax(30px, 1fr) 3.4rem; } }
@keyframes plates-run { to { stroke-dashoffset: -11; } }
@keyframes plates-pop { from { transform: scale(1.18); } }
@media (prefers-reduced-motion: reduce) { .edge.lit path:first-child, .w.now { animation: none; } }
`;
