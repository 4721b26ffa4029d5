// How the chart looks; colours are Streamlit's own, those of the two parts are told apart by any eye.
export const STYLE = `
.cky { font: 14px/1.5 var(--st-font); color: var(--st-text-color); container-type: inline-size;
  --left: #00795a; --right: #b34700; --unknown: #b5461c; }
.cky.dark { --left: #35c79c; --right: #f5a25d; --unknown: #f08a3c; }
.cky [hidden] { display: none !important; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin-bottom: .4rem; }
.tools select { font: inherit; color: inherit; background: var(--st-secondary-background-color); height: 34px;
  border: 1px solid var(--st-border-color); border-radius: 8px; padding: .25rem .4rem; }
.tools button { font: inherit; line-height: 1; color: inherit; cursor: pointer; min-width: 34px; height: 34px; padding: 0 .6rem; white-space: nowrap;
  border: 1px solid var(--st-border-color); border-radius: 8px; background: var(--st-background-color); }
.tools button:hover { border-color: var(--st-primary-color); }
.tools button[aria-pressed=true] { background: var(--st-primary-color); border-color: var(--st-primary-color); color: var(--st-background-color); }
.tools button:disabled { opacity: .4; cursor: default; border-color: var(--st-border-color); }
.tools button svg { display: block; width: 18px; height: 18px; margin: auto; }
.group { display: inline-flex; gap: .4rem; }
.joined { gap: 0; }
.joined button { border-radius: 0; margin-left: -1px; }
.joined button:first-child { border-radius: 8px 0 0 8px; margin-left: 0; }
.joined button:last-child { border-radius: 0 8px 8px 0; }
.tools .last { margin-left: auto; }
:is(button, select, input, .field):focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; position: relative; z-index: 1; }
.scrub input { border-radius: 6px; display: block; width: 100%; margin: .2rem 0; accent-color: var(--st-primary-color); height: 22px; cursor: pointer; }
.says { font-size: 13.5px; opacity: .85; min-height: 1.5em; font-variant-numeric: tabular-nums; margin-bottom: .3rem; }
.body { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem 1rem; align-items: start; }
.field { min-width: 0; overflow: auto; max-height: max(480px, 84vh); border: 1px solid var(--st-border-color); border-radius: 8px; }
.field svg { display: block; }
.cell { cursor: pointer; }
.cell .box { stroke: var(--st-border-color); stroke-width: 1; fill: var(--st-background-color); }
.cell.empty .box { fill: var(--st-secondary-background-color); stroke-opacity: .5; }
.cell.blank .box { fill: none; pointer-events: all; stroke-dasharray: 3 4; stroke-opacity: .8; }
.cell:hover .box { stroke: var(--st-text-color); stroke-opacity: .7; }
.cell.tree .box { stroke: var(--st-text-color); stroke-opacity: 1; stroke-width: 1.8; }
.cell.left .box { stroke: var(--left); stroke-opacity: 1; stroke-width: 3; stroke-dasharray: none; }
.cell.right .box { stroke: var(--right); stroke-opacity: 1; stroke-width: 3; stroke-dasharray: none; }
.cell.chosen .box { stroke: var(--st-primary-color); stroke-opacity: 1; stroke-width: 3.5; stroke-dasharray: none; }
.field text { fill: var(--st-text-color); font: 12px var(--st-font); text-anchor: middle; pointer-events: none; }
.field .name { font-weight: 500; }
.field .name.lit { font-weight: 750; }
.field .name.made { font-style: italic; font-weight: 400; }
.field .name.small { font-size: 10.5px; }
.field .number { font-size: 11px; font-variant-numeric: tabular-nums; opacity: .9; }
.field .more { font-size: 11px; opacity: .75; }
.field .word { font-size: 13.5px; font-weight: 500; pointer-events: auto; }
.field .word.slanted { text-anchor: end; font-weight: 400; }
.field .word.unknown { fill: var(--unknown); font-weight: 700; text-decoration: underline wavy; }
.field .index { font-size: 11px; opacity: .65; }
.branch { stroke: var(--st-text-color); stroke-width: 1.6; stroke-opacity: .5; pointer-events: none; }
.pointer { stroke-width: 3.5; stroke-opacity: .7; pointer-events: none; stroke-linecap: round; }
.pointer.left { stroke: var(--left); } .pointer.right { stroke: var(--right); }
.side { min-width: 0; font-size: 14px; font-variant-numeric: tabular-nums; }
.where { font-weight: 600; }
.span { font-style: italic; opacity: .85; overflow-wrap: anywhere; margin-bottom: .35rem; }
.symbols { display: flex; flex-wrap: wrap; gap: .3rem; margin-bottom: .5rem; }
.chip { font: inherit; font-size: 13px; color: inherit; cursor: pointer; border: 1px solid var(--st-border-color); border-radius: 999px; padding: .05rem .6rem; background: var(--st-background-color); max-width: 100%; overflow-wrap: anywhere; }
.chip:hover:not(:disabled) { border-color: var(--st-primary-color); }
.chip[aria-pressed=true] { border-color: var(--st-primary-color); box-shadow: inset 0 0 0 1px var(--st-primary-color); }
.chip b { font-weight: 500; } .chip b.lit { font-weight: 750; }
.chip.more { opacity: .8; }
.formula { font-size: 13px; line-height: 1.6; overflow-wrap: anywhere; opacity: .9; }
.formula sub { font-size: .75em; }
.ways { list-style: none; margin: .35rem 0; padding: 0; display: grid; gap: .3rem; }
.way { border-radius: 8px; padding: .3rem .55rem .4rem; background: var(--st-secondary-background-color); border: 1px solid transparent; }
.way.best { border-color: var(--st-text-color); }
.way.now { border-color: var(--st-primary-color); box-shadow: inset 0 0 0 1px var(--st-primary-color); }
.top { display: flex; gap: .6rem; align-items: baseline; }
.rule { font-weight: 600; overflow-wrap: anywhere; }
.rule .left, .part.left, .tried .left { color: var(--left); } .rule .right, .part.right, .tried .right { color: var(--right); }
.split { font-size: 12.5px; opacity: .8; white-space: nowrap; }
.badge { margin-left: auto; font-size: 12px; font-weight: 600; padding: 0 .45rem; border-radius: 999px; color: var(--st-background-color); background: var(--st-text-color); }
.sum.wide { margin: .2rem 0; }
.part { font: inherit; cursor: pointer; border: 0; background: none; padding: 0; text-decoration: underline; text-underline-offset: 3px; text-decoration-thickness: 1px; color: inherit; white-space: nowrap; }
.part:disabled { text-decoration: none; cursor: default; }
.equals { font-weight: 600; white-space: nowrap; }
.rail { height: 4px; border-radius: 2px; margin-top: .25rem; background: var(--st-border-color); }
.rail .share { display: block; height: 100%; border-radius: 2px; background: var(--st-primary-color); }
.result b { font-size: 17px; }
.tried { font-size: 13px; margin: .1rem 0 .4rem; padding-left: .5rem; border-left: 3px solid var(--st-primary-color); }
.say { margin: .3rem 0; opacity: .9; }
@container (min-width: 760px) {
  .body { grid-template-columns: minmax(0, 1fr) 310px; }
  .side { max-height: max(480px, 84vh); overflow-y: auto; padding-right: 4px; }
}
@container (max-width: 500px) { .tools .last { margin-left: 0; } }
`;
