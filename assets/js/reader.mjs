// A text as a net reads it. Data: pages/_kit/stage/reader.py. State lives per parent element:
// Streamlit calls render again for every change of data or theme, without an earlier cleanup.
import { make, pen } from "./make.mjs";
import { mix, css } from "./ramp.mjs";
import { COMPARED, draw, short } from "./reader_draw.mjs";
import { film } from "./reader_film.mjs";
import { onCanvas } from "./reader_ink.mjs";
import { listen } from "./reader_input.mjs";
import { RULER, box, laid } from "./reader_layout.mjs";
import { png, svg } from "./reader_picture.mjs";
import { lossScale, scale } from "./reader_scale.mjs";
import { same, scene, sentence } from "./reader_scene.mjs";
import { aloud, fill } from "./reader_side.mjs";
import { STYLE } from "./reader_style.mjs";
import { tools } from "./reader_tools.mjs";
import { save } from "./picture.mjs";
import { read, rgb } from "./theme.mjs";

const views = new WeakMap();
const MOST_HIGH = 600; // css pixels of the field
const LEAST_HIGH = 120;
const LEAST_SIDE = 620; // of the numbers beside it, before they scroll

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  view.component = component;
  if (view.data !== data) receive(view, data);
  dress(view);
  refresh(view);
}

export function release(parentElement) {
  const view = views.get(parentElement);
  view?.stop();
  views.delete(parentElement);
}

function build(parent) {
  const settings = { mode: "wrapped", zoom: 1, colour: "0", strip: false };
  const view = { settings, hover: null, cursor: null, anchor: null, span: null, looked: null, scene: null, layout: null };
  view.film = film(() => {
    view.upto = view.film.upto;
    if (view.scene && view.film.playing) reveal(view, view.upto - 1);
    view.bar?.film(view.scene?.grows, view.film.playing, view.film.upto === view.film.count);
    ask(view);
  });
  view.canvas = make("canvas", { tabIndex: 0, role: "application" });
  view.spacer = make("div", { className: "spacer" }, view.canvas);
  view.scroller = make("div", { className: "scroller", onscroll: () => ask(view) }, view.spacer);
  view.field = make("div", { className: "field" }, view.scroller);
  view.says = make("p", { className: "says" });
  view.legendRow = make("div", { className: "legend" });
  view.selected = make("span", { className: "selected" });
  view.side = make("aside", { className: "side", "aria-label": "Numbers of one character" });
  view.live = make("div", { className: "live", "aria-live": "polite" });
  view.empty = make("p", { className: "empty", hidden: true }, "There is no text to read yet. Write, paste or choose one, and every character appears here.");
  view.bar = tools(settings, {
    changed: (change) => changed(view, change),
    play: () => view.film.toggle(),
    all: () => view.film.all(),
    png: async () => save(await png(view), "reader.png"),
    svg: () => save(svg(view), "reader.svg"),
  });
  view.whole = make("div", {}, view.says, view.bar.root, view.legendRow, make("div", { className: "body" }, view.field, view.side));
  view.root = parent.querySelector(".reader");
  view.root.replaceChildren(make("style", {}, STYLE), view.empty, view.whole, view.live);
  const deaf = listen(view.canvas, view, {
    look: (i) => look(view, { hover: i !== null && i < view.upto ? i : null }),
    step(i) {
      look(view, { cursor: i, hover: null });
      reveal(view, i);
      view.live.textContent = aloud(view, i);
    },
    pick(i) {
      if (i >= view.upto) return;
      view.scene.at = i;
      view.cursor = null;
      // with the moment, since the same character may be picked again after another control moved on
      view.component.setStateValue("picked", [i, Math.round(performance.now())]);
      ask(view);
    },
    select: (span, done) => select(view, span, done),
  });
  view.canvas.addEventListener("blur", () => look(view, { cursor: null }));
  const size = new ResizeObserver(() => lay(view));
  size.observe(view.root);
  view.stop = () => {
    size.disconnect();
    deaf();
    view.film.stop();
    cancelAnimationFrame(view.asked);
  };
  return view;
}

