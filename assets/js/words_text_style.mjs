// How a text looks with its words counted and left out. Reasons differ in line and colour.
export const STYLE = `
.fates { font: 14px/1.5 var(--st-font); color: var(--st-text-color); --kept: #0b6a9f22; --stop: #b5461c; --few: #7a5ca8; --many: #8a6d00; }
.fates.dark { --kept: #5db7ea30; --stop: #f08a3c; --few: #b79df0; --many: #d8b53a; }
.ways, .legend { display: flex; flex-wrap: wrap; gap: .3rem .4rem; margin-bottom: .5rem; }
.legend[hidden] { display: none; }
.fates button { font: inherit; font-size: 13px; color: inherit; background: none; border: 1px solid var(--st-border-color); border-radius: 8px; padding: .15rem .6rem; cursor: pointer; }
.ways button[aria-pressed=true] { background: var(--st-primary-color); border-color: var(--st-primary-color); color: var(--st-background-color); }
.legend button { padding: .05rem .5rem; } .legend b { font-weight: 500; }
.legend button[aria-pressed=true] { border-color: var(--st-primary-color); box-shadow: 0 0 0 1px var(--st-primary-color); }
.fates button:hover { border-color: var(--st-primary-color); }
.paper { max-height: 460px; overflow: auto; padding: .7rem .9rem; border: 1px solid var(--st-border-color); border-radius: 10px; font-size: 15px; line-height: 1.75;
  white-space: pre-wrap; overflow-wrap: anywhere; font-family: var(--st-font), "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
.paper.left, .paper.bag { white-space: normal; }
.word { border-radius: 3px; }
.word.f0, .kind.f0 b { background: var(--kept); padding: 0 2px; margin: 0 -1px; }
.word:not(.f0) { opacity: .72; }
:is(.word, .kind b):is(.f1, .f2, .f3, .f4, .f5, .f6, .f7), .kind:not(.f0) b { text-decoration: line-through 1.5px; }
:is(.f1, .f2).word, :is(.f1, .f2).kind b { text-decoration-color: currentColor; text-decoration-style: dotted; }
.f3.word, .f3.kind b { text-decoration-color: var(--stop); }
.f4.word, .f4.kind b { text-decoration-style: wavy; text-decoration-color: var(--few); }
.f5.word, .f5.kind b { text-decoration-color: var(--few); text-decoration-style: double; }
.f6.word, .f6.kind b { text-decoration-color: var(--many); text-decoration-style: dashed; }
.f7.word, .f7.kind b { text-decoration-color: currentColor; text-decoration-style: dashed; }
.f3.word { color: var(--stop); opacity: .85; } .f5.word { color: var(--few); opacity: .9; } .f6.word { color: var(--many); opacity: .95; }
.word.dim { opacity: .25; }
.word.click { cursor: pointer; }
.word.click:hover { outline: 2px solid var(--st-primary-color); }
.held { display: inline-block; margin-right: .7rem; } .held sub { opacity: .7; font-size: 11px; margin-left: 1px; }
.none { opacity: .75; margin: 0; }
:is(button, .word):focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 1px; }
.says { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
