// How the three matrices look; colours are Streamlit's own.
export const STYLE = `
.product { font: 14px/1.45 var(--st-font); color: var(--st-text-color); position: relative; }
.product .paper { position: relative; }
.product canvas { display: block; outline: none; cursor: crosshair; touch-action: manipulation; }
.product .near canvas:focus-visible { box-shadow: 0 0 0 3px var(--st-primary-color); border-radius: 4px; }
.product .note { margin: .15rem 0 .7rem; font-size: .85rem; opacity: .8; text-wrap: pretty; }
.product .tip { position: absolute; z-index: 5; pointer-events: none; max-width: min(22rem, 90%); padding: .35rem .6rem;
  border-radius: 6px; border: 1px solid var(--st-border-color); background: var(--st-background-color); font-size: .85rem;
  box-shadow: 0 3px 12px rgb(0 0 0 / .18); overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.product .tip b { font-weight: 600; }
.product .hear { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