function receive(view, data) {
  const before = view.scene;
  view.data = data;
  view.scene = scene(data);
  const { codes, count, grows, at } = view.scene;
  const old = before?.codes ?? [];
  if (!before || !same(old, codes)) {
    const goesOn = grows && old.length > 0 && old.length < codes.length && same(old, codes.slice(0, old.length));
    Object.assign(view, { hover: null, cursor: null, anchor: null });
    if (before && view.span) select(view, null, true);
    if (!before) view.told = view.span = view.scene.span;
    if (!goesOn) view.scroller.scrollTo(0, 0);
    if (!goesOn && at !== null) view.wanted = at;
    view.film.begin(count, goesOn ? old.length : 0, grows);
  } else if (at !== null && at !== before.at) view.wanted = at;
}

// Colours of the moment, and with them every scale.
function dress(view) {
  const { scene, root } = view;
  const theme = read(root, { colours: { light: [], dark: [] }, diverging: scene.diverging });
  theme.faint = css(mix(rgb(theme.text), rgb(theme.background), 0.38));
  view.theme = theme;
  const code = getComputedStyle(root).getPropertyValue("--st-code-font").trim();
  view.fonts = { mono: `${code ? `${code}, ` : ""}ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace`, words: theme.font };
  for (const track of scene.tracks) track.scale = scale(track.low, track.high, theme, scene.sequential);
  view.costs = scene.hasLoss ? { label: "bits", title: "loss in bits", values: scene.loss, before: null, scale: lossScale(scene.loss, theme) } : null;
  document.fonts.load(`14px ${view.fonts.mono}`).then(() => ask(view), () => {});
}

// After new data, another theme or another setting.
function refresh(view) {
  const { scene, settings, bar } = view;
  view.empty.hidden = scene.count > 0;
  view.whole.hidden = scene.count === 0;
  if (!scene.count) return;
  bar.offer(scene.tracks, scene.hasLoss);
  bar.film(scene.grows, view.film.playing, view.film.upto === view.film.count);
  view.says.replaceChildren(...sentence(scene, (words) => make("b", {}, words)));
  view.canvas.setAttribute("aria-label", `${scene.name}: ${scene.count.toLocaleString("en")} characters; arrow keys move, Enter picks, shift and arrows select`);
  series(view);
  lay(view);
  if (view.wanted !== undefined) reveal(view, view.wanted);
  view.wanted = undefined;
}

function changed(view, change) {
  const middle = view.layout && first(view);
  series(view);
  lay(view);
  if ("mode" in change || "zoom" in change) reveal(view, middle, true);
}

// Which series is the ground of the letters, which lie under them, which are lanes in one line.
function series(view) {
  const { scene, settings, costs } = view;
  view.base = settings.colour === "loss" ? costs : scene.tracks[Number(settings.colour)] ?? null;
  const all = settings.strip && costs ? [...scene.tracks, costs] : scene.tracks;
  view.series = all;
  view.under = all.filter((one) => one !== view.base);
  view.lanes = view.base && !all.includes(view.base) ? [...all, view.base] : all;
  const groups = new Map();
  for (const one of view.lanes) {
    const key = one === costs ? "bits" : `${one.low} ${one.high}`;
    if (!groups.has(key)) groups.set(key, { scale: one.scale, labels: [] });
    groups.get(key).labels.push(one === costs ? "loss in bits" : one.label);
  }
  view.legend = [...groups.values()].map(({ scale, labels }) => ({ scale, words: labels.join(", ") }));
  view.legendRow.replaceChildren(...view.legend.map(({ scale, words }) => {
    const bar = make("i", {});
    bar.style.background = `linear-gradient(90deg, ${scale.stops.join(", ")})`;
    return make("span", {}, make("b", {}, words), short(scale.low), bar, short(scale.high) + (scale.over ? " and more" : ""));
  }));
  view.compares = scene.tracks.some(({ before }) => before);
  if (view.compares) view.legendRow.append(make("span", {}, COMPARED));
  view.legendRow.append(view.selected);
}

