// How the studio looks; colours are Streamlit's own.
export const STYLE = `
.studio { font: 13px var(--st-font); color: var(--st-text-color); container-type: inline-size; }
.studio [hidden] { display: none !important; }
.studio .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.studio .row { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 6px; }
.studio .bar { margin-bottom: 8px; }
.studio .bar > .row { gap: 4px 8px; }
.studio button { font: inherit; color: inherit; cursor: pointer; }
.studio .tool { display: inline-flex; align-items: center; justify-content: center; gap: 4px; min-width: 27px; height: 30px; padding: 0 3px;
  border: 1px solid transparent; border-radius: 7px; background: none; }
.studio .tool svg { width: 18px; height: 18px; }
.studio .tool:hover, .studio .chip:hover { background: var(--st-secondary-background-color); }
.studio .tool[aria-pressed=true], .studio .tool.on, .studio .chip[aria-pressed=true] { border-color: var(--st-primary-color); background: var(--st-secondary-background-color); }
.studio button:disabled { opacity: .35; cursor: default; }
.studio .main { width: 44px; height: 36px; background: var(--st-primary-color) !important; color: #fff; }
.studio .main svg { width: 22px; height: 22px; }
.studio :is(button, select, input, summary):focus-visible, .studio canvas:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.studio canvas { display: block; outline: none; border-radius: 4px; }
.studio input[type=range] { accent-color: var(--st-primary-color); width: 130px; height: 24px; margin: 0; }
.studio .pace { min-width: 168px; opacity: .75; font-variant-numeric: tabular-nums; }
.studio .facts { gap: 2px 20px; margin-top: 6px; font-variant-numeric: tabular-nums; }
.studio .fact { opacity: .7; }
.studio .fact b { display: inline-block; min-width: 3.6em; opacity: 1; font-weight: 600; color: var(--st-text-color); }
.studio .fact.examples b { min-width: 6.4em; }
.studio .chip { display: inline-flex; align-items: center; gap: 6px; height: 28px; padding: 0 9px; border: 1px solid var(--st-border-color); border-radius: 14px; background: none; }
.studio .chip i { width: 11px; height: 11px; border-radius: 50%; }
.studio .chip.x { margin-left: -4px; padding: 0 8px; }
.studio .pair { display: inline-flex; gap: 6px; }
.studio .chips { display: flex; flex-wrap: wrap; gap: 4px; margin-right: 4px; }
.studio .head { min-height: 34px; margin-bottom: 4px; gap: 4px 2px; }
.studio .stages-row { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); grid-template-rows: auto auto; column-gap: 22px; }
.studio .pane { display: grid; grid-row: span 2; grid-template-columns: minmax(0, 1fr); grid-template-rows: subgrid; }
.studio .pane .head { align-self: end; }
.studio .head .tool { min-width: 24px; padding: 0 2px; }
.studio .field { position: relative; }
.studio .plane canvas { touch-action: none; cursor: crosshair; }
.studio .warp canvas { touch-action: pan-y; }
.studio .none { position: absolute; inset: 40% auto auto 50%; translate: -50%; width: max-content; max-width: 80%; text-align: center; pointer-events: none;
  padding: 6px 12px; border-radius: 8px; background: var(--st-background-color); border: 1px solid var(--st-border-color); }
.studio .main:disabled { opacity: .45; }
.studio .readout, .studio .curves .tip { position: absolute; z-index: 3; pointer-events: none; padding: 7px 9px; border-radius: 7px; font-size: 11px;
  font-variant-numeric: tabular-nums; background: var(--st-background-color); border: 1px solid var(--st-border-color); box-shadow: 0 3px 14px rgb(0 0 0 / .16); }
.studio .readout .class, .studio .readout .layer { display: flex; align-items: center; gap: 5px; white-space: nowrap; margin-top: 2px; }
.studio .readout .class span:first-child { min-width: 52px; overflow: hidden; text-overflow: ellipsis; max-width: 90px; }
.studio .readout .class i { height: 8px; border-radius: 2px; min-width: 1px; }
.studio .readout .layer { align-items: flex-start; }
.studio .readout .layer span { flex: 0 0 84px; overflow: hidden; text-overflow: ellipsis; opacity: .75; }
.studio .readout .cells { display: flex; flex-wrap: wrap; gap: 1px; max-width: 288px; }
.studio .readout .layer i { font-style: normal; min-width: 33px; padding: 1px 3px; text-align: right; border-radius: 2px; box-sizing: border-box; }
.studio .readout .many .cells { width: 160px; padding-top: 3px; }
.studio .readout { width: max-content; }
.studio .readout .many i { min-width: 9px; width: 9px; height: 9px; padding: 0; }
.studio .curves .tip { white-space: pre; }
.studio .under { grid-column: 1 / -1; display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 22px; margin-top: 6px; }
.studio .under .row { margin-bottom: 6px; }
.studio .reel { flex: 1; min-width: 0; }
.studio .reel input { width: 100%; display: block; }
.studio .stages { display: flex; justify-content: space-between; font-size: 10.5px; opacity: .7; }
.studio .stages span { width: 0; display: flex; justify-content: center; white-space: nowrap; }
.studio .stages span:first-child { justify-content: flex-start; }
.studio .stages span:last-child { justify-content: flex-end; }
.studio select { font: inherit; color: inherit; background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); border-radius: 6px; padding: 4px 6px; max-width: 170px; }
.studio .operations { display: grid; grid-template-columns: max-content 1fr; align-content: start; gap: 1px 10px; margin: 4px 0 0; font-size: 12px; }
.studio .operations dt { font-weight: 600; }
.studio .operations dd { margin: 0; opacity: .85; font-variant-numeric: tabular-nums; min-height: 1.35em; }
.studio .curves { margin-top: 14px; }
.studio .key { opacity: .65; margin-left: auto; }
.studio .timeline .film { flex: 1; min-width: 120px; }
.studio .timeline .label { opacity: .75; }
.studio .when { min-width: 190px; font-variant-numeric: tabular-nums; opacity: .8; }
.studio .sides { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 10px; }
.studio .sides button { width: 168px; padding: 5px; border: 2px solid transparent; border-radius: 8px; background: none; text-align: left; font-size: 12px; }
.studio .sides .on { border-color: var(--st-primary-color); }
.studio .sides canvas { width: 100%; margin-bottom: 4px; }
.studio .diagram { margin-top: 18px; }
.studio .note, .studio .trouble { padding: 9px 13px; border-radius: 8px; margin: 6px 0; background: var(--st-secondary-background-color); border-left: 4px solid #D55E00; }
.studio .note { display: flex; justify-content: space-between; align-items: center; }
.studio .trouble p { margin: 3px 0 8px; }
.studio .help { display: grid; grid-template-columns: repeat(auto-fill, minmax(92px, max-content) minmax(110px, 1fr)); gap: 3px 12px; margin: 8px 0 0; font-size: 12px; }
.studio .help dt { font-weight: 600; }
.studio .help dd { margin: 0; }
.studio .menu { position: relative; }
.studio .menu .list button { white-space: nowrap; justify-content: flex-start; padding: 0 9px; }
.studio .menu .list { width: max-content; position: absolute; right: 0; z-index: 5; padding: 5px; border-radius: 8px; background: var(--st-background-color); border: 1px solid var(--st-border-color); box-shadow: 0 3px 14px rgb(0 0 0 / .16); display: grid; gap: 3px; }
@container (max-width: 720px) {
  .studio .stages-row, .studio .under { grid-template-columns: minmax(0, 1fr); }
  .studio .stages-row { grid-template-rows: none; }
  .studio .pane { grid-row: auto; grid-template-rows: auto auto; }
  .studio .key { margin-left: 0; }
  .studio .when { min-width: 0; }
}
`;
