// The network from left to right: a small map a unit, a curve a weight, a dot a bias. Whatever is
// drawn can be pointed at, and every number can be set by hand.
import { figure } from "./axis.mjs";
import { make, painter, pen } from "./make.mjs";
import { around, draw as drawEdges, edgeAt, middle, strongest } from "./net_edges.mjs";
import { layout, step, unitAt } from "./net_layout.mjs";
import { classTable, css, poles, signed, signedTable } from "./ramp.mjs";
import { rgb } from "./theme.mjs";
import { create as createUnit } from "./unit_map.mjs";
import { create as createEditor } from "./value_editor.mjs";

const STYLE = `
.net { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: flex-start; font: 13px var(--st-font);
  color: var(--st-text-color); }
.net .field { flex: 1 1 320px; min-width: 0; overflow-x: auto; position: relative; }
.net canvas { display: block; }
.net .field canvas { outline: none; border-radius: 6px; touch-action: pan-x pan-y; }
.net .field canvas:focus-visible { box-shadow: inset 0 0 0 2px var(--st-primary-color); }
.net .tip { position: absolute; pointer-events: none; padding: 3px 8px; border-radius: 5px; white-space: pre;
  font-size: 12px; font-variant-numeric: tabular-nums; z-index: 2; background: var(--st-text-color); color: var(--st-background-color); }
.net .edit { position: absolute; z-index: 3; display: flex; gap: 7px; align-items: center; padding: 5px 8px;
  border-radius: 6px; background: var(--st-background-color); border: 1px solid var(--st-border-color);
  box-shadow: 0 3px 12px rgb(0 0 0 / .18); font-size: 12px; }
.net [hidden] { display: none; }
.net input, .net select, .net form button { font: 12px var(--st-font); color: inherit; padding: 3px 6px; min-width: 0;
  background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); border-radius: 5px;
  font-variant-numeric: tabular-nums; }
.net input { width: 84px; }
.net input[aria-invalid=true] { outline: 2px solid #c33; }
.net .unit { flex: 0 0 auto; }
.net .unit .bar { display: flex; justify-content: space-between; align-items: center; padding-left: 34px; }
.net .unit .x { border: 0; background: none; color: inherit; font-size: 18px; line-height: 1; cursor: pointer; padding: 4px 8px; }
.net .unit form { display: flex; gap: 7px; align-items: center; padding-left: 34px; }
.net .unit select { flex: 1; max-width: 130px; }
`;

const INPUTS = {
  x1: (x) => x,
  x2: (x, y) => y,
  "x1^2": (x) => x * x,
  "x2^2": (x, y) => y * y,
  "x1 x2": (x, y) => x * y,
  "sin x1": (x) => Math.sin(x),
  "sin x2": (x, y) => Math.sin(y),
};
const INPUT_SIDE = 24; // pixels of an input's map
const EDGE = 70; // css pixels between a unit the keyboard is at and the edge of what is seen

export function create(host, studio) {
  const canvas = make("canvas", { tabIndex: 0, role: "application", "data-view": "diagram" });
  const tip = make("div", { className: "tip", hidden: true });
  const field = make("div", { className: "field" }, canvas, tip);
  const root = make("div", { className: "net" }, field);
  host.append(make("style", {}, STYLE), root);
  const view = {
    studio, canvas, tip, field,
    hover: null, // { unit: [column, index] } | { weight } | { bias: [column, index] }
    cursor: null, // [column, index] the keyboard stands on
    chosen: null, // [column, index] shown large
    edited: null, // weight or bias whose number is being set
    fresh: new Set(), // arrays that came since the last drawing
    stale: true, // the maps must be coloured anew
  };
  view.painter = painter(field, () => draw(view));
  view.editor = createEditor(field);
  view.panel = createUnit(root, studio, {
    name: ([layer, index]) => name(view, [layer + 1, index]),
    names: (layer) => Array.from({ length: studio.state.net.sizes[layer] }, (_, i) => short(view, [layer, i])),
    close: () => choose(view, null),
  });
  listen(view);
  return {
    canvas,
    frame: (f) => {
      for (const array of f.fresh) view.fresh.add(array);
      view.panel.frame(f.fresh);
      canvas.hidden = !ready(view);
      view.painter.ask();
    },
    theme: () => {
      view.stale = true;
      view.painter.ask();
    },
    resize: () => view.painter.ask(),
    release: () => view.painter.stop(),
    picture: (scale) => picture(view, scale),
  };
}

