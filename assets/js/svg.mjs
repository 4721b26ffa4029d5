// The plane and its warp as an SVG: lines, marks and words that stay sharp at any size. Every text
// enters as a text node, so nothing in a name can become markup.
import { figure, ticks } from "./axis.mjs";
import { make } from "./make.mjs";
import { EDGE } from "./points.mjs";

const SIZE = 560; // of a plane
const LEFT = 40; // room for the numbers of an axis
const STEP = SIZE + LEFT + 24; // from one plane to the next
const SVG = "http://www.w3.org/2000/svg";
const SMOOTH = 6; // the soft picture is stretched so much here: not all viewers do it smoothly

export function drawing(studio, caption) {
  const { colours } = studio;
  const [width, height] = [2 * STEP, SIZE + 96];
  const root = node("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "font-family": "sans-serif", "font-size": 12, fill: colours.text });
  root.append(node("title", {}, caption), node("rect", { width, height, fill: colours.background }),
    plane(studio), warp(studio), legend(studio), node("text", { x: LEFT, y: SIZE + 84 }, caption));
  return new XMLSerializer().serializeToString(root);
}

function node(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.map((child) => (typeof child === "string" ? clean(child) : child)));
  return made;
}

// Without what no XML may hold.
const clean = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, " ").toWellFormed();

const round = (value) => Math.round(value * 10) / 10;

// A square with axes around what lies `inside`; a range is null where it has no numbers.
function box(colours, id, place, inside, names, [x, y]) {
  const clip = node("clipPath", { id }, node("rect", { width: SIZE, height: SIZE }));
  return node("g", { transform: `translate(${LEFT + place * STEP} 16)` }, clip,
    node("g", { "clip-path": `url(#${id})` }, ...inside),
    node("rect", { width: SIZE, height: SIZE, fill: "none", stroke: colours.border }),
    ...axis(x, (at, text) => node("text", { x: at, y: SIZE + 18, "text-anchor": "middle" }, text)),
    ...axis(y, (at, text) => node("text", { x: -6, y: round(SIZE - at + 4), "text-anchor": "end" }, text)),
    node("text", { x: SIZE, y: SIZE + 34, "text-anchor": "end" }, names[0]),
    node("text", { x: 6, y: 16 }, names[1]));
}

function axis(range, made) {
  if (!range) return [];
  const [lo, hi] = range;
  const text = (t) => (t === 0 || Math.abs(t) >= 1e-3 ? `${t}` : figure(t)).replace("-", "\u2212");
  return ticks(lo, hi).map((t) => made(round(((t - lo) / (hi - lo)) * SIZE), text(t)));
}

function plane(studio) {
  const { state, colours } = studio;
  const { view } = studio.plane;
  const [x0, x1, y0, y1] = view.zoomed ?? state.extent;
  const to = (x, y) => [((x - x0) / (x1 - x0)) * SIZE, ((y1 - y) / (y1 - y0)) * SIZE];
  const { points, classes, held } = state.arrays;
  const inside = [
    ...regions(state, view, colours, to),
    ...marks(colours, classes, held, (i) => to(points[2 * i], points[2 * i + 1])),
  ];
  return box(colours, "plane", 0, inside, ["x1", "x2"], [[x0, x1], [y0, y1]]);
}

// The soft regions as a small picture, the line between them as a path.
function regions({ window, shapes }, { sheet, lines }, colours, to) {
  const [left, top] = to(window[0], window[3]);
  const [right, bottom] = to(window[1], window[2]);
  const side = shapes.probabilities[1];
  const [sx, sy] = [(right - left) / side, (bottom - top) / side];
  let path = "";
  for (let i = 0; i < lines.length; i += 4) {
    const at = (k) => `${round(left + (lines[i + k] + 0.5) * sx)} ${round(top + (lines[i + k + 1] + 0.5) * sy)}`;
    path += `M${at(0)}L${at(2)}`;
  }
  return [
    node("image", { x: left, y: top, width: right - left, height: bottom - top, preserveAspectRatio: "none", href: still(sheet) }),
    node("path", { d: path, stroke: colours.text, "stroke-opacity": 0.75, fill: "none" }),
  ];
}

function still(sheet) {
  const copy = make("canvas", { width: sheet.width * SMOOTH, height: sheet.height * SMOOTH });
  copy.getContext("2d").drawImage(sheet, 0, 0, copy.width, copy.height);
  return copy.toDataURL("image/png");
}

// The grid and the points where the canvas shows them; there they are in css pixels.
function warp(studio) {
  const { state, colours } = studio;
  const { view } = studio.warp;
  const by = SIZE / (view.field.clientWidth - EDGE.left - EDGE.right);
  const { places, points, n, every } = view.seen;
  const at = (array, i) => [(array[3 * i] - EDGE.left) * by, (array[3 * i + 1] - EDGE.top) * by];
  let path = "";
  for (let line = 0; line < n; line += every) {
    for (const [start, step] of [[line * n, 1], [line, n]]) {
      for (let i = 0; i < n; i++) path += `${i ? "L" : "M"}${at(places, start + i * step).map(round).join(" ")}`;
    }
  }
  const inside = [
    node("path", { d: path, stroke: colours.text, "stroke-opacity": 0.4, fill: "none" }),
    ...marks(colours, state.arrays.classes, state.arrays.held, (i) => at(points, i)),
  ];
  const stage = state.net.stages[Math.round(state.stage)];
  const [x, y, z] = state.axes;
  if (z !== undefined) return box(colours, "warp", 1, inside, [`${stage}: ${x}, ${y}, ${z}`, ""], [null, null]);
  const { lo, hi } = view.camera;
  const half = (hi - lo) / 2 / view.near;
  const range = [(lo + hi) / 2 - half, (lo + hi) / 2 + half];
  return box(colours, "warp", 1, inside, [x, y], [range, range]);
}

// Learned from: discs; held for testing: squares, as on the page.
function marks(colours, classes, held, at) {
  return Array.from(classes, (c, i) => mark(colours, c, held[i], at(i).map(round)));
}

function mark(colours, c, held, [x, y]) {
  const colour = colours.classes[c];
  return held
    ? node("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7, fill: colours.background, stroke: colour, "stroke-width": 2 })
    : node("circle", { cx: x, cy: y, r: 4, fill: colour, stroke: colours.background });
}

function legend({ state, colours }) {
  const group = node("g", { transform: `translate(${LEFT} ${SIZE + 62})` });
  let x = 5;
  for (let c = 0; c < state.net.classes; c++) {
    const name = (state.classes[c] ?? `${c}`).slice(0, 24);
    group.append(mark(colours, c, 0, [x, 0]), node("text", { x: x + 10, y: 4 }, name));
    x += 36 + 7 * name.length;
  }
  if (state.arrays.held.some(Boolean)) group.append(node("text", { x, y: 4 }, "squares: held for testing"));
  return group;
}
