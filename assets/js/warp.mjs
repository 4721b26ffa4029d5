// The warp: the same plane as any stage of the net sees it, and the film from one to the next.
import { ticks } from "./axis.mjs";
import { boundaries } from "./contour.mjs";
import { make, pen } from "./make.mjs";
import { button, clamp, offer, select, soon, write } from "./parts.mjs";
import { css } from "./ramp.mjs";
import { lay, sheet, thread, triangle } from "./raster.mjs";
import { palette, shade } from "./shade.mjs";
import { EDGE, dots } from "./points.mjs";
import { rgb } from "./theme.mjs";

const LINES = 4; // every so-manieth line of the grid is drawn
const FINE = 3; // how much finer the picture on the grid is than what the net was asked
const DEEP = 0.43; // of the side of the frame is that of a cube: its corners stay inside at every turn
const FAR = 1e5; // device pixels beyond which nothing is drawn
const MANY = 9; // stages above which the film counts them: their names would overlap
const ROUND = 7; // seconds that the film takes there
const MODES = [["pair", "two units"], ["triple", "three units"], ["pca", "principal components"]];

export function create(host, studio, under) {
  const canvas = make("canvas", { tabIndex: 0, role: "application", "data-view": "warp" });
  const field = make("div", { className: "field" }, canvas);
  const view = {
    studio, canvas, field,
    stage: null, // null: the server's choice, the last hidden layer
    units: [0, 1, 2], mode: "pair",
    camera: null, // { key, lo, hi }: moves only with what is looked at, or on "fit"
    turn: [0.62, -0.42], near: 1, // of the view in three dimensions
    playing: 0, way: 1,
    draw: soon(() => draw(view)),
  };
  view.look = soon(() => {
    studio.send({ do: "view", stage: view.stage, units: used(view), mode: view.mode });
    studio.changed();
  });
  host.append(field);
  under.append(...controls(view));
  listen(view);
  const watch = new ResizeObserver(() => view.draw());
  watch.observe(field);
  return {
    canvas, view,
    frame() {
      follow(view);
      draw(view);
    },
    theme() {
      view.ink = view.skin = null;
      view.draw();
    },
    fit() {
      view.camera = null;
      view.near = 1;
      view.draw();
    },
    look(stage, units, mode) {
      Object.assign(view, { stage, mode, units: [...units, 0, 1, 2].slice(0, 3) });
      view.look();
    },
    release() {
      watch.disconnect();
      cancelAnimationFrame(view.playing);
    },
  };
}

const used = (view) => view.units.slice(0, view.mode === "pair" ? 2 : 3);

// Controls

function controls(view) {
  view.film = make("input", { type: "range", min: 0, step: 0.01, className: "film", "aria-label": "film: from the input through every layer" });
  view.film.addEventListener("input", () => {
    stop(view);
    view.stage = Number(view.film.value);
    view.look();
  });
  view.roll = button({ name: "film", picture: "play", title: "Play the film through all layers", act: () => (view.playing ? stop(view) : roll(view)) });
  view.layer = select("stage of the net", (value) => {
    stop(view);
    view.stage = Number(value);
    view.look();
  });
  view.kind = select("what is drawn of it", (value) => {
    view.mode = value;
    view.look();
  });
  view.axes = [0, 1, 2].map((axis) => select(`unit on axis ${axis + 1}`, (value) => {
    view.units[axis] = Number(value);
    view.look();
  }));
  view.ticks = make("div", { className: "stages", "aria-hidden": "true" });
  view.told = make("dl", { className: "operations" });
  return [
    view.told,
    make("div", { className: "steer" },
      make("div", { className: "row" }, view.roll, make("div", { className: "reel" }, view.film, view.ticks)),
      make("div", { className: "row" }, view.layer, view.kind, ...view.axes)),
  ];
}

function roll(view) {
  let last = performance.now();
  const { stages } = view.studio.state.net;
  const end = stages.length - 1;
  let at = view.stage ?? view.studio.state.stage;
  if (at >= end - 0.01) at = 0;
  const go = (now) => {
    at += (view.way * (now - last) / 1000 / ROUND) * end;
    last = now;
    if (at >= end || at <= 0) view.way = at >= end ? -1 : 1;
    at = clamp(at, 0, end);
    view.stage = Math.round(at * 1000) / 1000;
    view.look();
    view.playing = requestAnimationFrame(go);
  };
  view.playing = requestAnimationFrame(go);
  view.roll.classList.add("on");
}

function stop(view) {
  cancelAnimationFrame(view.playing);
  view.playing = 0;
  view.way = 1;
  view.roll.classList.remove("on");
}