// Names

function short({ studio }, [column, index]) {
  const { net, classes } = studio.state;
  if (column === 0) return net.inputs[index];
  if (column < net.sizes.length - 1) return `${net.activations[column - 1]} ${index}`;
  return classes[index] ?? `${index}`;
}

function name(view, unit) {
  const last = view.studio.state.net.sizes.length - 1;
  if (unit[0] === 0) return `input ${short(view, unit)}`;
  if (unit[0] === last) return `output for ${short(view, unit)}`;
  return `${short(view, unit)} of hidden layer ${unit[0]}`;
}

function number({ studio }, { layer, row, column }) {
  const { W, b, in: n } = studio.state.params[layer];
  return studio.state.arrays.params[column === null ? b + row : W + row * n + column];
}

// What a unit answers over the data, from its small map.
function range(view, [column, index]) {
  const { maps, arrays } = view.studio.state;
  const { first, lo, hi } = maps[column - 1];
  const area = view.side * view.side;
  const bytes = arrays.maps.subarray((first + index) * area, (first + index + 1) * area);
  let [least, most] = [255, 0];
  for (const b of bytes) [least, most] = [Math.min(b, least), Math.max(b, most)];
  return [least, most].map((b) => lo + ((hi - lo) * b) / 255);
}

function describe(view, thing) {
  if (thing.weight) {
    const { layer, row, column } = thing.weight;
    return `${short(view, [layer, column])} \u2192 ${short(view, [layer + 1, row])}: ${figure(number(view, thing.weight))}`;
  }
  const unit = thing.unit ?? thing.bias;
  if (unit[0] === 0) return name(view, unit);
  const bias = figure(number(view, { layer: unit[0] - 1, row: unit[1], column: null }));
  if (thing.bias) return `bias of ${short(view, unit)}: ${bias}`;
  const [least, most] = range(view, unit).map(figure);
  return `${name(view, unit)}\nbias ${bias}, answers ${least} to ${most}`;
}

// Drawing

function ready({ studio: { state } }) {
  return state?.net && state.params && state.maps && state.arrays?.params && state.arrays.maps;
}

function draw(view) {
  const across = view.field.clientWidth;
  if (!ready(view) || !across) return;
  const { net } = view.studio.state;
  const shape = `${net.sizes} ${net.inputs} ${across}`;
  if (shape !== view.shape) arrange(view, shape, across);
  const began = performance.now();
  prepare(view);
  const { width, height } = view.plan;
  paint(view, pen(view.canvas, width, height));
  view.canvas.dataset.ms = (performance.now() - began).toFixed(2);
  if (view.hover && !view.tip.hidden) view.tip.textContent = describe(view, view.hover);
  if (view.chosen) view.panel.draw();
  view.fresh.clear();
}

function arrange(view, shape, across) {
  const { sizes } = view.studio.state.net;
  view.shape = shape;
  view.plan = layout(sizes, across);
  const inside = (unit) => unit && unit[0] < sizes.length && unit[1] < sizes[unit[0]];
  view.hover = null;
  view.tip.hidden = true;
  view.stale = true;
  if (!inside(view.cursor)) view.cursor = null;
  if (view.chosen && !inside(view.chosen)) choose(view, null);
  const words = sizes.slice(1, -1).join(", ") || "no";
  view.canvas.setAttribute("aria-label",
    `The network: ${sizes[0]} inputs, hidden layers of ${words} units, ${sizes.at(-1)} classes. ` +
    "Arrow keys walk the units, Enter shows one large.");
}

