// A reservoir while it listens: units on a ring with their connections, or, where there are many, the
// matrix of all connections; its eigenvalues beside it. Data: pages/_kit/stage/reservoir.py. State
// lives per parent element: Streamlit calls render again for every change of data or theme.
import { icon } from "./icons.mjs";
import { make, painter, pen } from "./make.mjs";
import { along, css, signed } from "./ramp.mjs";
import { circle, matrix, ring, track } from "./reservoir_draw.mjs";
import { read } from "./theme.mjs";
import { unpack } from "./wire.mjs";

const PACE = 90; // ms a step
const STYLE = `
.reservoir { font: 14px/1.45 var(--st-font); color: var(--st-text-color); container-type: inline-size; }
.sides { display: grid; gap: .75rem 1.5rem; grid-template-columns: minmax(0, 1fr); }
@container (min-width: 640px) { .sides { grid-template-columns: 1fr 1fr; } }
figure { margin: 0; min-width: 0; }
figcaption { font-size: 13px; opacity: .85; margin-top: .25rem; }
canvas { display: block; max-width: 100%; }
.bar { display: flex; gap: .6rem; align-items: center; margin: .5rem 0 .1rem; }
.bar button { display: inline-flex; padding: .35rem; color: inherit; background: none; border: 1px solid var(--st-border-color); border-radius: 8px; cursor: pointer; }
.bar svg { width: 1.15rem; height: 1.15rem; }
.bar input { flex: 1; min-width: 0; accent-color: var(--st-primary-color); }
.bar output { min-width: 6.5em; text-align: right; font-variant-numeric: tabular-nums; }
`;
const views = new WeakMap();

export function render({ data, parentElement }) {
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  const [header, payload] = unpack(data);
  view.header = header;
  view.arrays = arrays(header.arrays, payload);
  view.back = null; // what does not move is drawn anew
  view.at = Math.min(view.at, header.steps - 1);
  Object.assign(view.slider, { max: header.steps - 1, value: view.at });
  const { units, connections } = header;
  view.picture.setAttribute("aria-label", `${units} units, ${connections} connections`);
  const share = ((100 * connections) / (units * units)).toPrecision(2);
  const dot = "Each unit is coloured by its activation: blue negative, orange positive.";
  const wide = "A row of dots a unit: whom it listens to. Left edge: activations now; upper edge: a step before.";
  view.says.textContent = `${units.toLocaleString()} units, ${connections.toLocaleString()} connections: ${share} % of all. ${header.ring ? dot : wide}`;
  view.told.textContent = `The ${header.arrays.eigenvalues[1][0]} eigenvalues of W. Solid: the unit circle; dashed: the spectral radius, ${header.radius}.`;
  view.painter.ask();
}

export function release(parentElement) {
  const view = views.get(parentElement);
  if (!view) return;
  clearInterval(view.timer);
  view.painter.stop();
  views.delete(parentElement);
}

const TYPES = { u1: Uint8Array, f4: Float32Array };

function arrays(table, payload) {
  const found = {};
  for (const [name, [kind, shape, at]] of Object.entries(table)) {
    const size = shape.reduce((a, b) => a * b, 1);
    const Type = TYPES[kind];
    found[name] = new Type(payload.slice(at, at + size * Type.BYTES_PER_ELEMENT).buffer);
  }
  return found;
}

function build(parent) {
  const root = parent.querySelector(".reservoir");
  const picture = make("canvas", { role: "img" });
  const plane = make("canvas", { role: "img", "aria-label": "Eigenvalues in the complex plane" });
  const line = make("canvas", { role: "img", "aria-label": "The input" });
  const says = make("figcaption");
  const told = make("figcaption");
  const button = make("button", { type: "button" });
  const slider = make("input", { type: "range", min: 0, step: 1, "aria-label": "Step" });
  const output = make("output");
  const left = make("figure", {}, picture, says);
  const right = make("figure", {}, plane, told);
  root.replaceChildren(make("style", {}, STYLE), make("div", { className: "sides" }, left, right),
    make("div", { className: "bar" }, button, slider, output), line);
  const view = { root, picture, plane, line, says, told, button, slider, output, left, right, at: 0, timer: 0 };
  view.painter = painter(root, () => draw(view), 30);
  button.addEventListener("click", () => play(view, !view.timer));
  slider.addEventListener("input", () => {
    play(view, false);
    view.at = Number(slider.value);
    view.painter.ask();
  });
  play(view, !matchMedia("(prefers-reduced-motion: reduce)").matches);
  return view;
}

function play(view, on) {
  clearInterval(view.timer);
  view.timer = on ? setInterval(() => {
    view.at = (view.at + 1) % view.header.steps;
    view.slider.value = view.at;
    view.painter.ask();
  }, PACE) : 0;
  view.button.replaceChildren(icon(on ? "pause" : "play"));
  view.button.setAttribute("aria-label", on ? "Pause" : "Play");
}

function draw(view) {
  const { root, header, arrays: given } = view;
  const across = root.clientWidth;
  if (!across || !header) return;
  const side = Math.min(view.left.clientWidth, 460);
  const theme = read(root, { colours: { light: [], dark: [] }, diverging: header.diverging });
  const stops = signed({ diverging: theme.diverging, colours: theme });
  const mark = `${side} ${theme.background} ${theme.text}`;
  if (view.mark !== mark) [view.mark, view.back] = [mark, null];
  const { units } = header;
  const shade = (t, i) => css(along(stops, given.states[Math.max(0, t) * units + i] / 255));
  const show = header.ring ? ring : matrix;
  const context = pen(view.picture, side, side);
  view.back ??= show.still(header, given, side, theme, stops);
  context.drawImage(view.back, 0, 0, side, side);
  show.moving(context, header, side, (i) => shade(view.at, i), (i) => shade(view.at - 1, i), theme);
  const round = Math.min(view.right.clientWidth, 460);
  circle(pen(view.plane, round, round), header, given.eigenvalues, round, theme);
  track(pen(view.line, across, 46), given.u, view.at, across, 46, theme);
  view.output.textContent = `step ${view.at + 1} of ${header.steps}`;
}
