// The chart of a sentence: it fills step by step; a click on a cell writes out where its numbers come from.
// Data: pages/_kit/stage/cky.py. State lives per parent element: Streamlit calls render again for every
// change of data or theme.
import { DOWN, model, read } from "./cky_data.mjs";
import { fill, laid, picture } from "./cky_draw.mjs";
import { png, svg } from "./cky_picture.mjs";
import { best, pointers, reveal } from "./cky_pointers.mjs";
import { panel } from "./cky_side.mjs";
import { along, told } from "./cky_steps.mjs";
import { STYLE } from "./cky_style.mjs";
import { tools } from "./cky_tools.mjs";
import { make, painter } from "./make.mjs";
import { save } from "./picture.mjs";
import { read as colours } from "./theme.mjs";

const REST = 250; // ms until the page hears where the visitor looks
const views = new WeakMap();

export function render(component) {
  if (!component.data) return;
  let view = views.get(component.parentElement);
  if (!view) views.set(component.parentElement, (view = build(component.parentElement)));
  view.component = component;
  const data = read(component.data);
  const other = view.data?.id !== data.id;
  const turned = view.data && Boolean(DOWN[view.data.values]) !== Boolean(DOWN[data.values]);
  view.data = data;
  if (other) view.chart = model(data);
  view.listed = data.listed;
  view.steps = view.chart.steps[DOWN[data.values] ? "down" : "up"];
  view.count = view.steps.cell.length;
  lightUp(view);
  if (other) begin(view);
  else if (turned) [view.at, view.playing, view.follow] = [view.count, false, false];
  if (view.listed && !at(view, view.listed)) view.listed = null;
  draw(view);
}

export function release(parentElement) {
  const view = views.get(parentElement);
  if (!view) return;
  view.playing = false;
  clearTimeout(view.telling);
  view.painter.stop();
  views.delete(parentElement);
}

const at = ({ chart, chosen }, { i, j }) => chart.at(i, j) === chosen.c;

function build(parent) {
  const root = parent.querySelector(".cky");
  const view = { root, settings: { unit: "split", pace: 5, tree: true, zoom: 1 }, all: {}, playing: false, seen: "" };
  view.tools = tools(view.settings, {
    play: () => play(view),
    by: (way) => (stop(view), go(view, along(view, way)), tell(view)),
    to: (step) => (stop(view), go(view, step)),
    end: () => (stop(view), go(view, view.count), tell(view)),
    rest: () => tell(view),
    set: (change) => (Object.assign(view.settings, change), draw(view)),
    png: async () => save(await png(view.drawn.svg, view.theme.background), "chart.png"),
    svg: () => save(svg(view.drawn.svg, view.theme.background), "chart.svg"),
  });
  view.field = make("div", { className: "field", tabIndex: 0, role: "application" });
  view.side = make("div", { className: "side", role: "region", "aria-label": "The cell, written out", "aria-live": "polite" });
  root.replaceChildren(make("style", {}, STYLE), view.tools.root, make("div", { className: "body" }, view.field, view.side));
  view.field.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-c]");
    if (cell) choose(view, Number(cell.dataset.c), -1);
  });
  view.field.addEventListener("keydown", (event) => key(view, event));
  view.painter = painter(view.field, () => view.data && draw(view));
  return view;
}

// Where a chart of its own begins: full, at the widest cell of the tree that could be made in several ways.
function begin(view) {
  const { chart, data } = view;
  [view.playing, view.follow, view.asked, view.all] = [false, false, null, {}];
  view.at = view.count;
  const asked = data.looked;
  if (asked) {
    view.chosen = { c: chart.at(asked.i, asked.j), e: chart.entry(asked.i, asked.j, asked.symbol) };
    if (asked.step !== null) view.at = Math.min(view.count, asked.step);
    return;
  }
  const lit = [...view.lit].sort((a, b) => wide(chart, b) - wide(chart, a));
  const several = lit.find((e) => chart.get(e, "ways") > 1);
  const filled = Array.from({ length: chart.count }, (_, k) => chart.count - 1 - k).find((c) => chart.cell(c).size) ?? 0;
  const e = several ?? lit[0];
  view.chosen = e === undefined ? { c: filled, e: -1 } : { c: chart.home[e], e };
}

function wide(chart, e) {
  const { i, j } = chart.cell(chart.home[e]);
  return j - i;
}

// The entries and cells of the tree.
function lightUp(view) {
  const { chart, data } = view;
  view.lit = new Set(data.tree.flatMap(({ i, j, symbols }) => symbols.map((name) => chart.entry(i, j, name)).filter((e) => e >= 0)));
  view.branches = data.tree.flatMap(({ i, j, parts }) => parts.map((k) => [chart.at(i, j), chart.at(data.tree[k].i, data.tree[k].j)]));
  view.trunk = new Set(data.tree.map(({ i, j }) => chart.at(i, j)));
}

function draw(view) {
  const { data, chart, root, field, settings } = view;
  view.theme = colours(root, { colours: { light: [], dark: [] }, diverging: [] });
  root.classList.toggle("dark", view.theme.dark);
  if (!field.clientWidth) return;
  if (!settings.tree) [view.hidden, view.lit] = [view.lit, new Set()];
  else if (view.hidden) lightUp(view), (view.hidden = null);
  const seen = JSON.stringify([data.id, data.values, data.tree, settings, view.theme, field.clientWidth, root.clientWidth]);
  if (seen !== view.seen) {
    view.seen = seen;
    view.layout = laid(chart, data, view, field.clientWidth - 2, settings.zoom);
    const place = [field.scrollLeft, field.scrollTop];
    view.drawn = picture(view);
    view.drawn.svg.setAttribute("aria-label", data.name);
    field.replaceChildren(view.drawn.svg);
    [field.scrollLeft, field.scrollTop] = place;
    reveal(view, view.chosen.c);
    field.setAttribute("aria-label", `${data.name}; arrow keys choose a cell, space plays, comma and full stop step`);
  }
  show(view);
}

