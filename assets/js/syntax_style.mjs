// How trees look; colours are Streamlit's own, those of the categories are Vitrine's.
export const STYLE = `
.syntax { position: relative; font: 14px/1.5 var(--st-font); color: var(--st-text-color); container-type: inline-size; --marked: #b34700; }
.syntax.dark { --marked: #f5a25d; }
.syntax [hidden] { display: none !important; }
.bar { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; margin-bottom: .5rem; }
.bar :is(button, input, select) { font: inherit; font-size: 13px; line-height: 1; color: inherit; height: 32px; padding: 0 .65rem; border: 1px solid var(--st-border-color);
  border-radius: 8px; background: var(--st-background-color); white-space: nowrap; }
.bar :is(button, select) { cursor: pointer; }
.bar input { width: 7rem; background: var(--st-secondary-background-color); }
.bar :is(button:hover:not(:disabled), select:hover) { border-color: var(--st-primary-color); }
.bar button[aria-pressed=true] { background: var(--st-primary-color); border-color: var(--st-primary-color); color: var(--st-background-color); }
.bar button:disabled { opacity: .4; cursor: default; }
.bar .gap { flex: 1; }
:is(button, input, select, svg):focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
svg:focus:not(:focus-visible) { outline: none; }
.rows { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: flex-start; }
figure { margin: 0; min-width: 0; flex: 1 1 auto; max-width: 100%; border: 1px solid var(--st-border-color); border-radius: 10px; padding: .6rem .75rem .4rem; box-sizing: border-box; }
figcaption { display: flex; flex-wrap: wrap; gap: .15rem .9rem; align-items: baseline; font-variant-numeric: tabular-nums; }
figcaption b { font-size: 15px; }
.home { display: flex; justify-content: flex-end; align-items: baseline; gap: .5rem; }
.files { display: inline-flex; gap: .15rem; }
.files button { font: inherit; font-size: 12px; color: inherit; background: none; border: 0; padding: .1rem .35rem; border-radius: 6px; cursor: pointer; opacity: .75; }
.files button:hover { opacity: 1; background: var(--st-secondary-background-color); }
.paper { overflow: auto; max-height: 86vh; }
.paper svg { display: block; margin: .25rem auto; height: auto; border-radius: 6px; }
.branch { stroke: var(--st-text-color); stroke-opacity: .42; stroke-width: 1.5; }
.branch.marked { stroke: var(--marked); stroke-opacity: 1; stroke-width: 3; }
.node text { fill: var(--st-text-color); font: 600 13px var(--st-font), "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; text-anchor: middle; pointer-events: none; }
.node.tag text { font-weight: 500; }
.node.word text { font-weight: 400; font-size: 14px; }
.node .told { font-weight: 400; font-style: italic; } .node .from { text-anchor: start; }
.node rect { stroke-width: 1.5; cursor: pointer; }
.node.tag rect { stroke-opacity: .45; }
.node.marked rect { stroke-width: 3.5; stroke-dasharray: 6 3; fill-opacity: .34; }
.node.marked text { font-weight: 800; }
.node.unknown text { font-style: italic; }
.dashes { stroke: var(--marked); stroke-width: 2; stroke-dasharray: 3 3; }
.triangle { stroke: var(--st-text-color); stroke-opacity: .6; stroke-width: 1.3; }
.node:hover rect, .node.here rect { stroke-width: 3; fill-opacity: .34; }
.node.picked rect { stroke: var(--st-primary-color); stroke-width: 4; stroke-opacity: 1; }
.node.word.lit text { font-weight: 700; text-decoration: underline; text-underline-offset: 3px; }
.says { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.tip { position: absolute; z-index: 5; pointer-events: none; max-width: min(26rem, 92%); padding: .35rem .6rem; border-radius: 8px; font-size: 13px; line-height: 1.45;
  background: var(--st-background-color); border: 1px solid var(--st-border-color); box-shadow: 0 3px 14px rgb(0 0 0 / .22); overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.tip b + div { display: inline; margin-left: .5rem; opacity: .75; }
.done { font-size: 12.5px; opacity: .8; }
.edits { padding: .4rem .5rem; border-radius: 10px; background: var(--st-secondary-background-color); }
.edits input { background: var(--st-background-color); }
.refusal { font-size: 13.5px; opacity: .9; } .refusal.wrong { color: var(--marked); opacity: 1; }
`;
