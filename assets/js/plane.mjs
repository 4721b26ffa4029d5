// The plane: what the net believes everywhere, the points, and every way to change them.
import { figure, ticks } from "./axis.mjs";
import { boundaries } from "./contour.mjs";
import { create as createReadout } from "./hover.mjs";
import { make, pen } from "./make.mjs";
import { clamp, soon } from "./parts.mjs";
import { listen } from "./pointing.mjs";
import { EDGE, dots } from "./points.mjs";
import { decided, palette, shade } from "./shade.mjs";

const FINE = 4; // how much finer the sharp picture is than the soft one
const ZOOM = [0.002, 6]; // widest and narrowest window, in homes

export function create(host, studio) {
  const canvas = make("canvas", { tabIndex: 0, role: "application", "data-view": "plane" });
  const note = make("div", { className: "none", hidden: true }, "Click to put down the first points.");
  const field = make("div", { className: "field" }, canvas, note);
  host.append(field);
  const view = {
    studio, canvas, field, note,
    tool: "add", class: 0, sharp: false,
    zoomed: null, // a window of the visitor's own, else home
    frozen: null, // the window while something is dragged: it must not move under the hand
    pending: [], // points that are added but not confirmed: [x, y, class]
    moved: null, // { index, x, y, done } a point under the hand
    cursor: null, // [x, y] of the keyboard
    hovered: null, // [x, y] of the pointer
    touched: null, // the point that was last under the pointer, by its place among those drawn
    sheet: new OffscreenCanvas(1, 1),
    stale: true,
  };
  view.readout = createReadout(field, studio);
  view.window = () => view.frozen ?? view.zoomed ?? studio.state.extent;
  view.look = soon(() => studio.send({ do: "view", window: view.zoomed }));
  view.point = soon(() => studio.send({ do: "view", hover: view.hovered }));
  view.draw = soon(() => draw(view));
  listen(view);
  const watch = new ResizeObserver(() => view.draw());
  watch.observe(field);
  return {
    canvas, view,
    frame(f) {
      if (f.fresh.has("points")) {
        view.pending = [];
        if (view.moved?.done) view.moved = null;
      }
      view.stale = true;
      draw(view);
      view.readout.frame(view.hovered && studio.state.hover);
    },
    theme() {
      view.stale = true;
      view.ink = null;
      view.draw();
    },
    zoom: (by, at) => zoom(view, by, at),
    fit: () => setWindow(view, null),
    setWindow: (window) => setWindow(view, window),
    release: () => watch.disconnect(),
  };
}

export function setWindow(view, window) {
  view.zoomed = window;
  view.look();
  view.draw();
  view.studio.changed();
}

// `by` times as wide about a place, in numbers of the plane; the middle if it is not given.
function zoom(view, by, at) {
  const [x0, x1, y0, y1] = view.window();
  const home = view.studio.state.extent[1] - view.studio.state.extent[0];
  const wide = clamp((x1 - x0) * by, home * ZOOM[0], home * ZOOM[1]);
  const share = wide / (x1 - x0);
  const [x, y] = at ?? [(x0 + x1) / 2, (y0 + y1) / 2];
  setWindow(view, [x - (x - x0) * share, x + (x1 - x) * share, y - (y - y0) * share, y + (y1 - y) * share]);
}

// Where things are: { left, top, side } of the picture in css pixels, and both ways between them.
export function frame(view) {
  const side = view.field.clientWidth - EDGE.left - EDGE.right;
  const [x0, x1, y0, y1] = view.window();
  return {
    side,
    to: (x, y) => [EDGE.left + ((x - x0) / (x1 - x0)) * side, EDGE.top + ((y1 - y) / (y1 - y0)) * side],
    from: (px, py) => [x0 + ((px - EDGE.left) / side) * (x1 - x0), y1 - ((py - EDGE.top) / side) * (y1 - y0)],
    inside: (px, py) => px >= EDGE.left && px <= EDGE.left + side && py >= EDGE.top && py <= EDGE.top + side,
  };
}

// All points as they should look now: [x, y, class, held], also those the server has not seen yet.
export function each(view, act) {
  const { points, classes, held } = view.studio.state.arrays;
  for (let i = 0; i < (classes?.length ?? 0); i++) {
    const here = view.moved?.index === i ? [view.moved.x, view.moved.y] : [points[2 * i], points[2 * i + 1]];
    act(here[0], here[1], classes[i], held[i], i);
  }
  for (const [x, y, c] of view.pending) act(x, y, c, 0, null);
}

function draw(view) {
  const { studio, canvas, field } = view;
  const { state, colours } = studio;
  if (!field.clientWidth || !state.extent) return;
  const place = frame(view);
  const ink = pen(canvas, place.side + EDGE.left + EDGE.right, place.side + EDGE.top + EDGE.bottom);
  view.note.hidden = Boolean(state.total || view.pending.length);
  ink.save();
  ink.beginPath();
  ink.rect(EDGE.left, EDGE.top, place.side, place.side);
  ink.clip();
  ink.fillStyle = colours.secondary;
  ink.fillRect(EDGE.left, EDGE.top, place.side, place.side);
  if (state.net && state.arrays.probabilities) regions(view, ink, place);
  dots(ink, studio, (act) => each(view, (x, y, c, held) => act(...place.to(x, y), c, held)));
  ring(view, ink, place);
  cross(view, ink, place);
  ink.restore();
  axes(view, ink, place);
}