// Colours the maps and selects the weights, where either has changed.
function prepare(view) {
  const { studio, fresh } = view;
  const { maps, arrays, params } = studio.state;
  if (view.stale || fresh.has("maps")) {
    view.side = Math.round(Math.sqrt(arrays.maps.length / maps.reduce((sum, m) => sum + m.count, 0)));
    view.strip = strip(view);
    view.inputs = inputs(studio);
    view.stale = false;
  }
  if (!view.drawn || fresh.has("params") || view.drawn.shape !== view.shape) {
    view.drawn = strongest(params, arrays.params);
    view.drawn.shape = view.shape;
  }
}

// All maps one below the other, a pixel a pixel.
function strip(view) {
  const { studio, side } = view;
  const { maps, arrays } = studio.state;
  const area = side * side;
  const sheet = view.strip?.width === side ? view.strip : new OffscreenCanvas(side, 1);
  const image = new ImageData(side, arrays.maps.length / side);
  const pixels = new Uint32Array(image.data.buffer);
  const stops = signed(studio);
  for (const [layer, { first, count, lo, hi }] of maps.entries()) {
    const last = layer === maps.length - 1;
    const shared = last ? null : signedTable(stops, lo, hi);
    for (let unit = first; unit < first + count; unit++) {
      const table = shared ?? classTable(studio.colours, unit - first);
      for (let i = unit * area; i < (unit + 1) * area; i++) pixels[i] = table[arrays.maps[i]];
    }
  }
  if (sheet.height !== image.height) sheet.height = image.height;
  sheet.getContext("2d").putImageData(image, 0, 0);
  return sheet;
}

function inputs(studio) {
  const { net, extent } = studio.state;
  const [x0, x1, y0, y1] = extent;
  const side = INPUT_SIDE;
  const sheet = new OffscreenCanvas(side, side * net.inputs.length);
  const stops = signed(studio);
  net.inputs.forEach((input, row) => {
    const values = Array.from({ length: side * side }, (_, i) =>
      INPUTS[input](
        x0 + (((i % side) + 0.5) / side) * (x1 - x0),
        y1 - ((Math.floor(i / side) + 0.5) / side) * (y1 - y0),
      ));
    const most = Math.max(...values.map(Math.abs)) || 1;
    const table = signedTable(stops, -most, most);
    const image = new ImageData(side, side);
    const pixels = new Uint32Array(image.data.buffer);
    values.forEach((v, i) => (pixels[i] = table[Math.round((v / most / 2 + 0.5) * 255)]));
    sheet.getContext("2d").putImageData(image, 0, row * side);
  });
  return sheet;
}

function paint(view, ink) {
  const { studio, plan, drawn } = view;
  const { params, arrays } = studio.state;
  const inks = poles(studio).map((c) => css(c));
  const focus = view.hover?.unit ?? null;
  drawEdges(ink, plan.columns, drawn, inks, focus ? 0.25 : 1);
  if (focus) drawEdges(ink, plan.columns, around(params, arrays.params, focus), inks);
  for (const weight of [view.hover?.weight, view.edited]) if (weight) lone(view, ink, weight, inks);
  tiles(view, ink);
  biases(view, ink, inks);
  labels(view, ink);
  frames(view, ink);
}

// The weight that is pointed at, above all others.
function lone(view, ink, weight, inks) {
  if (weight.column === null) return;
  const one = { layer: weight.layer, rows: [weight.row], columns: [weight.column], classes: [12 + (number(view, weight) > 0)] };
  drawEdges(ink, view.plan.columns, [one], inks);
}

function tiles({ studio, plan, strip, inputs, side }, ink) {
  const { maps } = studio.state;
  ink.imageSmoothingEnabled = true;
  plan.columns.forEach(({ units }, column) => {
    const [sheet, m, first] = column ? [strip, side, maps[column - 1].first] : [inputs, INPUT_SIDE, 0];
    units.forEach((u, i) => ink.drawImage(sheet, 0, (first + i) * m, m, m, u.x, u.y, u.side, u.side));
  });
  ink.strokeStyle = css(rgb(studio.colours.text), studio.colours.dark ? 0.45 : 0.35);
  ink.lineWidth = 1;
  ink.beginPath();
  for (const { units } of plan.columns)
    for (const u of units) ink.rect(Math.round(u.x) + 0.5, Math.round(u.y) + 0.5, u.side - 1, u.side - 1);
  ink.stroke();
}

