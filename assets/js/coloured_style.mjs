// How a coloured text looks; colours are Streamlit's own, those of the topics are Vitrine's.
export const STYLE = `
.coloured { position: relative; font: 15px/1.7 var(--st-font); color: var(--st-text-color); container-type: inline-size; }
.coloured [hidden] { display: none !important; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem; margin-bottom: .5rem; }
.legend button, .legend .rest { font: inherit; font-size: 13px; line-height: 1.3; color: inherit; display: inline-flex; align-items: center; gap: .4rem; max-width: 100%;
  min-height: 30px; padding: .15rem .6rem; border: 1px solid var(--st-border-color); border-radius: 999px; background: var(--st-background-color); cursor: pointer; }
.legend .rest { border-style: dashed; cursor: default; }
.legend button:hover { border-color: var(--c); }
.legend button[aria-pressed=true] { border-color: var(--st-text-color); box-shadow: inset 0 0 0 1px var(--st-text-color); font-weight: 600; }
.legend .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.legend .part { font-variant-numeric: tabular-nums; opacity: .75; font-weight: 400; }
.swatch { flex: none; width: 12px; height: 12px; border-radius: 3px; background: var(--c); }
.text { max-height: min(30rem, 70vh); overflow: auto; padding: .7rem .9rem; border: 1px solid var(--st-border-color); border-radius: 10px; white-space: pre-wrap; overflow-wrap: anywhere;
  unicode-bidi: plaintext; }
.text:focus-visible, .legend button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
.text:focus:not(:focus-visible) { outline: none; }
.w { border-radius: 4px; padding: .06em .03em; margin: 0 -.03em; cursor: pointer; background: color-mix(in srgb, var(--c) var(--a), transparent);
  box-shadow: inset 0 -2px color-mix(in srgb, var(--c) calc(var(--a) * 1.9), transparent); transition: opacity .15s; }
.grey { --c: #8c8c8c; }
.l0 { --a: 8%; } .l1 { --a: 16%; } .l2 { --a: 25%; } .l3 { --a: 34%; } .l4 { --a: 44%; }
.w.grey { background: color-mix(in srgb, var(--c) 16%, transparent); box-shadow: none; }
.w:hover { filter: brightness(.94); } .dark .w:hover { filter: brightness(1.2); }
.w.same { outline: 2px solid var(--st-text-color); outline-offset: 0; }
.w.here { outline: 3px solid var(--st-primary-color); outline-offset: 0; }
.only .w:not(.lit) { opacity: .28; }
.hint { font-size: 12.5px; opacity: .75; margin-top: .35rem; }
.says { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.tip { position: absolute; z-index: 5; pointer-events: none; width: max-content; max-width: min(22rem, calc(100% - 8px)); box-sizing: border-box; padding: .45rem .65rem; border-radius: 8px;
  font-size: 13px; line-height: 1.45; background: var(--st-background-color); border: 1px solid var(--st-border-color); box-shadow: 0 3px 14px rgb(0 0 0 / .22); }
.tip b { overflow-wrap: anywhere; } .tip .sub { opacity: .7; margin-left: .4rem; }
.tip .row { display: grid; grid-template-columns: 12px minmax(0, 1fr) 64px 2.6rem; gap: .5rem; align-items: center; }
.tip .row .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tip .row .bar { height: 7px; border-radius: 4px; background: var(--st-secondary-background-color); }
.tip .row .bar i { display: block; height: 100%; border-radius: 4px; background: var(--c); }
.tip .row .p { text-align: right; font-variant-numeric: tabular-nums; }
.tip .row:first-of-type { font-weight: 600; }
.tip.stays { pointer-events: auto; border-color: var(--st-text-color); }
.acts { display: flex; flex-wrap: wrap; gap: .35rem; margin-top: .45rem; }
.acts button { font: inherit; font-size: 12.5px; color: inherit; padding: .2rem .6rem; border: 1px solid var(--st-border-color); border-radius: 8px; background: var(--st-secondary-background-color); cursor: pointer; }
.acts button:hover { border-color: var(--st-primary-color); }
@media (prefers-reduced-motion: reduce) { .w { transition: none; } }
`;
