// A recurrent cell as a drawing with the numbers that run through it, and its equations beside it:
// pointing at one shows the other. Data: pages/_kit/stage/cell.py. State lives per parent element:
// Streamlit calls render again for every change of data or theme, without an earlier cleanup.
import { drawing } from "./cell_draw.mjs";
import * as gru from "./cell_gru.mjs";
import * as lstm from "./cell_lstm.mjs";
import { written } from "./cell_math.mjs";
import * as srn from "./cell_srn.mjs";
import { STYLE } from "./cell_style.mjs";
import { make } from "./make.mjs";
import { read } from "./theme.mjs";

const KINDS = { lstm, gru, srn };
const views = new WeakMap();

export function render({ data, parentElement }) {
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  view.data = data;
  draw(view);
}

export function release(parentElement) {
  views.delete(parentElement);
}

function build(parent) {
  const root = parent.querySelector(".cell");
  const ways = make("div", { className: "ways", role: "group", "aria-label": "Which way" });
  const picture = make("div", { className: "picture", tabIndex: 0 });
  const about = make("p", { className: "about" });
  const lines = make("ol", { className: "lines" });
  root.replaceChildren(make("style", {}, STYLE),
    make("div", { className: "both" }, make("div", { className: "left" }, ways, picture, about), lines));
  const view = { root, ways, picture, about, lines, shown: 0, focused: null };
  for (const host of [picture, lines]) {
    host.addEventListener("pointerover", (event) => point(view, partOf(event) ?? view.focused));
    host.addEventListener("pointerleave", () => point(view, view.focused));
    host.addEventListener("focusin", (event) => point(view, (view.focused = partOf(event))));
    host.addEventListener("focusout", () => point(view, (view.focused = null)));
  }
  return view;
}

const partOf = (event) => event.target.closest("[data-part]")?.dataset.part ?? null;

function draw(view) {
  const { data, ways, picture, about, lines } = view;
  if (view.shown >= data.passes.length) view.shown = 0;
  const theme = read(view.root, { colours: { light: [], dark: [] }, diverging: data.diverging });
  view.root.classList.toggle("dark", theme.dark);
  ways.hidden = data.passes.length < 2;
  ways.replaceChildren(...data.passes.map((pass, i) => {
    const onclick = () => {
      view.shown = i;
      draw(view);
      ways.children[i].focus();
    };
    return make("button", { type: "button", onclick, "aria-pressed": i === view.shown }, pass.title);
  }));
  const backward = view.shown === 1;
  const sheet = drawing(theme, data, data.passes[view.shown].values, backward);
  KINDS[data.kind].draw(sheet);
  picture.replaceChildren(sheet.svg);
  picture.setAttribute("aria-label", data.name);
  about.textContent = data.about;
  // Both ways stand below each other; the one that is not drawn is quieter.
  lines.replaceChildren(...data.passes.flatMap((pass, i) => [
    ...(data.passes.length > 1 ? [make("li", { className: "title" }, pass.title)] : []),
    ...pass.lines.map((line) => equation(line, i, view)),
  ]));
}

function equation(line, pass, view) {
  const item = make("li", { className: "line", tabIndex: 0 },
    make("div", { className: "symbols" }, ...written(line.symbols)),
    make("div", { className: "numbers" }, "= ", ...written(line.numbers)),
    make("span", { className: "number" }, line.number ? `(${line.number})` : ""));
  item.dataset.part = line.part;
  item.dataset.pass = pass;
  if (pass !== view.shown) item.classList.add("other");
  return item;
}

// Show what belongs together: the part of the drawing, and its equation of the way that is drawn.
function point(view, part) {
  for (const one of view.root.querySelectorAll("[data-part]")) {
    const same = part !== null && family(one.dataset.part) === family(part);
    const drawn = one.dataset.pass === undefined || Number(one.dataset.pass) === view.shown;
    one.classList.toggle("lit", same && drawn);
  }
}

// Wires that no equation of their own tells of belong to the one that uses them.
const OWNERS = { peep_iota: "a_iota", peep_phi: "a_phi", peep_omega: "a_omega", squashed: "b", before: "s", kept: "s",
  new: "s", g: "s", state: "s", input: "a", hidden: "a", reset: "candidate", rest: "h", a_r: "r", a_z: "z" };
const family = (part) => OWNERS[part] ?? part;