// Everything that a step or a choice changes.
function show(view) {
  const began = performance.now();
  const { chart, steps, drawn, count } = view;
  const now = view.at ? steps.cell[view.at - 1] : -1;
  const split = view.at ? steps.split[view.at - 1] : -1;
  const done = (c) => steps.end[c] <= view.at;
  for (let c = 0; c < chart.count; c++) fill(view, drawn, c, done(c) ? Infinity : c === now ? split : null);
  if (view.follow && now >= 0) {
    if (view.chosen.c !== now) {
      view.chosen = { c: now, e: -1 };
      reveal(view, now);
    }
  }
  const { c } = view.chosen;
  view.blank = !done(c) && c !== now;
  view.split = done(c) ? Infinity : split;
  view.now = view.follow && view.at < count && c === now ? split : null;
  if (c === now && view.follow && view.at < count && !DOWN[view.data.values]) view.split = Math.min(view.split, split < 0 ? Infinity : split);
  pointers(view);
  const top = view.side.scrollTop;
  const focus = focused(view.side);
  view.side.replaceChildren(...panel(view, {
    choose: (cell, e) => choose(view, cell, e),
    point: (one, above) => ((view.pointed = one ? { one, above } : null), pointers(view)),
    all: (what) => ((view.all = { ...view.all, [what]: true }), show(view)),
    ask: (name) => ((view.asked = name), show(view), tell(view)),
  }));
  view.side.scrollTop = top;
  if (focus) view.side.querySelector(focus)?.focus({ preventScroll: true });
  view.side.setAttribute("aria-live", view.playing ? "off" : "polite");
  view.tools.show({ at: view.at, count, playing: view.playing, text: told(view), down: Boolean(DOWN[view.data.values]), hasTree: view.data.tree.length > 0 });
  view.root.dataset.ms = (performance.now() - began).toFixed(2);
  view.root.dataset.step = `${view.at} of ${count}`;
}

// A choice made by keyboard is made anew in the panel, and must not lose the focus.
function focused(side) {
  const active = side.getRootNode().activeElement;
  return side.contains(active) && active.dataset.symbol ? `[data-symbol="${CSS.escape(active.dataset.symbol)}"]` : null;
}

function go(view, step) {
  view.at = step;
  view.follow = step > 0 && step < view.count;
  if (step === view.count) view.follow = false;
  view.pointed = view.asked = null;
  show(view);
}

function stop(view) {
  view.playing = false;
}

function play(view) {
  view.playing = !view.playing;
  if (!view.playing) {
    show(view);
    return tell(view);
  }
  if (view.at === view.count) go(view, 0);
  let last = performance.now();
  const frame = (time) => {
    if (!view.playing || !view.root.isConnected) return;
    const due = Math.floor(((time - last) / 1000) * view.settings.pace);
    if (due > 0) {
      last += (due / view.settings.pace) * 1000;
      let next = view.at;
      for (let k = 0; k < due; k++) next = along({ ...view, at: next }, 1);
      view.playing = next < view.count;
      go(view, next);
      if (!view.playing) return tell(view);
    }
    requestAnimationFrame(frame);
  };
  show(view);
  requestAnimationFrame(frame);
}

function choose(view, c, e) {
  const { steps } = view;
  view.playing = false;
  view.follow = false;
  [view.chosen, view.asked, view.pointed, view.all] = [{ c, e }, null, null, {}];
  if (steps.end[c] > view.at && !(view.at && steps.cell[view.at - 1] === c)) view.at = steps.end[c]; // not filled yet: fill up to it
  if (view.listed && !at(view, view.listed)) view.listed = null;
  show(view);
  reveal(view, c);
  tell(view);
}

const MOVES = { ArrowLeft: [-1, -1], ArrowRight: [1, 1], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function key(view, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { chart, chosen } = view;
  const { i, j } = chart.cell(chosen.c);
  const move = MOVES[event.key];
  if (move) {
    let c = chart.at(i + move[0], j + move[1]);
    if (event.key === "ArrowUp" && c < 0) c = chart.at(i - 1, j);
    if (c >= 0) choose(view, c, -1);
  } else if (event.key === " ") play(view);
  else if (event.key === "," || event.key === ".") {
    stop(view);
    go(view, along(view, event.key === "," ? -1 : 1));
    tell(view);
  } else if (event.key === "Enter") {
    const found = best(view);
    if (found && found.left >= 0) choose(view, chart.home[found.left], found.left);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

// The page hears where the visitor looks: for its link, and to list what the chart here leaves out.
function tell(view) {
  clearTimeout(view.telling);
  view.telling = setTimeout(() => {
    const { chart, chosen, data, count } = view;
    const { i, j, size } = chart.cell(chosen.c);
    const e = chosen.e >= 0 ? chosen.e : size ? chart.shown(chosen.c, data.values)[0]?.[0] ?? -1 : -1;
    const name = view.asked ?? (e >= 0 ? chart.name(e) : "");
    view.component.setStateValue("looked", [data.id, i, j, name, view.at === count ? null : view.at]);
  }, REST);
}

