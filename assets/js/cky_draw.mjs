// The chart as a pyramid: words below, a cell (i, j) above the words i to j, the whole sentence on top.
// Made once a chart, theme and size; a step only touches the cells that change.
import { figure, percent } from "./cky_data.mjs";
import { css, mix } from "./ramp.mjs";
import { node } from "./reader_ink.mjs";
import { rgb } from "./theme.mjs";

const GAP = 5; // between cells
const FOOT = 42; // for the words
const SLANT = 40; // degrees of words that are wider than their cell
const MARGIN = 5;
const LINE = 15; // css pixels a symbol
export const ZOOMS = [0.6, 0.8, 1, 1.3, 1.7, 2.2, 3];

const value = (log, view, tight) => (view === "posterior" ? percent(Math.exp(log)) : figure(log, tight));

// Where everything stands in a space of `width` css pixels.
export function laid(chart, data, view, width, zoom) {
  const { n } = chart;
  let most = 1;
  for (let c = 0; c < chart.count; c++) most = Math.max(most, chart.cell(c).size);
  const pitch = Math.max(26, Math.min(124, (width - 2 * MARGIN) / n)) * zoom;
  // Name and number side by side, below each other, names alone, or nothing but colour.
  const written = pitch >= 96 ? "both" : pitch >= 58 ? "stacked" : pitch >= 26 ? "names" : "none";
  const few = n <= 6 || zoom > 1;
  const lines = { both: Math.min(most, 3), stacked: few && most > 1 ? 4 : 2, names: pitch >= 34 ? Math.min(most, 2) : 1, none: 1 }[written];
  const rise = written === "none" ? 24 : Math.max(pitch >= 58 ? 40 : pitch >= 34 ? 30 : 25, lines * LINE + 9 + GAP);
  const [wide, high] = [pitch - GAP, rise - GAP];
  const letters = Math.max(...data.words.map((word) => [...word].length));
  const slanted = letters * 7.4 > pitch;
  const foot = slanted ? FOOT + Math.min(110, letters * 7.4) * Math.sin((SLANT * Math.PI) / 180) : FOOT;
  // The first words must not reach out of the picture.
  const out = slanted ? Math.max(0, ...data.words.map((word, k) => Math.min(16, [...word].length) * 7.4 * Math.cos((SLANT * Math.PI) / 180) - (k + 0.5) * pitch)) : 0;
  const left = Math.max(MARGIN + out, (width - n * pitch) / 2);
  return {
    n, pitch, rise, wide, high, written, lines, slanted,
    size: pitch < 34 ? 10.5 : 12,
    width: Math.max(width, n * pitch + left + MARGIN),
    height: n * rise + foot + MARGIN,
    x: (i, j) => left + ((i + j + 1) / 2) * pitch,
    y: (i, j) => MARGIN + (n - 1 - (j - i) + 0.5) * rise,
  };
}

