// How settling topics look; colours are Streamlit's own.
export const STYLE = `
.settling { font: 14px/1.5 var(--st-font); color: var(--st-text-color); container-type: inline-size; }
.settling [hidden] { display: none !important; }
.settling .now { display: flex; flex-wrap: wrap; gap: .1rem 1.4rem; font-size: 13.5px; font-variant-numeric: tabular-nums; margin-bottom: .35rem; }
.settling .now b { font-weight: 600; }
.settling .curve { position: relative; display: grid; grid-template-columns: 3.8rem minmax(0, 1fr); height: 84px; }
.settling .axis { display: flex; flex-direction: column; justify-content: space-between; align-items: flex-end; padding-right: .5rem; font-size: 11.5px; opacity: .75; font-variant-numeric: tabular-nums; }
.settling .field { position: relative; border: 1px solid var(--st-border-color); border-radius: 6px; overflow: hidden; }
.settling .field.film { cursor: ew-resize; touch-action: pan-y; }
.settling .field svg { display: block; width: 100%; height: 100%; }
.settling .field path { fill: none; stroke: var(--st-primary-color); stroke-width: 2.2; stroke-linejoin: round; }
.settling .mark { position: absolute; top: 0; bottom: 0; width: 2px; margin-left: -1px; background: #d55e00; }
.settling .last { position: absolute; right: .5rem; bottom: .2rem; font-size: 11.5px; opacity: .65; pointer-events: none; }
.settling .bar { display: flex; align-items: center; gap: .6rem; margin: .4rem 0 0; }
.settling .play { flex: none; width: 34px; height: 34px; display: grid; place-items: center; padding: 0; border: 1px solid var(--st-border-color); border-radius: 999px; background: var(--st-background-color); color: inherit; cursor: pointer; }
.settling .play svg { width: 20px; height: 20px; }
.settling .play:hover { border-color: var(--st-primary-color); }
.settling input[type=range] { flex: 1; min-width: 0; accent-color: var(--st-primary-color); }
.settling .hint { font-size: 12.5px; opacity: .75; margin: .35rem 0 .5rem; }
.settling .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 268px), 1fr)); gap: .5rem; }
.settling .card { border: 1px solid var(--st-border-color); border-radius: 8px; padding: .3rem .55rem .4rem; min-width: 0; }
.settling .card.picked { border-color: var(--st-text-color); box-shadow: inset 0 0 0 1px var(--st-text-color); }
.settling .card.flat { opacity: .55; }
.settling .head { display: flex; align-items: center; gap: .5rem; font-size: 12px; }
.settling .no { font: inherit; font-weight: 600; min-width: 26px; min-height: 24px; padding: 0 .35rem; border: 1px solid transparent; border-radius: 6px; color: inherit; background: var(--st-secondary-background-color); }
.settling .no:not(:disabled) { cursor: pointer; }
.settling .no:not(:disabled):hover { border-color: var(--st-primary-color); }
.settling .share { flex: 1; height: 6px; border-radius: 3px; background: var(--st-secondary-background-color); overflow: hidden; }
.settling .share i { display: block; height: 100%; border-radius: 3px; background: var(--st-primary-color); }
.settling .part { font-variant-numeric: tabular-nums; opacity: .75; min-width: 3.2em; text-align: right; }
.settling .words { height: 4.3em; line-height: 1.42; overflow: hidden; overflow-wrap: anywhere; margin-top: .15rem; }
.settling .w { border-radius: 3px; padding: 0 .1em; }
.settling .w.new { background: color-mix(in srgb, #e69f00 42%, transparent); animation: settling-new .9s ease-out forwards; }
.settling .w.up { text-decoration: underline; text-decoration-color: #009e73; text-decoration-thickness: 2px; text-underline-offset: 3px; }
.settling .cards.many { grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr)); font-size: 12.5px; gap: .35rem; }
.settling .many .words { height: 4.2em; }
.settling button:focus-visible, .settling input:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
@keyframes settling-new { from { background: color-mix(in srgb, #e69f00 70%, transparent); } to { background: color-mix(in srgb, #e69f00 22%, transparent); } }
@media (prefers-reduced-motion: reduce) { .settling .w.new { animation: none; } }
`;