const corner = (u) => [u.x + 1, u.y + u.side - 1];

// A dot at the lower left corner of a unit: its colour is the sign, its size the strength.
function biases({ studio, plan }, ink, inks) {
  const { params, arrays } = studio.state;
  const dots = [new Path2D(), new Path2D()];
  params.forEach(({ b }, layer) => {
    plan.columns[layer + 1].units.forEach((u, i) => {
      const value = arrays.params[b + i];
      const [x, y] = corner(u);
      const size = (u.side > 20 ? 2.6 : 1.7) + (u.side > 20 ? 2.4 : 1) * (1 - Math.exp(-Math.abs(value)));
      const path = dots[value > 0 ? 1 : 0];
      path.moveTo(x + size, y);
      path.arc(x, y, size, 0, 7);
    });
  });
  ink.strokeStyle = studio.colours.background;
  ink.lineWidth = 1.5;
  dots.forEach((path, i) => {
    ink.fillStyle = inks[i];
    ink.stroke(path);
    ink.fill(path);
  });
}

function labels(view, ink) {
  const { studio, plan, canvas } = view;
  const { net } = studio.state;
  const last = plan.columns.length - 1;
  ink.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  ink.fillStyle = studio.colours.text;
  ink.textBaseline = "middle";
  plan.columns.forEach((column, at) => {
    const heading = at === 0 ? "input" : at === last ? "output" : `${net.activations[at - 1]} ${column.count}`;
    ink.textAlign = "center";
    ink.globalAlpha = 0.7;
    ink.fillText(heading, column.x + column.span / 2, 10);
    ink.globalAlpha = 1;
    if (at !== 0 && at !== last) return;
    ink.textAlign = at ? "left" : "right";
    column.units.forEach((u, i) => {
      if (at && column.wide > 1) return;
      const x = at ? u.x + u.side + 8 : u.x - 7;
      ink.fillText(clip(short(view, [at, i])), x, u.y + u.side / 2);
    });
  });
}

const clip = (text) => (text.length > 10 ? `${text.slice(0, 9)}\u2026` : text);

function frames({ studio, plan, hover, cursor, chosen, canvas }, ink) {
  const { text, primary } = studio.colours;
  const focused = canvas.getRootNode().activeElement === canvas;
  for (const [unit, colour, thick] of [
    [hover?.unit, text, 2],
    [chosen, primary, 3],
    [focused ? cursor : null, primary, 2],
  ]) {
    if (!unit) continue;
    const u = plan.columns[unit[0]].units[unit[1]];
    ink.strokeStyle = colour;
    ink.lineWidth = thick;
    ink.strokeRect(u.x - 2, u.y - 2, u.side + 4, u.side + 4);
  }
}

// Pointing, choosing, setting

function listen(view) {
  const { canvas } = view;
  canvas.addEventListener("pointermove", (e) => e.pointerType !== "touch" && point(view, e));
  canvas.addEventListener("pointerleave", () => point(view, null));
  canvas.addEventListener("click", (e) => click(view, e));
  canvas.addEventListener("focus", () => view.painter.ask());
  canvas.addEventListener("blur", () => view.painter.ask());
  canvas.addEventListener("keydown", (e) => key(view, e));
}

function under(view, event, reach) {
  if (!view.plan || !ready(view)) return null;
  const [x, y] = [event.offsetX, event.offsetY];
  const { columns } = view.plan;
  for (let column = 1; column < columns.length; column++) {
    const index = columns[column].units.findIndex((u) => {
      const [cx, cy] = corner(u);
      return Math.hypot(x - cx, y - cy) <= Math.min(reach, u.side / 4 + 1);
    });
    if (index >= 0) return { bias: [column, index] };
  }
  const unit = unitAt(view.plan, x, y);
  if (unit) return { unit };
  const weight = edgeAt(columns, view.drawn, x, y, reach);
  return weight && { weight };
}

