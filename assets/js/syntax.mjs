// Trees side by side: point at a node to see its words, click it to close it; one of them can be changed by hand.
import { make } from "./make.mjs";
import { bar, shown } from "./syntax_bar.mjs";
import { draw } from "./syntax_draw.mjs";
import * as edit from "./syntax_edit.mjs";
import { files } from "./syntax_files.mjs";
import { layout } from "./syntax_layout.mjs";
import { look } from "./syntax_look.mjs";
import { STYLE } from "./syntax_style.mjs";
import { brackets, flat, grow, measure, preterminal, walk, words } from "./syntax_tree.mjs";
import { rgb } from "./theme.mjs";

const views = new WeakMap();
const SEEN = 400; // nodes that are drawn at first; of more the lower ones are closed
const SMALLEST = 0.7; // a wide tree is drawn so small at most; then it scrolls
const PAUSE = 250; // ms between a change and the page's hearing of it

export function render(component) {
  const { data, parentElement } = component;
  let view = views.get(parentElement);
  if (!view) {
    view = build(parentElement);
    views.set(parentElement, view);
  }
  view.component = component;
  view.data = data;
  if (view.id !== data.id) {
    view.id = data.id;
    view.trees = data.trees.map(planted);
    [view.picked, view.taking, view.undone, view.told] = [null, false, [], false];
    if (view.editing) view.picked = view.trees[0]?.root ?? null;
    view.levels.value = 0;
  } else {
    view.trees.forEach((tree, k) => told(tree, data.trees[k]));
  }
  show(view);
}

export function release(parentElement) {
  const view = views.get(parentElement);
  if (view) clearTimeout(view.telling);
  views.delete(parentElement);
}

function planted(given) {
  const tree = { root: grow(given.nodes), changed: false };
  const all = measure(tree.root);
  tree.closed = deep(tree.root);
  tree.deepest = all.reduce((most, node) => Math.max(most, node.depth), 0);
  told(tree, given);
  return tree;
}

// What is said of a tree may change while the tree stays: probabilities, and what stands out.
function told(tree, given) {
  tree.given = given;
  if (tree.changed) return;
  const [all, marks] = [walk(tree.root), new Set(given.marked)];
  tree.marked = new Set(all.filter((node, k) => marks.has(k)));
  tree.unknown = new Set(given.unknown);
  all.filter((node) => !node.word).forEach((node, k) => { node.note = given.notes[k]; });
}

// What is closed when `root` opens: of much the lower part, so that no browser has to draw thousands of nodes.
function deep(root) {
  const all = walk(root);
  if (all.length <= SEEN) return new Set();
  const count = [];
  for (const node of all) count[node.depth - root.depth] = (count[node.depth - root.depth] ?? 0) + 1;
  let [total, limit] = [0, 0];
  while (limit < count.length && total + count[limit] <= SEEN) total += count[limit++];
  return new Set(all.filter((node) => node.depth - root.depth === Math.max(1, limit - 1) && !node.word));
}

function build(parentElement) {
  const root = parentElement.querySelector(".syntax");
  const view = { root, sideways: false, level: true, coloured: true, undone: [], picked: null };
  view.rows = make("div", { className: "rows" });
  view.says = make("div", { className: "says", "aria-live": "polite" });
  view.tip = make("div", { className: "tip", hidden: true, "aria-hidden": "true" });
  root.append(make("style", {}, STYLE), ...bar(view, { show, act, undo, level }), view.rows, view.says, view.tip);
  return view;
}

// So many levels open, 0 for all.
function level(view, count) {
  for (const tree of view.trees) {
    tree.closed = count ? new Set(walk(tree.root).filter((node) => !node.word && node.depth === count - 1 && !preterminal(node))) : deep(tree.root);
  }
  show(view);
}

function show(view) {
  const { data, root, rows } = view;
  const [r, g, b] = rgb(getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#fff");
  view.dark = 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
  root.classList.toggle("dark", view.dark);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.name);
  shown(view);
  view.tip.hidden = true;
  const papers = [...rows.querySelectorAll(".paper")];
  const places = papers.map((paper) => [paper.scrollLeft, paper.scrollTop]);
  const focused = papers.findIndex((paper) => paper.contains(root.getRootNode().activeElement));
  const heres = view.trees.map((tree) => tree.here); // what loses the focus forgets it
  rows.replaceChildren(...view.trees.map((tree, k) => figure(view, tree, k)));
  view.trees.forEach((tree, k) => { tree.here = heres[k]; });
  rows.querySelectorAll(".paper").forEach((paper, k) => {
    if (places[k]) [paper.scrollLeft, paper.scrollTop] = places[k];
    if (k === focused) paper.firstElementChild.focus({ preventScroll: true });
  });
}

