// Topics as they settle. A run that goes on is sent a frame at a time; one that has ended comes whole, and
// is played and scrubbed here. State lives per parent element: render is called again for every change.
import { curve, figure } from "./settling_curve.mjs";
import { cards } from "./settling_cards.mjs";
import { STYLE } from "./settling_style.mjs";
import { icon } from "./icons.mjs";
import { make } from "./make.mjs";
import { unpack } from "./wire.mjs";

const views = new WeakMap();
const TICK = 50; // ms between two frames of a run that goes on
const FILM = 7000; // ms of a whole film, about
const REST = 180; // ms until a place on the way is told

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  const [header, payload] = unpack(data);
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  const before = view.header;
  Object.assign(view, { component, header, arrays: read(header.arrays, payload) });
  view.root.setAttribute("aria-label", header.name);
  view.bar.hidden = !header.film;
  view.hint.textContent = header.film
    ? "Drag along the curve, or play it. Click a topic’s number to pick it."
    : "Larger: likelier in the topic. Marked: new among its best words; underlined: risen.";
  if (!header.film || before?.id !== header.id) {
    stop(view);
    if (before?.film !== header.film || before?.topics !== header.topics) view.cards.forget();
    view.curve.write(header);
    view.range.max = header.iterations.length - 1;
    view.told = header.at;
    show(view, header.film ? nearest(header.iterations, header.at) : 0);
  } else if (header.at !== before.at && header.at !== view.told && !view.timer && !view.held) {
    view.told = header.at;
    show(view, nearest(header.iterations, header.at));
  } else view.cards.pick(header.picked);
  if (header.frame !== null && header.frame !== view.frame) ask(view, header.frame);
}

export function release(parentElement) {
  const view = views.get(parentElement);
  if (view) stop(view);
  views.delete(parentElement);
}

function build(parentElement) {
  const root = parentElement.querySelector(".settling");
  root.setAttribute("role", "group");
  const view = { root, timer: null, rest: null, held: false, k: 0 };
  view.says = make("div", { className: "now" });
  view.curve = curve((at) => scrub(view, nearest(view.header.iterations, at)), (held) => (view.held = held));
  view.button = make("button", { type: "button", className: "play", onclick: () => toggle(view) });
  view.range = make("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": "Iteration" });
  view.range.addEventListener("input", () => scrub(view, Number(view.range.value)));
  view.bar = make("div", { className: "bar" }, view.button, view.range);
  view.cards = cards((number) => view.component.setStateValue("topic", [number, Date.now()]));
  view.hint = make("div", { className: "hint" });
  root.replaceChildren(make("style", {}, STYLE), view.says, view.curve.root, view.bar, view.hint, view.cards.root);
  face(view);
  return view;
}

function read(table, payload) {
  const aligned = payload.slice(); // typed arrays want an even start
  return Object.fromEntries(Object.entries(table).map(([name, [, shape, at]]) => {
    const many = shape.reduce((product, side) => product * side, 1);
    return [name, { shape, values: new Float32Array(aligned.buffer, at, many) }];
  }));
}

// Frame number k of those that are here.
function show(view, k) {
  const { header, arrays } = view;
  view.k = k;
  const at = header.iterations[k];
  view.cards.write(header, arrays, k);
  view.cards.pick(header.picked);
  view.curve.mark(at);
  view.range.value = k;
  view.range.setAttribute("aria-valuetext", `iteration ${at}`);
  const { objective, moved } = header;
  const parts = [["iteration", `${at}`], [header.about, objective[k] === null ? "–" : figure(objective[k], 4)], ["words that moved", `${(100 * (moved[k] ?? 0)).toFixed(moved[k] < 0.01 ? 2 : 1)} %`]];
  view.says.replaceChildren(...parts.map(([name, value]) => make("span", {}, `${name} `, make("b", {}, value))));
}

function scrub(view, k) {
  stop(view);
  show(view, k);
  tell(view);
}

function toggle(view) {
  if (view.timer) {
    stop(view);
    return tell(view);
  }
  const many = view.header.iterations.length;
  if (view.k >= many - 1) show(view, 0);
  view.timer = setInterval(() => {
    if (view.k < many - 1) return show(view, view.k + 1);
    stop(view);
    tell(view);
  }, Math.min(250, Math.max(50, FILM / many)));
  face(view);
}

function stop(view) {
  clearInterval(view.timer);
  clearTimeout(view.rest);
  view.timer = null;
  face(view);
}

function face(view) {
  view.button.replaceChildren(icon(view.timer ? "pause" : "play"));
  view.button.setAttribute("aria-label", view.timer ? "Pause" : "Play");
}

// The rest of the page follows once the place is settled.
function tell(view) {
  clearTimeout(view.rest);
  view.rest = setTimeout(() => {
    view.told = view.header.iterations[view.k];
    view.component.setStateValue("at", [view.told, Date.now()]);
  }, REST);
}

function nearest(iterations, at) {
  let best = 0;
  iterations.forEach((one, k) => {
    if (Math.abs(one - at) < Math.abs(iterations[best] - at)) best = k;
  });
  return best;
}

// The run goes on when this frame is drawn, but not faster than the eye can follow.
function ask(view, frame) {
  view.frame = frame;
  const wait = Math.max(0, (view.asked ?? 0) + TICK - performance.now());
  setTimeout(() => {
    view.asked = performance.now();
    view.component.setStateValue("seen", `${frame} ${Math.round(view.asked)}`);
  }, wait);
}
