// Pictures to take home: all canvases as one PNG, or the two planes as a drawing made of lines.
import { make } from "./make.mjs";
import { EDGE } from "./points.mjs";

const GAP = 16; // css pixels between the canvases of a PNG
const SIZE = 560; // of a plane in the drawing
const SVG = "http://www.w3.org/2000/svg";

// A button that offers both.
export function menu(studio) {
  const choose = (name, text, act) => {
    const made = make("button", { type: "button", className: "tool", onclick: () => {
      list.hidden = true;
      act();
    } }, text);
    made.dataset.do = name;
    return made;
  };
  const list = make("div", { className: "list", hidden: true },
    choose("png", "Picture, PNG", async () => save(await png(studio), "plane.png")),
    choose("svg", "Drawing, SVG", () => save(svg(studio), "plane.svg")));
  const open = make("button", { type: "button", className: "chip", title: "Take the picture home", onclick: () => (list.hidden = !list.hidden) }, "Picture");
  open.dataset.do = "picture";
  return make("div", { className: "menu" }, open, list);
}

export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const anchor = make("a", { href: address, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function png(studio) {
  const rows = [[studio.plane, studio.warp], [studio.curves], [studio.diagram]].map((row) => row.map(({ canvas }) => canvas).filter((c) => c.width));
  const dense = Math.min(2, window.devicePixelRatio || 1);
  const gap = GAP * dense;
  const wide = Math.max(...rows.map((row) => row.reduce((sum, c) => sum + c.width + gap, gap)));
  const high = rows.reduce((sum, row) => sum + Math.max(0, ...row.map((c) => c.height)) + gap, gap);
  const sheet = new OffscreenCanvas(wide, high);
  const ink = sheet.getContext("2d");
  ink.fillStyle = studio.colours.background;
  ink.fillRect(0, 0, wide, high);
  let y = gap;
  for (const row of rows) {
    let x = gap;
    for (const canvas of row) {
      ink.drawImage(canvas, x, y);
      x += canvas.width + gap;
    }
    y += Math.max(0, ...row.map((c) => c.height)) + gap;
  }
  return sheet.convertToBlob({ type: "image/png" });
}

export function svg(studio) {
  const { state, colours } = studio;
  const root = node("svg", { xmlns: SVG, viewBox: `0 0 ${2 * SIZE + 48} ${SIZE + 60}`, width: 2 * SIZE + 48, height: SIZE + 60,
    "font-family": "sans-serif", "font-size": 12 });
  root.append(node("rect", { width: "100%", height: "100%", fill: colours.background }));
  root.append(plane(studio), warp(studio));
  const lane = studio.lane();
  const said = `${state.net.stages.join(" \u2192 ")}; ${lane.examples.toLocaleString("en")} examples, seed ${state.seed}, loss ${lane.loss[0]?.toFixed(4)}, accuracy ${(100 * (lane.accuracy[0] ?? 0)).toFixed(1)} %`;
  root.append(node("text", { x: 16, y: SIZE + 44, fill: colours.text }, said));
  return new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" });
}

function node(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function plane(studio) {
  const { state, colours } = studio;
  const { view } = studio.plane;
  const group = node("g", { transform: "translate(16 16)" });
  const clip = node("clipPath", { id: "plane" });
  clip.append(node("rect", { width: SIZE, height: SIZE }));
  const inside = node("g", { "clip-path": "url(#plane)" });
  const [x0, x1, y0, y1] = view.zoomed ?? state.extent;
  const to = (x, y) => [((x - x0) / (x1 - x0)) * SIZE, ((y1 - y) / (y1 - y0)) * SIZE];
  const [left, top] = to(state.window[0], state.window[3]);
  const [right, bottom] = to(state.window[1], state.window[2]);
  inside.append(node("image", { x: left, y: top, width: right - left, height: bottom - top, preserveAspectRatio: "none", href: still(view.sheet) }));
  const side = state.shapes.probabilities[1];
  const cell = (right - left) / side;
  const lines = view.lines ?? [];
  let path = "";
  for (let i = 0; i < lines.length; i += 4) {
    const at = (k) => [left + (lines[i + k] + 0.5) * cell, top + (lines[i + k + 1] + 0.5) * cell].map((v) => v.toFixed(1)).join(" ");
    path += `M${at(0)}L${at(2)}`;
  }
  inside.append(node("path", { d: path, stroke: colours.text, "stroke-opacity": 0.75, fill: "none" }));
  const { points, classes, held } = state.arrays;
  inside.append(...marks(colours, classes, held, (i) => to(points[2 * i], points[2 * i + 1])));
  group.append(clip, inside, frame(colours), label(colours, SIZE - 4, SIZE + 16, `x1: ${x0.toPrecision(3)} to ${x1.toPrecision(3)}`),
    label(colours, SIZE - 4, 16, `x2: ${y0.toPrecision(3)} to ${y1.toPrecision(3)}`));
  return group;
}

// The grid and the points where the canvas shows them; there they are in css pixels.
function warp(studio) {
  const { state, colours } = studio;
  const { view } = studio.warp;
  const by = SIZE / (view.field.clientWidth - EDGE.left - EDGE.right);
  const group = node("g", { transform: `translate(${SIZE + 32} 16)` });
  const clip = node("clipPath", { id: "warp" });
  clip.append(node("rect", { width: SIZE, height: SIZE }));
  const inside = node("g", { "clip-path": "url(#warp)" });
  const { places, points, n, every } = view.seen;
  const at = (array, i) => [(array[3 * i] - EDGE.left) * by, (array[3 * i + 1] - EDGE.top) * by];
  let path = "";
  for (let line = 0; line < n; line += every) {
    for (const [start, step] of [[line * n, 1], [line, n]]) {
      for (let i = 0; i < n; i++) path += `${i ? "L" : "M"}${at(places, start + i * step).map((v) => v.toFixed(1)).join(" ")}`;
    }
  }
  inside.append(node("path", { d: path, stroke: colours.text, "stroke-opacity": 0.4, fill: "none" }));
  inside.append(...marks(colours, state.arrays.classes, state.arrays.held, (i) => at(points, i)));
  group.append(clip, inside, frame(colours), label(colours, SIZE - 4, SIZE + 16, `${state.net.stages[Math.round(state.stage)]}: ${state.axes.join(", ")}`));
  return group;
}

const frame = (colours) => node("rect", { width: SIZE, height: SIZE, fill: "none", stroke: colours.border });
const label = (colours, x, y, text) => node("text", { x, y, fill: colours.text, "text-anchor": "end" }, text);

function marks(colours, classes, held, at) {
  return Array.from(classes, (c, i) => {
    const [cx, cy] = at(i);
    const colour = colours.classes[c];
    return held[i]
      ? node("rect", { x: cx - 3.5, y: cy - 3.5, width: 7, height: 7, fill: colours.background, stroke: colour, "stroke-width": 2 })
      : node("circle", { cx, cy, r: 4, fill: colour, stroke: colours.background });
  });
}

// The soft picture as a small PNG inside the drawing; viewers stretch it smoothly.
function still(sheet) {
  const copy = make("canvas", { width: sheet.width, height: sheet.height });
  copy.getContext("2d").drawImage(sheet, 0, 0);
  return copy.toDataURL("image/png");
}