export function picture(view) {
  const { chart, data, layout, theme } = view;
  const { width, height, x, y, wide, high } = layout;
  const svg = node("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  const boxes = [];
  const under = node("g", { class: "tree-lines" });
  const cells = node("g", {});
  const over = node("g", { class: "pointers" });
  const names = node("g", { class: "names" });
  for (let c = 0; c < chart.count; c++) {
    const { i, j } = chart.cell(c);
    const box = node("rect", { x: -wide / 2, y: -high / 2, width: wide, height: high, rx: Math.min(6, high / 4), class: "box" });
    const words = node("g", {});
    const tip = node("title", {});
    const group = node("g", { class: "cell blank", transform: `translate(${x(i, j)} ${y(i, j)})` }, tip, box);
    group.dataset.c = c;
    cells.append(group);
    words.setAttribute("transform", group.getAttribute("transform"));
    names.append(words);
    boxes.push({ group, box, words, tip, state: "", mark: "" });
  }
  svg.append(cells, under, over, names, ...sentence(data, layout));
  return { svg, boxes, under, over, shades: shades(view, theme) };
}

function sentence(data, layout) {
  const unknown = new Set(data.unknown);
  const foot = MARGIN + layout.n * layout.rise;
  const { slanted } = layout;
  const most = slanted ? 16 : Math.max(1, Math.floor(layout.pitch / 7.4));
  return data.words.flatMap((word, k) => {
    const short = [...word].length > most ? `${[...word].slice(0, most - 1).join("")}…` : word;
    const place = [layout.x(k, k), foot + (slanted ? 30 : 31)];
    const turn = slanted ? { transform: `rotate(${-SLANT} ${place.join(" ")})`, "text-anchor": "end" } : {};
    const text = node("text", { x: place[0] + (slanted ? 4 : 0), y: place[1], ...turn, class: `word${unknown.has(k) ? " unknown" : ""}${slanted ? " slanted" : ""}` }, short,
      node("title", {}, unknown.has(k) ? `${word}: no rule of the grammar makes it` : word));
    return [node("text", { x: place[0], y: foot + 14, class: "index" }, `${k + 1}`), text];
  });
}

// The colour of a number: the likelier, the stronger; evenly in its logarithm, but for the posterior.
function shades({ chart, data }, theme) {
  const view = data.values;
  let low = 0;
  for (let c = 0; c < chart.count; c++) {
    const { first, size } = chart.cell(c);
    for (let e = first; e < first + size; e++) {
      const log = chart.value(e, view);
      if (log > -Infinity) low = Math.min(low, log);
    }
  }
  const ground = rgb(theme.background);
  const ink = rgb(theme.dark ? "#22709e" : "#9fd0ea");
  return (log) => {
    const share = view === "posterior" ? Math.exp(log) : low < 0 ? 1 - log / low : 1;
    return css(mix(ground, ink, 0.1 + 0.9 * Math.max(0, Math.min(1, share))));
  };
}

// One cell as it is after some splits: state "blank", or the split that was done last.
export function fill(view, drawn, c, split) {
  const { chart, data, layout } = view;
  const own = drawn.boxes[c];
  const state = split === null ? "blank" : `${split}`;
  if (own.state === state) return;
  own.state = state;
  const { total, i, j } = chart.cell(c);
  const found = split === null ? [] : chart.shown(c, data.values, split);
  own.group.classList.toggle("blank", split === null);
  own.group.classList.toggle("empty", split !== null && !found.length);
  own.box.style.fill = found.length ? drawn.shades(found[0][1]) : "";
  own.words.replaceChildren(...labels(view, found, total));
  const all = found.slice(0, 12).map(([e, log]) => `${chart.name(e)}  ${value(log, data.values, false)}`);
  const head = i === j ? `word ${i + 1}: ${data.words[i]}` : `words ${i + 1} to ${j + 1}`;
  own.tip.textContent = [head, ...all, ...(total > 12 ? [`and ${total - 12} more`] : []), ...(found.length || split === null ? [] : ["nothing"])].join("\n");
}

function labels(view, found, total) {
  const { chart, data, layout, lit } = view;
  if (layout.written === "none" || !found.length) return [];
  // What the tree uses is always seen.
  const first = found.filter(([e]) => lit.has(e));
  const order = [...first, ...found.filter(([e]) => !lit.has(e))];
  const tall = layout.written === "stacked" ? 2 : 1; // lines a symbol
  const room = Math.floor(layout.lines / tall);
  const all = Math.max(total, order.length);
  const shown = order.slice(0, all > room ? Math.max(1, room - 1) : room);
  const more = all - shown.length;
  const told = more > 0 && (room > 1 || tall > 1);
  const apart = tall > 1 && shown.length * tall < layout.lines; // a line of its own for what is left
  const last = told && (apart || tall === 1);
  const rows = shown.length * tall + (last ? 1 : 0);
  const y = (row) => (row - (rows - 1) / 2) * LINE + 4;
  const most = Math.floor((layout.wide - 3) / (layout.size * 0.58));
  const cut = (text, size) => ([...text].length > size ? `${[...text].slice(0, Math.max(1, size - 1)).join("")}…` : text);
  const texts = shown.flatMap(([e, log], k) => {
    const name = chart.name(e);
    const kind = `name${lit.has(e) ? " lit" : ""}${chart.made(e) ? " made" : ""}`;
    const number = value(log, data.values, true);
    const plus = told && !apart && tall > 1 && k === shown.length - 1 ? ` +${more}` : "";
    if (layout.written === "names") return [node("text", { x: 0, y: y(k), class: `${kind}${layout.size < 12 ? " small" : ""}` }, cut(name, most))];
    if (tall > 1) return [node("text", { x: 0, y: y(2 * k), class: kind }, cut(name, most - plus.length) + plus), node("text", { x: 0, y: y(2 * k + 1) - 1, class: "number" }, number)];
    return [node("text", { x: 0, y: y(k), class: "pair" }, node("tspan", { class: kind }, cut(name, most - number.length + 1)), node("tspan", { dx: 4, class: "number" }, number))];
  });
  if (last) texts.push(node("text", { x: 0, y: y(rows - 1), class: "more" }, `+${more}`));
  return texts;
}

// Which cells stand out: { c: "tree now left right chosen ..." }
export function mark(drawn, marks) {
  drawn.boxes.forEach((own, c) => {
    const wanted = marks.get(c) ?? "";
    if (own.mark === wanted) return;
    for (const name of own.mark.split(" ").filter(Boolean)) own.group.classList.remove(name);
    for (const name of wanted.split(" ").filter(Boolean)) own.group.classList.add(name);
    own.mark = wanted;
  });
}

// From below one cell to above another.
export function line(view, from, to, kind) {
  const { chart, layout } = view;
  const [a, b] = [chart.cell(from), chart.cell(to)];
  const side = Math.sign(layout.x(b.i, b.j) - layout.x(a.i, a.j));
  const x0 = layout.x(a.i, a.j) + side * Math.min(layout.wide / 4, 14);
  return node("line", { x1: x0, y1: layout.y(a.i, a.j) + layout.high / 2, x2: layout.x(b.i, b.j), y2: layout.y(b.i, b.j) - layout.high / 2, class: kind });
}
