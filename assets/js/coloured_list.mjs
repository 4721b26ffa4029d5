// A list of documents, one of them lit. Arrow keys walk, Enter picks.
import { make } from "./make.mjs";

const lists = new WeakMap();
const STYLE = `
.entries { font: 14px/1.45 var(--st-font); color: var(--st-text-color); }
.entries ol { list-style: none; margin: 0; padding: 2px; display: flex; flex-direction: column; gap: .4rem; }
.entries button { font: inherit; color: inherit; text-align: start; display: block; width: 100%; padding: .5rem .7rem; border: 1px solid var(--st-border-color); border-radius: 10px;
  background: var(--st-background-color); cursor: pointer; }
.entries button:hover { border-color: var(--st-primary-color); }
.entries button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 0; }
.entries button[aria-current=true] { border-color: var(--st-primary-color); box-shadow: inset 4px 0 var(--st-primary-color); background: var(--st-secondary-background-color); }
.entries b { display: block; overflow-wrap: anywhere; }
.value { margin-inline-start: auto; min-width: 0; display: inline-flex; align-items: center; gap: .4rem; font-variant-numeric: tabular-nums; }
.number { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar { flex: none; width: 44px; height: 7px; border-radius: 4px; background: color-mix(in srgb, var(--st-text-color) 14%, transparent); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--st-primary-color); }
.known { display: flex; gap: .7rem; font-size: 12.5px; opacity: .85; }
.excerpt { font-size: 13px; opacity: .85; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
mark { color: inherit; font-weight: 700; background: color-mix(in srgb, #e69f00 38%, transparent); border-radius: 3px; }
`;

export function render({ data, parentElement, setStateValue }) {
  if (!data) return;
  let list = lists.get(parentElement);
  if (!list) {
    const root = parentElement.querySelector(".entries");
    list = { root, ol: make("ol", { onkeydown: walk }) };
    root.append(make("style", {}, STYLE), list.ol);
    lists.set(parentElement, list);
  }
  const { root, ol } = list;
  const told = JSON.stringify(data);
  list.tell = (document) => setStateValue("picked", [document, Date.now()]);
  if (list.told === told) return;
  Object.assign(list, { told, reveals: data.reveals });
  const focused = [...ol.querySelectorAll("button")].indexOf(root.getRootNode().activeElement);
  ol.setAttribute("aria-label", data.name);
  ol.replaceChildren(...data.entries.map((one) => make("li", {}, entry(list, one, data.picked))));
  if (focused >= 0) ol.querySelectorAll("button")[focused]?.focus({ preventScroll: true });
}

export function release(parentElement) {
  lists.delete(parentElement);
}

function entry(list, one, picked) {
  const bar = make("i");
  bar.style.width = `${100 * one.bar}%`;
  const known = [one.label, one.date].filter(Boolean).map((text) => make("span", { dir: "auto" }, text));
  const value = make("span", { className: "value", title: one.about }, make("span", { className: "bar" }, bar), make("span", { className: "number", dir: "auto" }, one.value));
  const excerpt = one.excerpt.map(([text, marked]) => (marked ? make("mark", {}, text) : text));
  const button = make("button", { type: "button", onclick: () => {
    for (const other of list.ol.querySelectorAll("button")) other.setAttribute("aria-current", other === button);
    list.tell(one.document);
    reveal(list.reveals);
  } }, title(one.title || "Without a title"), make("span", { className: "known" }, ...known, value));
  if (excerpt.length) button.append(make("span", { className: "excerpt", dir: "auto" }, ...excerpt));
  button.setAttribute("aria-current", one.document === picked);
  button.dataset.document = one.document;
  return button;
}

// A dotted name has no spaces to be broken at.
function title(text) {
  const parts = text.split(/(?<=[._/\\-])/);
  return make("b", { dir: "auto" }, ...parts.flatMap((part, k) => (k ? [make("wbr"), part] : [part])));
}

// Scrolls to what the click has changed, where the window does not show it.
function reveal(key) {
  const goal = key && document.querySelector(`.st-key-${CSS.escape(key)}`);
  if (!goal) return;
  const { top } = goal.getBoundingClientRect();
  if (top > 0 && top < window.innerHeight * 0.7) return;
  goal.style.scrollMarginTop = "4.5rem"; // the page's own bar
  goal.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(event.target.closest("button"));
  buttons[at + step]?.focus();
  event.preventDefault();
  event.stopPropagation();
}
