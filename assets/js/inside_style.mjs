// How a detector looks from the inside; colours are Streamlit's own, but on the photograph.
export const STYLE = `
.inside { font: 15px/1.5 var(--st-font); color: var(--st-text-color); container-type: inline-size; }
.views { display: grid; gap: 2.25rem 2rem; grid-template-columns: minmax(0, 1fr); }
section { min-width: 0; }
@container (min-width: 840px) {
  .views { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .melt, .alone { grid-column: 1 / -1; }
}
section[hidden] { display: none; }
h3 { font: 500 1.35rem/1.2 var(--st-heading-font, var(--st-font)); margin: 0 0 .75rem; }
canvas { display: block; max-width: 100%; border-radius: 6px; }
canvas:focus-visible, .box:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.picture { min-width: 0; overflow: hidden; padding: 3px; margin: -3px; }
.picture canvas { margin: 0; }
.says { margin: .6rem 0 0; max-width: 46rem; min-height: 3em; }
.stations { display: flex; flex-wrap: wrap; gap: .35rem; margin-bottom: .75rem; }
.stations button { font: inherit; font-size: 13px; line-height: 1.25; text-align: left; color: inherit; cursor: pointer;
  background: var(--st-secondary-background-color); border: 2px solid transparent; border-radius: 8px; padding: .35rem .7rem; }
.stations button[aria-current] { border-color: var(--st-primary-color); }
.stations b { display: block; font-size: 17px; font-variant-numeric: tabular-nums; }
.stations span { opacity: .8; }
.player { display: flex; align-items: center; gap: .4rem; margin-top: .6rem; max-width: 46rem; }
.player button { width: 38px; height: 38px; flex: none; padding: 8px; border-radius: 8px; cursor: pointer; color: inherit;
  border: 1px solid var(--st-border-color); background: var(--st-background-color); }
.player .play { background: var(--st-primary-color); color: var(--st-background-color); border-color: transparent; width: 52px; }
.player svg { display: block; width: 20px; height: 20px; margin: auto; }
:is(.first, .previous) svg { transform: scaleX(-1); }
.player button:disabled { opacity: .35; cursor: default; }
.player input { flex: 1; min-width: 40px; accent-color: var(--st-primary-color); }
button:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; margin-bottom: .75rem; }
.tools select { font: inherit; color: inherit; background: var(--st-secondary-background-color); max-width: 100%;
  border: 1px solid var(--st-border-color); border-radius: 8px; padding: .35rem .6rem; }
.tools input { accent-color: var(--st-primary-color); }
.places canvas { cursor: crosshair; touch-action: pan-y; }
.field { position: relative; width: fit-content; max-width: 100%; overflow: hidden; border-radius: 6px; }
.box { position: absolute; box-sizing: border-box; border: 3px solid; cursor: move; touch-action: none; }
.box.A { border-color: #56b4e9; color: #56b4e9; }
.box.B { border-color: #f0a020; color: #f0a020; }
.box:focus-visible { z-index: 2; outline-offset: -6px; outline-color: #ffffff; }
.box span { position: absolute; left: 0; top: 0; font: 700 14px/20px sans-serif; padding: 0 7px; color: #101418; background: #56b4e9; }
.box.B span { background: #f0a020; left: auto; right: 0; }
.box i { position: absolute; width: 22px; height: 22px; }
.box i::after { content: ""; position: absolute; inset: 5px; background: currentColor; border: 2px solid #101418; border-radius: 3px; }
.nw { left: -12px; top: -12px; cursor: nwse-resize; } .se { right: -12px; bottom: -12px; cursor: nwse-resize; }
.ne { right: -12px; top: -12px; cursor: nesw-resize; } .sw { left: -12px; bottom: -12px; cursor: nesw-resize; }
.common { position: absolute; background: rgba(44, 194, 149, .55); pointer-events: none; }
.formula { display: flex; flex-wrap: wrap; align-items: center; gap: .15rem .45rem; margin: .9rem 0 .5rem; font-size: 17px; font-variant-numeric: tabular-nums; }
.formula em { font-style: normal; color: color-mix(in srgb, #2cc295 70%, var(--st-text-color)); font-weight: 600; }
.quotient { display: inline-grid; text-align: center; }
.quotient > :first-child { border-bottom: 1.5px solid currentColor; padding: 0 .35rem; }
.quotient > :last-child { padding: 0 .35rem; }
.scale { position: relative; height: 12px; border-radius: 6px; background: var(--st-secondary-background-color); max-width: 46rem; }
.scale i { position: absolute; inset: 0 auto 0 0; border-radius: 6px; background: #2cc295; }
.scale b { position: absolute; top: -4px; bottom: -4px; width: 3px; margin-left: -1px; background: var(--st-text-color); }
`;