function figure(view, tree, place) {
  const { given } = tree;
  const font = getComputedStyle(view.root).fontFamily || "sans-serif";
  const laid = layout(tree.root, { closed: tree.closed, sideways: view.sideways, level: view.level, font });
  const label = `${given.title || view.data.name}: ${words(tree.root).slice(0, 40).join(" ")}`;
  const colours = view.coloured ? view.data.colours[view.dark ? "dark" : "light"] : ["var(--st-text-color)"];
  const drawing = () => draw(laid, { sideways: view.sideways, colours, marked: tree.marked, unknown: tree.unknown, label });
  const { svg, elements } = drawing();
  tree.elements = elements;
  for (const [node, element] of elements) element.classList.toggle("picked", Boolean(view.editing) && node === view.picked);
  svg.style.minWidth = `${Math.round(laid.width * SMALLEST)}px`;
  svg.style.maxWidth = "100%";
  hear(view, tree, svg, place);
  const title = tree.changed ? `${given.title || "Tree"}, changed` : given.title;
  const caption = make("figcaption", {}, make("b", {}, title), ...(tree.changed ? [] : given.lines.map((line) => make("span", {}, line))));
  const done = make("span", { className: "done", role: "status" });
  const home = files(view.root, {
    name: `${view.data.file}${view.trees.length > 1 ? `-${place + 1}` : ""}`,
    title: given.title || "tree",
    plain: () => drawing().svg,
    tree,
    said: (text) => { done.textContent = text; },
  });
  const box = make("figure", {}, caption, make("div", { className: "paper" }, svg), make("div", { className: "home" }, done, home));
  box.style.flexBasis = `${Math.round(laid.width * SMALLEST) + 26}px`;
  return box;
}

function hear(view, tree, svg, place) {
  const byElement = new Map([...tree.elements].map(([node, element]) => [element, node]));
  const under = (event) => byElement.get(event.target.closest?.("g.node"));
  svg.addEventListener("pointerover", (event) => {
    const node = under(event);
    if (node) look(view, tree, node);
  });
  svg.addEventListener("pointerleave", () => look(view, tree, null));
  svg.addEventListener("blur", () => look(view, tree, null));
  svg.addEventListener("click", (event) => {
    const node = under(event);
    if (node) choose(view, tree, node, place);
  });
  svg.addEventListener("focus", () => svg.matches(":focus-visible") && look(view, tree, tree.elements.has(tree.here) ? tree.here : tree.root));
  svg.addEventListener("keydown", (event) => key(view, tree, event, place));
}

function choose(view, tree, node, place) {
  if (view.editing && place === 0) {
    const target = node.word ? node.parent : node;
    view.told = false;
    if (view.taking) {
      view.taking = false;
      act(view, () => edit.attach(view.picked, target));
      return;
    }
    view.picked = target;
    show(view);
    look(view, tree, target);
    return;
  }
  if (node.word) return;
  if (tree.closed.delete(node)) for (const below of deep(node)) tree.closed.add(below);
  else tree.closed.add(node);
  view.levels.value = -1;
  show(view);
  look(view, tree, node);
}

function key(view, tree, event, place) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const here = tree.here && tree.elements.has(tree.here) ? tree.here : tree.root;
  const row = here.parent?.children ?? [here];
  const at = row.indexOf(here);
  const moves = view.sideways
    ? { ArrowLeft: "up", ArrowRight: "down", ArrowUp: "before", ArrowDown: "after" }
    : { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "before", ArrowRight: "after" };
  const next = { up: here.parent, down: here.seen?.[0], before: row[at - 1], after: row[at + 1] }[moves[event.key]];
  if (next) {
    tree.elements.get(next).scrollIntoView({ block: "nearest", inline: "nearest" });
    look(view, tree, next);
  } else if (event.key === "Enter" || event.key === " ") choose(view, tree, here, place);
  else if (!moves[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
}

// A change by hand: what it was is kept, what it is goes to the page.
function act(view, change, goes = false) {
  const tree = view.trees[0];
  const before = flat(tree.root);
  const parent = view.picked?.parent ?? null;
  const refused = change();
  view.told = Boolean(refused);
  if (refused) {
    view.refusal.textContent = refused;
    show(view);
    return;
  }
  view.undone.push(before);
  if (goes) view.picked = parent;
  changed(view, tree);
}

function undo(view) {
  const tree = view.trees[0];
  const before = view.undone.pop();
  if (view.undone.length) {
    tree.root = grow(before);
    measure(tree.root);
    tree.closed = deep(tree.root);
  } else Object.assign(tree, planted(tree.given)); // with all that was said of it
  view.picked = tree.root;
  view.told = false;
  changed(view, tree);
}

function changed(view, tree) {
  tree.changed = view.undone.length > 0;
  const all = measure(tree.root);
  tree.deepest = all.reduce((most, node) => Math.max(most, node.depth), 0);
  if (tree.changed) {
    tree.marked = new Set();
    for (const node of all) node.note = "";
  }
  show(view);
  clearTimeout(view.telling);
  view.telling = setTimeout(() => {
    view.component.setStateValue("edited", tree.changed ? [view.id, brackets(tree.root)] : null);
  }, PAUSE);
}
