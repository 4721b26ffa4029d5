// How a cell and its equations look; colours are Streamlit's own but for the course's red, green, blue.
export const STYLE = `
.cell { font: 15px/1.5 var(--st-font); color: var(--st-text-color); container-type: inline-size;
  --red: #c2352b; --green: #00795a; --blue: #0068a3; --on: #ffffff; }
.cell.dark { --red: #f0776b; --green: #35c79c; --blue: #56b4e9; --on: #10151a; }
.both { display: grid; gap: 1rem 2.25rem; grid-template-columns: minmax(0, 1fr); }
@container (min-width: 780px) {
  .both { grid-template-columns: minmax(0, 460px) minmax(0, 1fr); align-items: start; }
  .left { position: sticky; top: 4.5rem; }
}
.ways { display: inline-flex; margin-bottom: .5rem; border: 1px solid var(--st-border-color); border-radius: 8px; overflow: hidden; }
.ways[hidden] { display: none; }
.ways button { font: inherit; color: inherit; background: none; border: 0; padding: .25rem .9rem; cursor: pointer; }
.ways button + button { border-left: 1px solid var(--st-border-color); }
.ways button[aria-pressed=true] { background: var(--st-primary-color); color: var(--st-background-color); }
.picture { overflow-x: auto; }
.picture svg { display: block; width: 100%; min-width: 340px; max-width: 460px; height: auto; margin: 0 auto; }
.about { margin: .35rem 0 0; font-size: 13px; opacity: .8; }
:is(.ways button, .picture, .line):focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: -2px; }
svg text { fill: var(--st-text-color); font: 14px var(--st-font); font-variant-numeric: tabular-nums; }
svg .small { font-size: 12px; opacity: .85; }
svg .halo { paint-order: stroke; stroke: var(--st-background-color); stroke-width: 4px; stroke-linejoin: round; }
svg .inside text { fill: var(--on); text-anchor: middle; }
svg .value { font-weight: 600; }
svg .gate circle { fill: var(--green); } svg .times circle { fill: var(--blue); } svg .unit circle { fill: var(--red); }
svg .squash circle { fill: var(--st-secondary-background-color); stroke: var(--st-text-color); stroke-opacity: .5; stroke-width: 1.5; }
svg .squash text { fill: var(--st-text-color); }
svg .carousel { fill: var(--red); font-weight: 700; }
svg .none { opacity: .3; }
svg [data-part] { cursor: default; }
svg .hit { stroke: transparent; stroke-width: 18px; fill: none; }
svg .lit :is(circle, rect) { stroke: var(--st-text-color); stroke-width: 3px; stroke-opacity: 1; }
svg .lit .wire { filter: drop-shadow(0 0 3px var(--st-text-color)); }
svg .lit text.label { text-decoration: underline; text-underline-offset: 3px; }
.lines { list-style: none; margin: 0; padding: 0; min-width: 0; }
.title { font-weight: 600; margin: .25rem 0 .25rem; }
.title ~ .title { margin-top: 1.1rem; }
.line { position: relative; padding: .3rem 3.6rem .3rem .6rem; border-left: 3px solid transparent; border-radius: 0 6px 6px 0; }
.line.lit { background: var(--st-secondary-background-color); border-left-color: var(--st-primary-color); }
.line.other { opacity: .72; }
.symbols { font-size: 16px; line-height: 2; }
.numbers { font-size: 14px; font-variant-numeric: tabular-nums; opacity: .92; }
.number { position: absolute; right: .5rem; top: .55rem; font-size: 13px; opacity: .7; }
.term { white-space: nowrap; }
sup, sub { font-size: .72em; line-height: 1; }
.indices { display: inline-grid; vertical-align: middle; margin-left: 1px; }
.indices sup, .indices sub { vertical-align: baseline; }
.faint { opacity: .4; }
`;