function lay(view) {
  const { scene, settings, scroller, spacer } = view;
  if (!scene?.count || !view.root.clientWidth) return;
  const line = settings.mode === "line";
  const digits = String(scene.count).length;
  const labels = Math.max(0, ...(line ? view.lanes : view.under).map(({ label }) => label.length));
  const gutter = line ? 24 + 8 * labels + 26 : Math.max(12 + 7 * digits, 12 + 6.5 * labels);
  scroller.style.overflowX = line ? "auto" : "hidden";
  scroller.style.overflowY = "auto";
  const arranged = () => laid(scene.text, scene.codes, { mode: settings.mode, zoom: settings.zoom, width: scroller.clientWidth, gutter: Math.round(gutter),
    strips: view.under.length, lanes: view.lanes.length });
  const most = Math.max(320, Math.min(MOST_HIGH, Math.round(window.innerHeight * 0.62)));
  // Whether there is a bar at the side changes the room there is, so it is settled first.
  scroller.style.overflowY = "hidden";
  let layout = arranged();
  const bar = line && layout.total[0] > scroller.clientWidth ? 16 : 0;
  const high = Math.max(LEAST_HIGH, Math.min(most, layout.total[1] + bar));
  if (layout.total[1] + bar > high) {
    scroller.style.overflowY = "scroll";
    layout = arranged();
  }
  scroller.style.height = `${high}px`;
  view.whole.style.setProperty("--high", `${Math.max(high, LEAST_SIDE)}px`);
  spacer.style.width = line ? `${layout.total[0]}px` : "100%";
  spacer.style.height = `${layout.total[1]}px`;
  view.layout = layout;
  ask(view);
}

// The first character that is seen.
function first({ layout, scroller }) {
  if (layout.mode === "line") return layout.column.findIndex((c) => c * layout.cell >= scroller.scrollLeft);
  return layout.starts[Math.min(layout.rows - 1, Math.ceil(scroller.scrollTop / layout.block))];
}

// Scroll as little as brings character i into sight, or to the beginning.
function reveal(view, i, atStart = false) {
  const { layout, scroller } = view;
  if (!layout || i < 0 || i >= layout.text.count) return;
  const [x, y, width, height] = box(layout, i);
  if (layout.mode === "line") {
    const room = scroller.clientWidth;
    if (atStart) scroller.scrollLeft = x - layout.gutter;
    else if (x - layout.gutter < scroller.scrollLeft) scroller.scrollLeft = x - layout.gutter - 2 * width;
    else if (x + 3 * width > scroller.scrollLeft + room) scroller.scrollLeft = x + 3 * width - room;
    return;
  }
  if (atStart || y - RULER - 4 < scroller.scrollTop) scroller.scrollTop = y - RULER - 4;
  else if (y + height + 6 > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = y + height + 6 - scroller.clientHeight;
}

function look(view, change) {
  Object.assign(view, change);
  ask(view);
}

function select(view, span, done) {
  const moved = String(span) !== String(view.span);
  view.span = span;
  if (span === null) view.anchor = null;
  if (done && String(view.told ?? null) !== String(span)) {
    view.told = span;
    view.component.setStateValue("span", span);
  }
  if (moved) ask(view);
}

function ask(view) {
  if (view.asked) return;
  view.asked = requestAnimationFrame(() => {
    view.asked = 0;
    if (view.layout && view.scene?.count) paint(view);
  });
}

function paint(view) {
  const { canvas, scroller, layout, scene } = view;
  const [width, height] = [scroller.clientWidth, scroller.clientHeight];
  view.looked = view.hover ?? view.cursor;
  draw(onCanvas(pen(canvas, width, height), view.fonts), view, layout, { left: scroller.scrollLeft, top: scroller.scrollTop, width, height });
  Object.assign(canvas.dataset, { shown: view.upto, grid: [layout.gutter, RULER + 4, layout.cell, layout.block ?? 0].join(" ") });
  const [a, b] = view.span ?? [];
  view.selected.textContent = view.span ? `${b - a} selected, characters ${a} to ${b - 1}` : "";
  const t = view.looked ?? (view.film.playing ? view.upto - 1 : scene.at ?? 0);
  const mark = [scene, t, view.base, view.theme];
  if (mark.every((one, k) => one === view.filled?.[k])) return;
  view.filled = mark;
  fill(view.side, view, Math.max(0, Math.min(t, scene.count - 1)));
}
