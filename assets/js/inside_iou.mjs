// Two boxes on the photograph, to drag and to resize: their intersection, their union, the quotient.
import { box as pick, count, share, stage } from "./inside_canvas.mjs";
import { make } from "./make.mjs";

const CORNERS = ["nw", "ne", "sw", "se"];
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LEAST = 8; // pixels of a side

export function create(host) {
  const view = { scene: null, boxes: [[0, 0, 1, 1], [0, 0, 1, 1]] };
  view.canvas = make("canvas", { role: "img", "aria-label": "The photograph, with two boxes on it" });
  view.common = make("div", { className: "common" });
  view.frames = ["A", "B"].map((name, which) => frame(view, name, which));
  view.field = make("div", { className: "field" }, view.canvas, view.common, ...view.frames);
  view.formula = make("p", { className: "formula", role: "math" });
  view.bar = make("i");
  view.limit = make("b");
  view.says = make("p", { className: "says", "aria-live": "polite" });
  host.className = "iou";
  host.append(make("h3", {}, "How much do two boxes overlap?"),
    make("div", { className: "picture" }, view.field), view.formula,
    make("div", { className: "scale", "aria-hidden": "true" }, view.bar, view.limit), view.says);
  return {
    show(scene) {
      view.scene = scene;
      view.boxes = start(scene);
      draw(view);
    },
    draw: () => draw(view),
    stop() {},
  };
}

// A box that the detector took and the best of those that fell to it, or two in the middle.
function start({ arrays, steps, size: [width, height] }) {
  const step = steps.find(({ falls }) => falls.length) ?? steps[0];
  if (step) {
    const a = [...pick(arrays.found, step.taken)];
    const [w, h] = [a[2] - a[0], a[3] - a[1]];
    const b = step.falls.length ? [...pick(arrays.found, step.falls[0])] : a.map((v, i) => v + (i % 2 ? h : w) / 4);
    return [a, b].map((one) => within(one.map(Math.round), [width, height]));
  }
  const [w, h] = [width / 3, height / 3];
  return [[w * 0.8, h * 0.8, w * 1.8, h * 1.8], [w * 1.2, h * 1.1, w * 2.2, h * 2.1]].map((one) => one.map(Math.round));
}

function frame(view, name, which) {
  const root = make("div", { className: `box ${name}`, tabIndex: 0, role: "group" }, make("span", {}, name));
  const drag = (corner) => (event) => {
    event.preventDefault();
    event.stopPropagation();
    root.focus({ preventScroll: true });
    const held = event.currentTarget;
    held.setPointerCapture(event.pointerId);
    const [from, x, y] = [view.boxes[which], event.clientX, event.clientY];
    held.onpointermove = (moved) => change(view, which, from, corner, (moved.clientX - x) / view.scale, (moved.clientY - y) / view.scale);
    held.onpointerup = held.onpointercancel = () => (held.onpointermove = null);
  };
  root.addEventListener("pointerdown", drag(null));
  for (const corner of CORNERS) root.append(make("i", { className: corner, onpointerdown: drag(corner) }));
  root.addEventListener("keydown", (event) => {
    const move = KEYS[event.key];
    if (!move || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const by = event.altKey ? 1 : 8;
    change(view, which, view.boxes[which], event.shiftKey ? "se" : null, by * move[0], by * move[1]);
  });
  return root;
}

function change(view, which, [x0, y0, x1, y1], corner, dx, dy) {
  const [width, height] = view.scene.size;
  if (!corner) {
    dx = Math.max(-x0, Math.min(width - x1, dx));
    dy = Math.max(-y0, Math.min(height - y1, dy));
  }
  const moves = (sides) => !corner || sides.some((side) => corner.includes(side));
  const made = [x0 + (moves(["w"]) ? dx : 0), y0 + (moves(["n"]) ? dy : 0), x1 + (moves(["e"]) ? dx : 0), y1 + (moves(["s"]) ? dy : 0)].map(Math.round);
  if (corner?.includes("w")) made[0] = Math.min(made[0], x1 - LEAST);
  if (corner?.includes("n")) made[1] = Math.min(made[1], y1 - LEAST);
  if (corner?.includes("e")) made[2] = Math.max(made[2], x0 + LEAST);
  if (corner?.includes("s")) made[3] = Math.max(made[3], y0 + LEAST);
  view.boxes[which] = within(made, [width, height]);
  draw(view);
}

function within([x0, y0, x1, y1], [width, height]) {
  const [left, top] = [Math.max(0, Math.min(x0, width - LEAST)), Math.max(0, Math.min(y0, height - LEAST))];
  return [left, top, Math.min(width, Math.max(x1, left + LEAST)), Math.min(height, Math.max(y1, top + LEAST))];
}

const area = ([x0, y0, x1, y1]) => Math.max(0, x1 - x0) * Math.max(0, y1 - y0);

function draw(view) {
  if (!view.scene) return;
  const on = stage(view.canvas, view.scene, 0.2);
  if (!on) return;
  view.scale = on.scale;
  const [a, b] = view.boxes;
  const both = [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])];
  const empty = both[0] >= both[2] || both[1] >= both[3];
  const common = empty ? 0 : area(both);
  const union = area(a) + area(b) - common;
  const iou = common / union;
  view.frames.forEach((root, i) => {
    put(root, view.boxes[i], on.scale);
    const [x0, y0, x1, y1] = view.boxes[i];
    root.setAttribute("aria-label", `Box ${"AB"[i]}: ${x1 - x0} by ${y1 - y0} pixels at ${x0}, ${y0}. Arrow keys move it, with shift they resize it.`);
  });
  view.common.hidden = empty;
  if (!empty) put(view.common, both, on.scale);
  view.formula.replaceChildren(
    make("span", {}, "IoU = "), quotient(make("span", {}, "|A ∩ B|"), make("span", {}, "|A ∪ B|")), make("span", {}, " = "),
    quotient(make("em", {}, count(common)), make("span", {}, `${count(area(a))} + ${count(area(b))} − `, make("em", {}, count(common)))),
    make("span", {}, " = "), quotient(make("em", {}, count(common)), make("span", {}, count(union))), make("b", {}, ` = ${share(iou)}`));
  view.bar.style.width = `${100 * iou}%`;
  const { limit, nested } = view.scene;
  view.limit.style.left = `${100 * limit}%`;
  view.limit.hidden = nested;
  const verdict = nested ? "" : iou > limit
    ? ` More than this detector's limit of ${share(limit)}: of two boxes of one label, the weaker falls.`
    : ` Not more than this detector's limit of ${share(limit)}: both stay.`;
  view.says.textContent = `${count(common)} square pixels in common, ${count(union)} covered by either.${verdict} Drag the boxes and their corners; or tab to one and use the arrow keys, with shift to resize.`;
}

const quotient = (above, below) => make("span", { className: "quotient" }, above, below);

function put(element, [x0, y0, x1, y1], scale) {
  Object.assign(element.style, { left: `${x0 * scale}px`, top: `${y0 * scale}px`, width: `${(x1 - x0) * scale}px`, height: `${(y1 - y0) * scale}px` });
}
