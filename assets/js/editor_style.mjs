// The looks of the editor. Image and textarea must agree in every measure, or the caret strays.
export const LINE = 20; // px

export const CSS = `
.editor { container-type: inline-size; position: relative; font: 14px/1.45 var(--st-font); color: var(--st-text-color);
  --fatal: var(--st-red-color, #d33); --warns: var(--st-orange-color, #e69f00); }
.frame { position: relative; border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius, 8px);
  background: var(--st-secondary-background-color); }
.frame:focus-within { border-color: var(--st-primary-color); }
.scroll { overflow: auto; min-height: 160px; max-height: 440px; border-radius: inherit; overscroll-behavior: auto; }
.sheet { display: grid; grid-template-columns: max-content minmax(max-content, 1fr); min-height: 160px; }
.gutter { position: sticky; left: 0; z-index: 2; padding: 8px 8px 8px 6px; text-align: right; user-select: none; min-width: 30px;
  box-sizing: border-box; background: var(--st-secondary-background-color); border-right: 1px solid var(--st-border-color);
  font: 12px/${LINE}px var(--st-code-font, monospace); color: var(--st-text-color); }
.gutter div { height: ${LINE}px; position: relative; padding-left: 12px; opacity: .75; }
.gutter .fatal, .gutter .warns { opacity: 1; font-weight: 700; }
.gutter .fatal::before, .gutter .warns::before { content: ""; position: absolute; left: 0; top: 6px; width: 8px; height: 8px;
  background: var(--warns); border-radius: 50%; }
.gutter .fatal::before { background: var(--fatal); border-radius: 1px; }
.paper { position: relative; min-width: 100%; }
.ink, .paper textarea { font: 13px/${LINE}px var(--st-code-font, monospace); tab-size: 4; white-space: pre; letter-spacing: 0;
  word-spacing: 0; padding: 8px 32px 8px 10px; margin: 0; border: 0; box-sizing: border-box; font-variant-ligatures: none; }
.ink { min-width: 100%; width: max-content; min-height: 100%; }
.line { height: ${LINE}px; margin: 0 -32px 0 -10px; padding: 0 32px 0 10px; }
.line.here { background: color-mix(in srgb, var(--st-primary-color) 9%, transparent); }
.paper textarea { position: absolute; inset: 0; width: 100%; height: 100%; resize: none; overflow: hidden; outline: none;
  background: transparent; color: transparent; caret-color: var(--st-text-color); }
.paper textarea::selection { background: color-mix(in srgb, var(--st-primary-color) 35%, transparent); color: transparent; }
.left { color: var(--st-blue-text-color, var(--st-primary-color)); }
.name { color: var(--st-text-color); }
.word { color: var(--st-green-text-color, #00795a); }
.p { color: var(--st-orange-text-color, #a35200); }
.order { color: var(--st-violet-text-color, #6a4fa3); }
.comment, .arrow, .bar { color: color-mix(in srgb, var(--st-text-color) 66%, transparent); }
.odd { color: var(--st-red-text-color, #c00); }
.line .fatal { text-decoration: underline wavy var(--fatal) 1.4px; text-underline-offset: 3px; text-decoration-skip-ink: none; }
.line .warns { text-decoration: underline wavy var(--warns) 1.4px; text-underline-offset: 3px; text-decoration-skip-ink: none; }
.line .end { background: color-mix(in srgb, var(--fatal) 30%, transparent); }
.plain .gutter, .plain .ink { display: none; }
.plain .scroll { overflow: hidden; max-height: none; height: 440px; }
.plain .sheet, .plain .paper { display: block; height: 100%; }
.plain .paper textarea { overflow: auto; color: var(--st-text-color); }
.tip { position: absolute; z-index: 4; max-width: min(420px, 90%); padding: 5px 9px; border-radius: 6px; white-space: pre-line;
  background: var(--st-background-color); border: 1px solid var(--st-border-color); box-shadow: 0 2px 10px #0003; pointer-events: none;
  font-size: 13px; overflow-wrap: anywhere; }
.foot { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin: 5px 2px 0; font-size: 13px; min-height: 20px; }
.hint { opacity: .7; }
.problems { list-style: none; margin: 3px 0 0; padding: 0; }
.problems button { display: flex; gap: 8px; align-items: baseline; width: 100%; padding: 4px 6px; border: 0; border-radius: 6px;
  background: none; color: inherit; font: inherit; font-size: 13.5px; text-align: left; cursor: pointer; overflow-wrap: anywhere; }
.problems button span { min-width: 0; }
.problems button:hover, .problems button.here { background: var(--st-secondary-background-color); }
.problems button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: -2px; }
.problems b { flex: none; font: 600 12px/1.5 var(--st-code-font, monospace); padding-left: 15px; position: relative; min-width: 3.2em; }
.problems b::before { content: ""; position: absolute; left: 1px; top: 5px; width: 8px; height: 8px; border-radius: 50%; background: var(--warns); }
.problems .fatal b::before { background: var(--fatal); border-radius: 1px; }
.problems .rest { color: var(--st-primary-color); font-size: 13px; padding-left: 22px; }
@container (max-width: 480px) { .editor:not(.long) .hint { display: none; } }
`;
