// A recurrent net unrolled in time: a column a character, the units of every layer as coloured cells.
// Click a cell, or walk with the arrow keys: its step is written out. Data: pages/_kit/stage/unrolled.py.
// State lives per parent element: Streamlit calls render again for every change of data or theme.
import { written } from "./cell_math.mjs";
import { make } from "./make.mjs";
import { drawn } from "./unrolled_draw.mjs";
import { lines } from "./unrolled_lines.mjs";
import { STYLE } from "./unrolled_style.mjs";

const views = new WeakMap();

export function render({ data, parentElement }) {
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  view.data = data;
  const { rows, characters } = data;
  view.at = Math.min(view.at, characters.length - 1);
  view.row = Math.min(view.row, rows.length - 1);
  view.unit = Math.min(view.unit, rows[view.row].signals[0][0].length - 1);
  draw(view);
}

export function release(parentElement) {
  views.delete(parentElement);
}

function build(parent) {
  const root = parent.querySelector(".unrolled");
  const picture = make("div", { className: "picture", tabIndex: 0, role: "application" });
  const says = make("div", { className: "says", "aria-live": "polite" });
  root.replaceChildren(make("style", {}, STYLE), picture, says);
  const view = { root, picture, says, at: 3, row: 0, unit: 0 };
  picture.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-at]");
    if (!cell) return;
    view.at = Number(cell.dataset.at);
    if (cell.dataset.row !== undefined) {
      view.row = Number(cell.dataset.row);
      view.unit = Number(cell.dataset.unit);
    }
    draw(view);
  });
  picture.addEventListener("keydown", (event) => {
    const { rows, characters } = view.data;
    const units = rows[view.row].signals[0][0].length;
    const place = view.row * units + (units - 1 - view.unit);
    const [dt, up] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
    if (!dt && !up) return;
    event.preventDefault();
    view.at = Math.max(0, Math.min(characters.length - 1, view.at + dt));
    const next = Math.max(0, Math.min(rows.length * units - 1, place + up));
    view.row = Math.floor(next / units);
    view.unit = units - 1 - (next % units);
    draw(view);
  });
  return view;
}

function draw(view) {
  const { root, picture, says, data } = view;
  const left = picture.scrollLeft;
  picture.replaceChildren(drawn(root, data, view));
  picture.scrollLeft = left;
  picture.setAttribute("aria-label", `${data.name}; arrow keys choose a step and a unit`);
  const told = lines(data, view);
  says.replaceChildren(make("div", { className: "where" }, told.where),
    ...told.lines.map(([symbols, numbers]) => make("div", { className: "line" },
      make("span", { className: "symbols" }, ...written(symbols)), make("span", { className: "numbers" }, ...written(numbers)))));
}
