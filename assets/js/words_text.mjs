// A text with the words that count and those that do not: marked, what is left of it, or as a bag of words.
// A click, or Enter, stops a word or lets it count again. Data: pages/_kit/stage/words_text.py.
import { make } from "./make.mjs";
import { read } from "./theme.mjs";
import { STYLE } from "./words_text_style.mjs";

const views = new WeakMap();
const WAYS = [["marked", "Before"], ["left", "After"], ["bag", "Bag of words"]];

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  view.component = component;
  view.root.classList.toggle("dark", read(view.root, { colours: {} }).dark);
  const told = JSON.stringify(data);
  if (told === view.told) return;
  view.told = told;
  view.data = data;
  draw(view);
}

export function release(parentElement) {
  views.delete(parentElement);
}

function build(parent) {
  const root = parent.querySelector(".fates");
  const view = { root, way: "marked", at: 0, lit: null };
  view.bar = make("div", { className: "ways", role: "group", "aria-label": "Shown" });
  view.legend = make("div", { className: "legend" });
  view.paper = make("div", { className: "paper" });
  view.says = make("div", { className: "says", "aria-live": "polite" });
  root.replaceChildren(make("style", {}, STYLE), view.bar, view.legend, view.paper, view.says);
  view.paper.addEventListener("click", (event) => {
    const word = event.target.closest("[data-k]");
    if (word) choose(view, Number(word.dataset.k));
  });
  view.paper.addEventListener("keydown", (event) => keyed(view, event));
  return view;
}

function draw(view) {
  const { said, fates, name } = view.data;
  const times = fates.map((_, fate) => said.filter((one) => one[3] === fate).length);
  view.bar.replaceChildren(...WAYS.map(([way, title]) => make("button", {
    type: "button", "aria-pressed": String(view.way === way),
    onclick: () => {
      view.way = way;
      draw(view);
    },
  }, title)));
  view.legend.hidden = view.way !== "marked";
  view.legend.replaceChildren(...fates.map((fate, k) => (times[k] ? make("button", {
    type: "button", className: `kind f${k}`, "aria-pressed": String(view.lit === k), title: "Show these alone",
    onclick: () => {
      view.lit = view.lit === k ? null : k;
      draw(view);
    },
  }, make("b", {}, fate.told), ` ${times[k]}`) : "")));
  view.paper.className = `paper ${view.way}${view.lit === null || view.way !== "marked" ? "" : " lit"}`;
  view.paper.setAttribute("role", "group");
  view.paper.setAttribute("aria-label", name);
  view.paper.replaceChildren(...(view.way === "bag" ? bag(view) : running(view)));
  view.at = Math.min(view.at, Math.max(0, said.length - 1));
  const words = [...view.paper.querySelectorAll("[data-k]")];
  const here = words.find((word) => Number(word.dataset.k) >= view.at) ?? words[0];
  if (here) here.tabIndex = 0;
  if (view.focused) here?.focus({ preventScroll: true });
  view.focused = false;
}

function running(view) {
  const { said, rest } = view.data;
  if (view.way === "left") {
    const kept = said.map((one, k) => [one, k]).filter(([one]) => one[3] === 0);
    if (!kept.length) return [make("p", { className: "none" }, "No word is left.")];
    return kept.flatMap(([one, k]) => [span(view, one, k, one[2]), " "]);
  }
  return [...said.flatMap((one, k) => [one[0], span(view, one, k, one[1])]), rest];
}

// Each word once, the most frequent first: the order is gone, which is all that the models see.
function bag(view) {
  const bags = new Map();
  view.data.said.forEach((one, k) => {
    if (one[3] !== 0) return;
    const [first, times] = bags.get(one[2]) ?? [k, 0];
    bags.set(one[2], [first, times + 1]);
  });
  if (!bags.size) return [make("p", { className: "none" }, "No word is left.")];
  const order = [...bags].sort((a, b) => b[1][1] - a[1][1] || (a[0] < b[0] ? -1 : 1));
  return order.map(([word, [k, times]]) => make("span", { className: "held" }, span(view, view.data.said[k], k, word), make("sub", {}, `${times}`)));
}

function span(view, one, k, shown) {
  const { fates } = view.data;
  const fate = fates[one[3]];
  const dim = view.lit !== null && view.way === "marked" && view.lit !== one[3] ? " dim" : "";
  const as = one[2] && one[2] !== one[1] ? ` as ${one[2]}` : "";
  const told = `${fate.told}${as}${fate.act ? `. Click: ${fate.does}` : ""}`;
  return make("span", {
    className: `word f${one[3]}${dim}${fate.act ? " click" : ""}`, title: told, role: fate.act ? "button" : "note", tabIndex: -1,
    "aria-label": `${one[1]}: ${told}`, "data-k": k,
  }, shown);
}

function choose(view, k) {
  const [, , word, fate] = view.data.said[k];
  const { act } = view.data.fates[fate];
  if (!act || !word) return;
  view.at = k;
  view.says.textContent = act === "stop" ? `${word} is stopped` : `${word} counts again`;
  view.component.setStateValue("clicked", [act, word, Date.now()]);
}

function keyed(view, event) {
  const now = event.target.closest("[data-k]");
  if (!now) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    view.focused = true;
    choose(view, Number(now.dataset.k));
    return;
  }
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const words = [...view.paper.querySelectorAll("[data-k]")];
  const next = words[Math.max(0, Math.min(words.length - 1, words.indexOf(now) + by))];
  now.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
  view.at = Number(next.dataset.k);
}