function point(view, event) {
  const found = event && under(view, event, 7);
  const same = JSON.stringify(found) === JSON.stringify(view.hover);
  view.hover = found;
  if (found) {
    if (!same || view.tip.hidden) view.tip.textContent = describe(view, found);
    view.tip.hidden = false;
    hang(view, event.offsetX, event.offsetY);
  } else view.tip.hidden = true;
  view.canvas.style.cursor = found && found.unit?.[0] !== 0 ? "pointer" : "default";
  if (!same) view.painter.ask();
}

// The tip stays inside what is seen of the drawing.
function hang({ tip, plan, field }, x, y) {
  const [least, most] = [field.scrollLeft, field.scrollLeft + field.clientWidth - tip.offsetWidth];
  const left = x + 14 > most ? x - 14 - tip.offsetWidth : x + 14;
  tip.style.left = `${Math.max(least, Math.min(most, left))}px`;
  tip.style.top = `${Math.max(0, Math.min(plan.height - tip.offsetHeight, y + 12))}px`;
}

function click(view, event) {
  const found = under(view, event, event.pointerType === "touch" ? 14 : 7);
  if (!found) return;
  if (found.unit) {
    view.cursor = found.unit;
    choose(view, found.unit);
  } else if (found.bias) edit(view, { layer: found.bias[0] - 1, row: found.bias[1], column: null });
  else edit(view, found.weight);
}

function edit(view, weight) {
  const { studio, plan } = view;
  const { layer, row, column } = weight;
  const [x, y] = column === null ? corner(plan.columns[layer + 1].units[row]) : middle(plan.columns, weight);
  const to = short(view, [layer + 1, row]);
  view.edited = weight;
  view.tip.hidden = true;
  view.editor.open({
    x, y,
    label: column === null ? `bias of ${to}` : `${short(view, [layer, column])} \u2192 ${to}`,
    value: number(view, weight),
    set: (value) => studio.send({ do: "weight", ...weight, value }),
    after: (refocus) => {
      view.edited = null;
      if (refocus) view.canvas.focus({ preventScroll: true });
      view.painter.ask();
    },
  });
  view.painter.ask();
}

// Shows a unit large; the one that is shown already, or null, closes it. Inputs have no map.
function choose(view, unit) {
  if (unit && unit[0] === 0) return;
  const same = unit && view.chosen && unit[0] === view.chosen[0] && unit[1] === view.chosen[1];
  view.chosen = same ? null : unit;
  const chosen = view.chosen && [view.chosen[0] - 1, view.chosen[1]];
  view.studio.send({ do: "view", unit: chosen });
  view.panel.show(chosen);
  if (!chosen) view.canvas.focus({ preventScroll: true });
  view.painter.ask();
}

function key(view, event) {
  if (!view.plan || !ready(view)) return;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    const next = view.cursor ? step(view.plan, view.cursor, event.key) : [0, 0];
    if (!next) return;
    view.cursor = next;
    const u = view.plan.columns[next[0]].units[next[1]];
    view.hover = { unit: next };
    reveal(view.field, u);
    view.tip.hidden = false;
    view.tip.textContent = describe(view, view.hover);
    hang(view, u.x + u.side, u.y + u.side);
    view.studio.announce(view.tip.textContent.replace("\n", ", "));
    view.painter.ask();
  } else if (event.key === "Enter" && view.cursor) {
    event.preventDefault();
    choose(view, view.cursor);
  } else if (event.key === "Escape" && view.chosen) {
    event.preventDefault();
    choose(view, null);
  }
}

// A drawing wider than the page is scrolled so far that the unit and its name can be seen.
function reveal(field, { x, side }) {
  const [least, most] = [x + side + EDGE - field.clientWidth, x - EDGE];
  field.scrollLeft = Math.max(least, Math.min(most, field.scrollLeft));
}

function picture(view, scale) {
  if (!view.plan || !ready(view)) return null;
  prepare(view);
  const sheet = new OffscreenCanvas(1, 1);
  const { hover, cursor } = view;
  Object.assign(view, { hover: null, cursor: null });
  paint(view, pen(sheet, view.plan.width, view.plan.height, scale));
  Object.assign(view, { hover, cursor });
  return sheet;
}