function regions(view, ink, place) {
  const { arrays, shapes, net, window } = view.studio.state;
  const planes = arrays.probabilities;
  const side = shapes.probabilities[1];
  if (view.stale) {
    view.ink = view.ink?.count === net.classes ? view.ink : palette(net.classes, view.studio.colours);
    const fine = view.sharp ? (side - 1) * FINE + 1 : side;
    const image = new ImageData(fine, fine);
    shade(view.sharp ? decided(planes, side, FINE) : planes, view.ink, image.data);
    [view.sheet.width, view.sheet.height] = [fine, fine];
    view.sheet.getContext("2d").putImageData(image, 0, 0);
    view.lines = boundaries(planes, side);
    view.stale = false;
  }
  const [x0, x1, y0, y1] = window;
  const half = view.sharp ? (x1 - x0) / side / 2 : 0; // of a sharp picture the corners are middles
  const [left, top] = place.to(x0 + half, y1 - half);
  const [right, bottom] = place.to(x1 - half, y0 + half);
  ink.imageSmoothingEnabled = true;
  ink.drawImage(view.sheet, left, top, right - left, bottom - top);
  border(view, ink, place, side);
}


// The line where the net changes its mind; a value of the picture stands for a pixel's middle.
function border(view, ink, place, side) {
  const [x0, x1, y0, y1] = view.studio.state.window;
  const [left, top] = place.to(x0, y1);
  const [right, bottom] = place.to(x1, y0);
  const [sx, sy] = [(right - left) / side, (bottom - top) / side];
  const lines = view.lines;
  ink.beginPath();
  for (let i = 0; i < lines.length; i += 4) {
    ink.moveTo(left + (lines[i] + 0.5) * sx, top + (lines[i + 1] + 0.5) * sy);
    ink.lineTo(left + (lines[i + 2] + 0.5) * sx, top + (lines[i + 3] + 0.5) * sy);
  }
  ink.strokeStyle = view.studio.colours.text;
  ink.globalAlpha = 0.75;
  ink.lineWidth = 1.4;
  ink.stroke();
  ink.globalAlpha = 1;
}

// Around the point of which one update is shown by hand.
function ring(view, ink, place) {
  const { used, state, colours } = view.studio;
  const at = used === null || used === undefined ? NaN : used / state.every;
  const { points, classes } = state.arrays;
  if (!Number.isInteger(at) || at >= (classes?.length ?? 0)) return;
  const [x, y] = place.to(points[2 * at], points[2 * at + 1]);
  for (const [colour, wide] of [[colours.background, 5], [colours.text, 2]]) {
    ink.strokeStyle = colour;
    ink.lineWidth = wide;
    ink.beginPath();
    ink.arc(x, y, 9, 0, 7);
    ink.stroke();
  }
}

function cross(view, ink, place) {
  const at = view.cursor ?? view.hovered;
  if (!at) return;
  const [x, y] = place.to(...at).map((v) => Math.round(v) + 0.5);
  ink.strokeStyle = view.studio.colours.text;
  ink.globalAlpha = view.cursor ? 0.8 : 0.3;
  ink.lineWidth = 1;
  ink.beginPath();
  ink.moveTo(x, 0);
  ink.lineTo(x, place.side + EDGE.top);
  ink.moveTo(EDGE.left, y);
  ink.lineTo(EDGE.left + place.side, y);
  ink.stroke();
  ink.globalAlpha = 1;
}

function axes(view, ink, place) {
  const { colours } = view.studio;
  const [x0, x1, y0, y1] = view.window();
  const bottom = EDGE.top + place.side;
  ink.strokeStyle = colours.border;
  ink.lineWidth = 1;
  ink.strokeRect(EDGE.left + 0.5, EDGE.top + 0.5, place.side - 1, place.side - 1);
  ink.font = `11px ${colours.font}`;
  ink.fillStyle = colours.text;
  ink.globalAlpha = 0.75;
  ink.textAlign = "center";
  ink.textBaseline = "top";
  const [far] = place.to(x1, y0);
  for (const t of ticks(x0, x1)) {
    const [x] = place.to(t, y0);
    if (x < far - 24) ink.fillText(plain(t), x, bottom + 6);
  }
  ink.textAlign = "right";
  ink.fillText("x1", far, bottom + 6);
  ink.textBaseline = "middle";
  for (const t of ticks(y0, y1)) {
    const [, y] = place.to(x0, t);
    if (y > EDGE.top + 20) ink.fillText(plain(t), EDGE.left - 6, y);
  }
  ink.fillText("x2", EDGE.left - 6, EDGE.top + 8);
  ink.globalAlpha = 1;
}

const plain = (value) => (value === 0 || Math.abs(value) >= 1e-3 ? `${value}` : figure(value)).replace("-", "\u2212");