// The controls as the frame says things are.
function follow(view) {
  const { net, stage, mode, units, operations } = view.studio.state;
  if (!net) return;
  const last = net.stages.length - 1;
  view.film.max = last;
  if (view.film.getRootNode().activeElement !== view.film || view.playing) view.film.value = stage;
  offer(view.layer, net.stages.map((name, i) => [i, `${i}  ${name}`]), Math.round(stage));
  offer(view.kind, MODES, mode);
  const wide = width(net, Math.round(stage));
  view.axes.forEach((list, axis) => {
    list.hidden = mode === "pca" || axis >= units.length;
    const names = Array.from({ length: Math.max(wide, units[axis] + 1 || 0) }, (_, i) => [i, i < wide ? `unit ${i}` : `unit ${i}: none`]);
    if (!list.hidden) offer(list, names, units[axis]);
  });
  const mark = net.stages.join();
  if (view.ticks.dataset.mark !== mark) {
    view.ticks.dataset.mark = mark;
    view.ticks.replaceChildren(...net.stages.map((name, i) => make("span", { title: name }, (net.stages.length > MANY ? `${i}` : name.replace(/\(.*/, "")))));
  }
  if (view.told.childElementCount !== 2 * operations.length) {
    view.told.replaceChildren(...operations.flatMap(() => [make("dt"), make("dd")]));
  }
  operations.forEach(({ name, text }, i) => {
    write(view.told.children[2 * i], name);
    write(view.told.children[2 * i + 1], text);
  });
  view.canvas.setAttribute("aria-label", `The plane at stage ${stage}, ${net.stages[Math.round(stage)]}`);
}

function width(net, stage) {
  const features = net.inputs.length > 2 ? 1 : 0;
  if (stage <= features) return stage ? net.inputs.length : 2;
  return net.sizes[1 + ((stage - 1 - features) >> 1)];
}

function listen(view) {
  const { canvas } = view;
  let from = null;
  canvas.addEventListener("pointerdown", (e) => {
    from = [e.offsetX, e.offsetY, ...view.turn];
    canvas.setPointerCapture(e.pointerId);
  });
  canvas.addEventListener("pointermove", (e) => {
    if (!from || view.studio.state.mode === "pair") return;
    view.turn = [from[2] + (e.offsetX - from[0]) / 120, clamp(from[3] - (e.offsetY - from[1]) / 120, -1.57, 1.57)];
    view.draw();
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (from = null));
  canvas.addEventListener("wheel", (e) => {
    if (!e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    view.near = clamp(view.near * Math.exp(-e.deltaY / 300), 0.2, 20);
    view.draw();
  }, { passive: false });
  canvas.addEventListener("keydown", (e) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
    if (!way || view.studio.state.mode === "pair") return;
    e.preventDefault();
    view.turn = [view.turn[0] + way[0] * 0.1, clamp(view.turn[1] + way[1] * 0.1, -1.57, 1.57)];
    view.draw();
  });
}

// Drawing

function draw(view) {
  const { state } = view.studio;
  const { shapes } = state;
  const across = view.field.clientWidth;
  if (!across || !state.net || !state.arrays.warp) return;
  const side = across - EDGE.left - EDGE.right;
  const ink = pen(view.canvas, across, side + EDGE.top + EDGE.bottom);
  aim(view, state);
  const project = projection(view, side, shapes.warp[2]);
  ink.save();
  ink.beginPath();
  ink.rect(EDGE.left, EDGE.top, side, side);
  ink.clip();
  const places = placed(state.arrays.warp, shapes.warp[2], project);
  cells(view, ink, places, shapes.warp[0], shapes.warp[2] === 3);
  net(view, ink, places, shapes.warp[0]);
  const points = placed(state.arrays.at, shapes.at[1], project);
  view.seen = { places, points, n: shapes.warp[0], every: LINES };
  dots(ink, view.studio, (act) => {
    const { classes, held } = state.arrays;
    for (let i = 0; i < Math.min(classes.length, points.length / 3); i++) act(points[3 * i], points[3 * i + 1], classes[i], held[i]);
  });
  ink.restore();
  if (shapes.warp[2] === 3) spikes(view, ink, project, state.axes, side);
  edges(view, ink, side, shapes.warp[2]);
}

// The range of the axes. A new one only for another stage, other units or on request: a picture that
// is fitted anew each time jumps.
function aim(view, { stage, units, mode, range, net }) {
  const key = JSON.stringify([stage, units, mode, net.stages]);
  if (view.camera?.key !== key) view.camera = { key, lo: range[0], hi: range[1] };
}

function projection(view, side, dimensions) {
  const { lo, hi } = view.camera;
  const middle = (lo + hi) / 2;
  const [cx, cy] = [EDGE.left + side / 2, EDGE.top + side / 2];
  if (dimensions === 2) {
    const unit = (side / (hi - lo)) * view.near;
    return (x, y) => [cx + (x - middle) * unit, cy - (y - middle) * unit, 0];
  }
  const [cosA, sinA] = [Math.cos(view.turn[0]), Math.sin(view.turn[0])];
  const [cosB, sinB] = [Math.cos(view.turn[1]), Math.sin(view.turn[1])];
  const unit = (side / (hi - lo)) * DEEP * view.near;
  return (x, y, z) => {
    const [u, v, w] = [x - middle, y - middle, z - middle];
    const right = u * cosA + v * sinA;
    const deep = -u * sinA + v * cosA;
    const up = w * cosB - deep * sinB;
    const away = w * sinB + deep * cosB;
    const closer = 1 / (1 + (0.18 * away) / (hi - lo));
    return [cx + right * unit * closer, cy - up * unit * closer, away];
  };
}

// (n, D) as screen places (n, 3): x, y, depth.
function placed(array, dimensions, project) {
  const count = array.length / dimensions;
  const out = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const at = i * dimensions;
    const [x, y, depth] = project(array[at], array[at + 1], dimensions === 3 ? array[at + 2] : 0);
    out[3 * i] = x;
    out[3 * i + 1] = y;
    out[3 * i + 2] = depth;
  }
  return out;
}

// The picture of the plane, drawn on the bent grid pixel by pixel, so that no cell is seen; in space
// from the back to the front. And on it the line where the net changes its mind.
function cells(view, ink, places, n, deep) {
  const { texture, side, lines, wide } = skin(view);
  const made = sheet(ink);
  const to = ink.getTransform();
  const step = side / (n - 1);
  const corners = Array.from({ length: n * n }, (_, i) => [
    to.a * places[3 * i] + to.e, to.d * places[3 * i + 1] + to.f,
    (i % n) * step, side - Math.floor(i / n) * step, // the picture's row 0 is the top, the grid's the bottom
  ]);
  const order = [];
  for (let row = 0; row < n - 1; row++) for (let column = 0; column < n - 1; column++) order.push(row * n + column);
  if (deep) {
    const depth = (c) => places[3 * c + 2] + places[3 * (c + n + 1) + 2];
    order.sort((a, b) => depth(b) - depth(a));
  }
  for (const corner of order) {
    const [a, b, c, d] = [corners[corner], corners[corner + 1], corners[corner + n + 1], corners[corner + n]];
    if (![a, b, c, d].every((p) => Math.abs(p[0]) < FAR && Math.abs(p[1]) < FAR)) continue;
    if (Math.abs((c[0] - a[0]) * (d[1] - b[1]) - (d[0] - b[0]) * (c[1] - a[1])) < 0.5) {
      thread(made, texture, side, a, b);
      thread(made, texture, side, a, d);
    }
    triangle(made, texture, side, a, b, c);
    triangle(made, texture, side, a, c, d);
  }
  lay(ink, made);
  if (!deep) seam(view, ink, places, n, lines, wide);
}

// What the net believes of the whole plane: as fine colours, and the lines between the classes.
function skin(view) {
  const { state, colours } = view.studio;
  const { arrays, shapes, net, window, extent } = state;
  const whole = window.every((edge, i) => edge === extent[i]);
  const name = whole ? "probabilities" : "cells";
  const [planes, wide] = [arrays[name], shapes[name][1]];
  if (view.skin?.planes === planes && view.ink?.count === net.classes) return view.skin;
  view.ink = view.ink?.count === net.classes ? view.ink : palette(net.classes, colours);
  const image = new ImageData(wide, wide);
  shade(planes, view.ink, image.data);
  const small = new OffscreenCanvas(wide, wide);
  small.getContext("2d").putImageData(image, 0, 0);
  const side = wide * FINE;
  view.sheet ??= new OffscreenCanvas(1, 1);
  if (view.sheet.width !== side) [view.sheet.width, view.sheet.height] = [side, side];
  const soft = view.sheet.getContext("2d", { willReadFrequently: true });
  soft.drawImage(small, 0, 0, side, side);
  const texture = new Uint32Array(soft.getImageData(0, 0, side, side).data.buffer);
  view.skin = { planes, texture, side, wide, lines: boundaries(planes, wide) };
  return view.skin;
}

function seam(view, ink, places, n, lines, wide) {
  const at = (column, row) => {
    const u = clamp(((column + 0.5) / wide) * (n - 1), 0, n - 1.001);
    const v = clamp((1 - (row + 0.5) / wide) * (n - 1), 0, n - 1.001);
    const [i, j] = [Math.floor(u), Math.floor(v)];
    const [s, t] = [u - i, v - j];
    const corner = 3 * (j * n + i);
    const mix = (k) =>
      (1 - t) * ((1 - s) * places[corner + k] + s * places[corner + 3 + k]) +
      t * ((1 - s) * places[corner + 3 * n + k] + s * places[corner + 3 * n + 3 + k]);
    return [mix(0), mix(1)];
  };
  ink.beginPath();
  for (let i = 0; i < lines.length; i += 4) {
    ink.moveTo(...at(lines[i], lines[i + 1]));
    ink.lineTo(...at(lines[i + 2], lines[i + 3]));
  }
  ink.strokeStyle = view.studio.colours.text;
  ink.globalAlpha = 0.75;
  ink.lineWidth = 1.4;
  ink.stroke();
  ink.globalAlpha = 1;
}

function net(view, ink, places, n) {
  ink.beginPath();
  for (let line = 0; line < n; line += LINES) {
    for (const [start, step] of [[line * n, 1], [line, n]]) {
      ink.moveTo(places[3 * start], places[3 * start + 1]);
      for (let i = 1; i < n; i++) ink.lineTo(places[3 * (start + i * step)], places[3 * (start + i * step) + 1]);
    }
  }
  ink.strokeStyle = css(rgb(view.studio.colours.text), 0.32);
  ink.lineWidth = 1;
  ink.stroke();
}

// The three axes of a view in space, from a corner of its box; none of a unit that is not there.
function spikes(view, ink, project, names, side) {
  const { lo, hi } = view.camera;
  const { colours } = view.studio;
  const far = lo + (hi - lo) * 1.07;
  ink.font = `11px ${colours.font}`;
  ink.textAlign = "center";
  ink.textBaseline = "middle";
  const base = names[2] === "none" ? 0 : lo; // what is flat lies on its axes
  [[hi, lo, base], [lo, hi, base], [lo, lo, hi]].forEach((end, axis) => {
    if (names[axis] === "none") return;
    const [x0, y0] = project(lo, lo, base);
    const [x1, y1] = project(...end);
    ink.strokeStyle = colours.text;
    ink.globalAlpha = 0.6;
    ink.lineWidth = 1;
    ink.beginPath();
    ink.moveTo(x0, y0);
    ink.lineTo(x1, y1);
    ink.stroke();
    ink.globalAlpha = 1;
    const half = ink.measureText(names[axis]).width / 2 + 4;
    const [x, y] = project(...end.map((v) => (v === hi ? far : lo)));
    const place = [clamp(x, EDGE.left + half, EDGE.left + side - half), clamp(y, EDGE.top + 9, EDGE.top + side - 9)];
    ink.strokeStyle = colours.background; // a halo: the name may stand before a cell
    ink.lineWidth = 4;
    ink.lineJoin = "round";
    ink.strokeText(names[axis], ...place);
    ink.fillStyle = colours.text;
    ink.fillText(names[axis], ...place);
  });
}

function edges(view, ink, side, dimensions) {
  const { colours, state } = view.studio;
  ink.strokeStyle = colours.border;
  ink.lineWidth = 1;
  ink.strokeRect(EDGE.left + 0.5, EDGE.top + 0.5, side - 1, side - 1);
  if (dimensions === 3) return;
  const middle = (view.camera.lo + view.camera.hi) / 2;
  const half = (view.camera.hi - view.camera.lo) / 2 / view.near;
  const [lo, hi] = [middle - half, middle + half];
  const at = (t) => ((t - lo) / (hi - lo)) * side;
  const bottom = EDGE.top + side;
  ink.font = `11px ${colours.font}`;
  ink.fillStyle = colours.text;
  ink.globalAlpha = 0.75;
  ink.textAlign = "center";
  ink.textBaseline = "top";
  for (const t of ticks(lo, hi, 4)) if (at(t) < side - 54) ink.fillText(`${t}`.replace("-", "\u2212"), EDGE.left + at(t), bottom + 6);
  ink.textAlign = "right";
  ink.fillText(state.axes[0], EDGE.left + side, bottom + 6);
  ink.textBaseline = "middle";
  for (const t of ticks(lo, hi, 4)) if (at(t) < side - 20) ink.fillText(`${t}`.replace("-", "\u2212"), EDGE.left - 6, bottom - at(t));
  ink.textAlign = "left";
  ink.fillText(state.axes[1], EDGE.left + 6, EDGE.top + 12);
  ink.globalAlpha = 1;
}
