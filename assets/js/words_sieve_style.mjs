// How the steps of words into the vocabulary look; colours are Streamlit's own.
export const STYLE = `
.sieve { font: 14px/1.45 var(--st-font); color: var(--st-text-color); container-type: inline-size; font-variant-numeric: tabular-nums; }
.sieve ol { list-style: none; margin: 0 0 .6rem; padding: 0; display: grid; gap: .7rem; }
.step { display: grid; grid-template-columns: 12.5rem 1fr 13.5rem; gap: .2rem 1rem; align-items: center; }
.head { display: flex; flex-direction: column; }
.title { font-weight: 600; }
.change { font-size: 12.5px; opacity: .75; }
.bar { display: flex; height: 16px; border-radius: 4px; overflow: hidden; background: var(--st-secondary-background-color); }
.left { background: var(--st-primary-color); transition: width .3s; }
.taken { background: repeating-linear-gradient(135deg, var(--st-primary-color) 0 2px, transparent 2px 6px); opacity: .6; transition: width .3s; }
.last .left { background: #009e73; }
.last { border-top: 1px solid var(--st-border-color); padding-top: .7rem; row-gap: .35rem; }
.count { text-align: right; white-space: nowrap; }
.nothing > :is(.head, .bar, .count) { opacity: .6; }
.step > .words, .step > div:last-child:not(.count) { grid-column: 2 / -1; }
.words { display: flex; flex-wrap: wrap; gap: .25rem .3rem; align-items: center; }
.mine { margin-top: .35rem; }
.whose { font-size: 12.5px; opacity: .75; }
.chip { font: 13px/1.35 var(--st-font), "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; color: inherit; padding: .08rem .45rem; border: 1px solid var(--st-border-color);
  border-radius: 6px; background: none; text-decoration: line-through; text-decoration-color: color-mix(in srgb, currentColor 55%, transparent);
  max-width: 16rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.stay .chip { text-decoration: none; background: var(--st-secondary-background-color); }
span.chip { border-color: transparent; background: var(--st-secondary-background-color); opacity: .8; }
button.chip { cursor: pointer; }
button.chip i { font-style: normal; opacity: .7; }
button.chip:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
button.chip.keep:hover { text-decoration: none; }
.stay button.chip.stop:hover { text-decoration: line-through; }
.more { font: inherit; font-size: 12.5px; color: var(--st-primary-color); background: none; border: 0; padding: .1rem .3rem; cursor: pointer; border-radius: 6px; }
.sieve input { font: inherit; font-size: 13px; color: inherit; height: 24px; width: 9rem; padding: 0 .5rem; border: 1px solid var(--st-border-color); border-radius: 6px;
  background: var(--st-background-color); box-sizing: border-box; }
.sieve :is(button, input):focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
.says { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@container (max-width: 640px) {
  .step { grid-template-columns: 1fr; gap: .25rem; }
  .head { flex-direction: row; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline; }
  .count { text-align: left; font-size: 13px; }
  .step > .words, .step > div:last-child:not(.count) { grid-column: 1; }
}
@media (prefers-reduced-motion: reduce) { .left, .taken { transition: none; } }
`;
