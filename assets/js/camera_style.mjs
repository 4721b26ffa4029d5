// How the live camera looks; colours are Streamlit's own.
export const STYLE = `
.camera { font: 14px var(--st-font); color: var(--st-text-color); container-type: inline-size; --wide: min(960px, 88vh); }
.camera [hidden] { display: none !important; }
.camera button, .camera select { font: inherit; color: inherit; cursor: pointer; }
.camera .view { position: relative; max-width: var(--wide); border-radius: 10px; overflow: hidden; background: #14181c; }
.camera .frame { position: relative; margin: 0 auto; aspect-ratio: 4 / 3; max-width: 100%; }
.camera .view.empty .frame { aspect-ratio: auto !important; height: 320px; }
.camera .view:fullscreen { max-width: none; border-radius: 0; display: flex; align-items: center; }
.camera .view:fullscreen .frame { width: min(100vw, calc(100vh * var(--ratio))); }
.camera .frame :is(video, canvas) { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.camera .mirrored .frame video { transform: scaleX(-1); }
.camera .frame canvas { pointer-events: none; }
.camera .start { position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 12px; padding: 20px; text-align: center; color: #f2efe8; }
.camera .start p { margin: 0; max-width: 36em; opacity: .85; line-height: 1.45; }
.camera .start h3 { margin: 0; font: 600 1.15rem var(--st-font); }
.camera .big { display: inline-flex; align-items: center; gap: 10px; padding: 14px 26px; font-size: 1.1rem !important; font-weight: 600 !important; color: #fff !important; background: #0B6A9F; border: 0; border-radius: 10px; }
.camera .big:hover { background: #0d7cba; }
.camera .big svg { width: 26px; height: 26px; }
.camera .second { padding: 8px 14px; color: #f2efe8 !important; background: none; border: 1px solid #8a9299; border-radius: 8px; }
.camera .second:hover { background: #2a3138; }
.camera .pair { display: flex; flex-wrap: wrap; gap: 10px; justify-content: center; align-items: center; }
.camera .end { position: absolute; width: 26px; height: 26px; margin: -13px; padding: 0; border-radius: 50%; border: 3px solid #fff; background: rgb(0 0 0 / .45); cursor: grab; touch-action: none; }
.camera .filming { position: absolute; top: 10px; right: 12px; padding: 3px 10px; border-radius: 12px; color: #fff; background: #b3261e; font-variant-numeric: tabular-nums; font-weight: 600; }
.camera .held { position: absolute; top: 10px; left: 12px; padding: 3px 10px; border-radius: 12px; color: #fff; background: rgb(0 0 0 / .6); font-weight: 600; }
.camera .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; margin: 10px 0 0; }
.camera .tool { display: inline-flex; align-items: center; gap: 6px; height: 34px; padding: 0 10px; border: 1px solid var(--st-border-color); border-radius: 8px; background: none; }
.camera .tool svg { width: 18px; height: 18px; }
.camera .tool:hover { background: var(--st-secondary-background-color); }
.camera .tool[aria-pressed=true] { border-color: var(--st-primary-color); box-shadow: inset 0 0 0 1px var(--st-primary-color); }
.camera .tool[data-do=record][aria-pressed=true] { border-color: #b3261e; box-shadow: inset 0 0 0 1px #b3261e; color: #b3261e; }
.camera select { height: 34px; padding: 0 8px; border: 1px solid var(--st-border-color); border-radius: 8px; background: var(--st-background-color); max-width: 15em; }
.camera label { display: inline-flex; align-items: center; gap: 6px; }
.camera :is(button, select, a):focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.camera .figures { max-width: var(--wide); margin: 14px 0 0; font-variant-numeric: tabular-nums; }
.camera .facts { display: flex; flex-wrap: wrap; gap: 4px 26px; margin-bottom: 8px; }
.camera .fact b { font-size: 1.25rem; font-weight: 600; }
.camera .shares { display: flex; height: 14px; border-radius: 4px; overflow: hidden; background: var(--st-secondary-background-color); }
.camera .shares i { display: block; height: 100%; }
.camera .legend { display: flex; flex-wrap: wrap; gap: 3px 12px; margin-top: 6px; font-size: 12.5px; }
.camera .legend i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 5px; }
.camera .legend b { font-weight: 500; display: inline-block; min-width: 3.1em; }
.camera .note { max-width: var(--wide); margin: 10px 0 0; box-sizing: border-box; padding: 8px 12px; border-radius: 8px; background: var(--st-secondary-background-color); }
.camera .counts { margin: 12px 0 0; border-collapse: collapse; min-width: min(100%, 420px); font-variant-numeric: tabular-nums; }
.camera .counts th { font-weight: 600; opacity: .7; }
.camera .counts :is(th, td) { padding: 4px 14px 4px 0; text-align: left; border-bottom: 1px solid var(--st-border-color); }
.camera .shelf { display: flex; flex-wrap: wrap; gap: 14px; max-width: var(--wide); margin: 14px 0 0; }
.camera figure { margin: 0; width: 240px; }
.camera figure :is(canvas, video) { display: block; width: 100%; height: auto; border-radius: 6px; background: #14181c; }
.camera figcaption { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 9px; margin-top: 4px; font-size: 12px; }
.camera figcaption .tool { height: 24px; padding: 0 3px; margin-left: auto; border: 0; }
.camera figcaption a { color: var(--st-link-color, var(--st-primary-color)); }
@container (max-width: 520px) {
  .camera .tool span { display: none; }
  .camera .facts { gap: 2px 16px; }
}
`;
