// A text with its words in the colours of their topics: point at a word, click it or walk to it by keys.
// State lives per parent element: Streamlit calls render again for every change of data or theme.
import { STYLE } from "./coloured_style.mjs";
import { kind, percent, tip } from "./coloured_tip.mjs";
import { keys } from "./coloured_keys.mjs";
import { make } from "./make.mjs";
import { read } from "./theme.mjs";

const views = new WeakMap();
const LEVELS = 5; // of a colour's strength

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  const fresh = view.data?.id !== data.id;
  Object.assign(view, { component, data });
  const { dark, classes } = read(view.root, { colours: data.colours, diverging: [] });
  view.root.classList.toggle("dark", dark);
  view.root.setAttribute("role", "group");
  view.root.setAttribute("aria-label", data.name);
  view.palette.textContent = classes.map((colour, k) => `.c${k} { --c: ${colour}; }`).join("\n");
  if (fresh) write(view);
  legend(view);
  light(view, data.word);
}

export function release(parentElement) {
  views.delete(parentElement);
}

function build(parentElement) {
  const root = parentElement.querySelector(".coloured");
  const view = { root, here: null };
  view.palette = make("style");
  view.legend = make("div", { className: "legend", role: "group", "aria-label": "Topics of this text" });
  view.text = make("div", { className: "text", tabIndex: 0, dir: "auto", role: "group" });
  view.says = make("div", { className: "says", "aria-live": "polite" });
  view.hint = make("div", { className: "hint" });
  root.append(make("style", {}, STYLE), view.palette, view.legend, view.text, view.hint, view.says);
  view.tip = tip(view);
  view.pick = (element) => pick(view, element);
  keys(view);
  view.text.addEventListener("click", (event) => {
    const element = event.target.closest(".w");
    if (!element) view.tip.close();
    else if (!String(root.getRootNode().getSelection?.() ?? "")) pick(view, element);
  });
  return view;
}

// Thousands of words: one element each, and no listeners of their own.
function write(view) {
  const { texts, words, chances, topics, name } = view.data;
  const all = document.createDocumentFragment();
  texts.forEach((text, i) => {
    const w = words[i];
    if (w < 0) return all.append(text);
    const [[z, p]] = chances[w];
    const element = make("span", { className: `w ${kind(topics[z])} l${Math.min(LEVELS - 1, Math.floor(p * LEVELS))}` }, text);
    element.dataset.w = w;
    all.append(element);
  });
  view.here = null;
  view.tip.close();
  view.text.replaceChildren(all);
  view.text.scrollTop = 0;
  view.text.setAttribute("aria-label", `${name}. Arrow keys walk over its words, Enter picks one.`);
  view.hint.textContent = view.data.vocabulary.length
    ? "Point at a word for its topics; the stronger its colour, the surer. Click to pick it; arrow keys work too."
    : "None of its words is counted.";
}

// The topics that have a colour, the largest first, and the grey rest.
function legend(view) {
  const { topics, topic } = view.data;
  const coloured = topics.filter((one) => one.colour >= 0).sort((a, b) => a.colour - b.colour);
  const focused = view.legend.contains(view.root.getRootNode().activeElement) ? view.root.getRootNode().activeElement.dataset.id : null;
  const chips = coloured.map((one) => {
    const chip = make("button", {
      type: "button", className: kind(one), title: `Pick the topic “${one.name}”`,
      onclick: () => view.component.setStateValue("topic", [one.id, Date.now()]),
      onpointerenter: () => only(view, kind(one)), onpointerleave: () => only(view, null),
      onfocus: () => only(view, chip.matches(":focus-visible") ? kind(one) : null), onblur: () => only(view, null),
    }, make("i", { className: "swatch" }), make("span", { className: "name", dir: "auto" }, one.name), make("span", { className: "part" }, percent(one.share)));
    chip.dataset.id = one.id;
    chip.setAttribute("aria-pressed", one.id === topic);
    return chip;
  });
  const rest = 1 - coloured.reduce((sum, one) => sum + one.share, 0);
  if (topics.length > coloured.length) chips.push(make("span", { className: "rest grey" },
    make("i", { className: "swatch" }), make("span", { className: "name" }, topics.some((one) => one.hidden) ? "other and hidden topics" : "other topics"), make("span", { className: "part" }, percent(Math.max(0, rest)))));
  view.legend.replaceChildren(...chips);
  if (focused !== null) chips.find((chip) => chip.dataset.id === focused)?.focus();
}

// Words of one topic stand out while the pointer is on it.
function only(view, name) {
  view.text.classList.toggle("only", name !== null);
  for (const element of view.text.querySelectorAll(".lit")) element.classList.remove("lit");
  if (name !== null) for (const element of view.text.querySelectorAll(`.${name}`)) element.classList.add("lit");
}

// The picked word, wherever it stands.
function light(view, word) {
  view.word = word;
  for (const element of view.text.querySelectorAll(".same")) element.classList.remove("same");
  const w = word === null ? -1 : view.data.vocabulary.indexOf(word);
  if (w >= 0) for (const element of view.text.querySelectorAll(`[data-w="${w}"]`)) element.classList.add("same");
}

// Picks the word of an element, or lets it go where it is picked.
function pick(view, element) {
  const word = view.data.vocabulary[Number(element.dataset.w)];
  const now = view.word === word ? null : word;
  light(view, now);
  if (now === null) view.tip.close();
  else view.tip.show(element, true);
  view.component.setStateValue("word", [now, Date.now()]);
}
