// How the reader looks; all colours are Streamlit's own.
export const STYLE = `
.reader { font: 15px/1.5 var(--st-font); color: var(--st-text-color); container-type: inline-size; }
.reader [hidden] { display: none !important; }
.says { margin: 0 0 .7rem; max-width: 60rem; }
.says b { font-weight: 600; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin-bottom: .5rem; font-size: 14px; }
.tools label { display: inline-flex; align-items: center; gap: .4rem; min-width: 0; max-width: 100%; }
.tools select { font: inherit; color: inherit; background: var(--st-secondary-background-color); min-width: 0; max-width: 16rem;
  border: 1px solid var(--st-border-color); border-radius: 8px; padding: .25rem .4rem; height: 34px; }
.tools button { font: inherit; line-height: 1; color: inherit; cursor: pointer; min-width: 34px; height: 34px; padding: 0 .65rem; white-space: nowrap;
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
:is(button, select, canvas):focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; position: relative; z-index: 1; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; font-size: 13px; margin-bottom: .5rem; font-variant-numeric: tabular-nums; }
.legend span { display: inline-flex; align-items: center; gap: .4rem; }
.legend .selected { color: var(--st-primary-color); font-weight: 600; }
.legend i { width: 72px; height: 11px; border-radius: 3px; box-shadow: 0 0 0 1px var(--st-border-color); }
.body { display: grid; align-items: start; grid-template-columns: minmax(0, 1fr); gap: .75rem 1.25rem; }
.field { min-width: 0; border: 1px solid var(--st-border-color); border-radius: 8px; overflow: hidden; padding: 4px 0 4px 6px; }
.scroller { overflow: auto; overscroll-behavior: auto; position: relative; }
.spacer { position: relative; min-width: 100%; }
.scroller canvas { position: sticky; left: 0; top: 0; display: block; cursor: text; user-select: none; }
.scroller canvas:focus-visible { outline-offset: -3px; }
.side { min-width: 0; font-size: 14px; font-variant-numeric: tabular-nums; }
.side header { display: flex; gap: .75rem; align-items: center; min-height: 64px; margin-bottom: .5rem; }
.side header > div { display: flex; flex-direction: column; line-height: 1.35; }
.sign { flex: none; width: 48px; height: 56px; display: grid; place-items: center; border-radius: 8px; font: 28px/1 var(--st-code-font, monospace); }
.side .unknown { color: var(--st-orange-color, inherit); font-weight: 600; }
.side h4 { font: 600 14px/1.4 var(--st-font); margin: .7rem 0 .3rem; }
.side dl { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .15rem .9rem; margin: 0 0 .4rem; }
.side dl div { display: flex; justify-content: space-between; gap: .4rem; border-bottom: 1px solid var(--st-border-color); }
.side dt { opacity: .8; font-style: italic; }
.side dd { margin: 0; }
.proof { margin: .25rem 0; line-height: 1.45; font-size: 13.5px; }
.proof b { color: var(--st-red-color, inherit); font-size: 16px; line-height: 1; }
.proof.holds b { color: var(--st-green-color, inherit); }
.bar { display: grid; grid-template-columns: 1.5rem minmax(0, 1fr) 3.6rem 2.6rem; gap: .45rem; align-items: center; line-height: 1.55; }
.bar .letter { font: 15px/1.4 var(--st-code-font, monospace); text-align: center; border-radius: 4px; background: var(--st-secondary-background-color); }
.rail { height: 11px; border-radius: 3px; background: var(--st-secondary-background-color); }
.rail i { display: block; height: 100%; min-width: 1px; border-radius: 3px; background: var(--st-primary-color); opacity: .55; }
.bar.came .rail i { opacity: 1; }
.bar.came { font-weight: 600; }
.share { text-align: right; white-space: nowrap; }
.fact { font-size: 12.5px; color: var(--st-primary-color); }
.cost { margin: .7rem 0 0; min-height: 3em; font-size: inherit; }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.empty { padding: 1.5rem; text-align: center; border: 1px dashed var(--st-border-color); border-radius: 8px; margin: 0; }
@container (min-width: 700px) {
  .body { grid-template-columns: minmax(0, 1fr) 300px; }
  .tools .last { margin-left: auto; }
  .side { overflow-y: auto; max-height: var(--high, 600px); padding-right: 4px; }
}
`;
