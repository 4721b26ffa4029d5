// How the video player looks; colours are Streamlit's own.
export const STYLE = `
.clip { font: 14px var(--st-font); color: var(--st-text-color); container-type: inline-size; }
.clip [hidden] { display: none !important; }
.clip .whole { display: flex; flex-wrap: wrap; gap: 1.25rem; align-items: flex-start; }
.clip .main { flex: 2 1 440px; min-width: 0; max-width: 100%; }
.clip .alone { max-width: min(100%, 760px); }
.clip .view { position: relative; border-radius: 8px; background: #14181c; overflow: hidden; }
.clip .view :is(video, .picture) { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.clip .over { position: absolute; inset: 0; pointer-events: none; }
.clip .end { position: absolute; width: 28px; height: 28px; margin: -14px; padding: 0; border-radius: 50%; border: 3px solid #fff;
  background: rgb(0 0 0 / .45); cursor: grab; touch-action: none; }
.clip .end:active { cursor: grabbing; }
.clip .density { margin-top: 8px; }
.clip .density canvas { display: block; width: 100%; height: 40px; border-radius: 6px; cursor: pointer; touch-action: none; }
.clip .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; margin-top: 8px; }
.clip .tool { font: inherit; color: inherit; cursor: pointer; display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-width: 34px; height: 34px; padding: 0 9px;
  border: 1px solid var(--st-border-color); border-radius: 8px; background: none; }
.clip .tool svg { width: 18px; height: 18px; }
.clip .tool:hover { background: var(--st-secondary-background-color); }
.clip .tool[aria-pressed=true] { border-color: var(--st-primary-color); box-shadow: inset 0 0 0 1px var(--st-primary-color); }
.clip .tool.back svg { transform: scaleX(-1); }
.clip select { font: inherit; color: inherit; height: 34px; padding: 0 8px; border: 1px solid var(--st-border-color); border-radius: 8px; background: var(--st-background-color); }
.clip .when { margin-left: auto; opacity: .75; font-variant-numeric: tabular-nums; white-space: nowrap; }
.clip :is(button, select, canvas, tr):focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.clip .side { flex: 1 1 320px; min-width: 0; max-height: 40rem; overflow: auto; }
.clip .side h4 { margin: 0 0 4px; font: 600 14px var(--st-font); font-variant-numeric: tabular-nums; }
.clip .side p { margin: 6px 0; opacity: .75; }
.clip table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin-bottom: 18px; }
.clip th { font-weight: 600; opacity: .65; }
.clip :is(th, td) { padding: 5px 7px; border-bottom: 1px solid var(--st-border-color); text-align: right; }
.clip :is(th, td):nth-child(2) { text-align: left; }
.clip .lineless :is(th, td):nth-child(n+4) { display: none; }
.clip tr.lit td { background: var(--st-secondary-background-color); }
.clip .dot { display: inline-block; width: 11px; height: 11px; border-radius: 3px; }
.clip .trouble { margin: 8px 0 0; padding: 8px 12px; border-radius: 8px; background: var(--st-secondary-background-color); }
@container (max-width: 480px) {
  .clip .main, .clip .side { flex-basis: 100%; }
}
`;
