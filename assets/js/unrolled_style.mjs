// How an unrolled net looks; colours are Streamlit's own.
export const STYLE = `
.unrolled { font: 14px/1.5 var(--st-font); color: var(--st-text-color); }
.picture { overflow-x: auto; padding-bottom: .25rem; border-radius: 8px; }
.picture:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: -2px; }
.picture svg { display: block; margin: 0 auto; }
svg text { fill: var(--st-text-color); font: 13px var(--st-font); text-anchor: middle; }
svg .sign { font: 600 17px var(--st-code-font); }
svg .small { font-size: 11.5px; opacity: .8; }
svg .letter { font-style: italic; font-size: 12px; opacity: .85; }
svg .side { text-anchor: start; }
svg .halo { paint-order: stroke; stroke: var(--st-background-color); stroke-width: 4px; stroke-linejoin: round; }
svg .right { fill: var(--good); font-weight: 600; } svg .wrong { fill: var(--bad); font-weight: 600; }
.unrolled { --good: #00795a; --bad: #b5461c; --carousel: #c2352b; }
.unrolled.dark { --good: #35c79c; --bad: #f08a3c; --carousel: #f0776b; }
svg .way { fill: none; stroke: var(--st-text-color); stroke-opacity: .5; stroke-width: 1.5; }
svg .fixed { stroke-dasharray: 4 4; }
svg .carousel { stroke: var(--carousel); stroke-opacity: 1; stroke-width: 2.5; }
svg .peep { stroke: var(--carousel); stroke-opacity: .8; stroke-dasharray: 3 3; stroke-width: 1.3; }
svg .learned { stroke: var(--st-primary-color); stroke-opacity: 1; stroke-width: 2; }
svg .frame { fill: none; stroke: var(--st-text-color); stroke-opacity: .45; }
svg .context { stroke-dasharray: 3 3; }
svg .column { fill: var(--st-text-color); fill-opacity: 0; cursor: pointer; }
svg .column.on { fill-opacity: .06; }
svg .unit { cursor: pointer; }
svg .chosen { fill: none; stroke: var(--st-text-color); stroke-width: 2.5; pointer-events: none; }
.says { margin-top: .6rem; padding: .6rem .8rem; border-radius: 8px; background: var(--st-secondary-background-color);
  font-variant-numeric: tabular-nums; overflow-x: auto; }
.where { font-weight: 600; margin-bottom: .2rem; }
.line { display: grid; grid-template-columns: minmax(14rem, max-content) 1fr; gap: 0 1rem; align-items: baseline; line-height: 1.9; }
@media (max-width: 640px) { .line { grid-template-columns: 1fr; line-height: 1.6; } .numbers { padding-left: 1rem; } }
.numbers { opacity: .92; }
.term { white-space: nowrap; }
sup, sub { font-size: .72em; line-height: 1; }
.indices { display: inline-grid; vertical-align: middle; margin-left: 1px; }
.indices sup, .indices sub { vertical-align: baseline; }
.faint { opacity: .45; }
`;
