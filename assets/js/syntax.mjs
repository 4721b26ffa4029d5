// Trees side by side: point at a node to see its words, click it to close it; one of them can be changed by hand.
import * as picture from "./cky_picture.mjs";
import { make } from "./make.mjs";
import { draw } from "./syntax_draw.mjs";
import * as edit from "./syntax_edit.mjs";
import { layout } from "./syntax_layout.mjs";
import { STYLE } from "./syntax_style.mjs";
import { brackets, flat, grow, measure, walk, words } from "./syntax_tree.mjs";
import { rgb } from "./theme.mjs";

const views = new WeakMap();
const SEEN = 400; // nodes of a tree that are drawn at first; of more the lower ones are closed
const SMALLEST = 0.62; // a wide tree is drawn so small at most; then it scrolls
const PAUSE = 250; // ms between a change and the page's hearing of it

export function render(component) {
  const { data, parentElement } = component;
  let view = views.get(parentElement);
  if (!view) {
    view = build(parentElement);
    views.set(parentElement, view);
  }
  view.component = component;
  const fresh = view.id !== data.id;
  if (fresh) {
    view.id = data.id;
    view.data = data;
    view.trees = data.trees.map(planted);
    [view.picked, view.taking, view.undone] = [view.editing ? view.trees[0].root : null, false, []];
    view.refusal.textContent = "";
  }
  view.data = data;
  show(view);
}

export function release(parentElement) {
  const view = views.get(parentElement);
  if (view) clearTimeout(view.telling);
  views.delete(parentElement);
}

function planted(given) {
  const root = grow(given.nodes);
  const all = measure(root);
  const marks = new Set(given.marked);
  return {
    given, root, closed: depthLimit(all), unknown: new Set(given.unknown),
    marked: new Set(all.filter((node, k) => marks.has(k))), changed: false,
  };
}

// Of a large tree what lies deepest is closed, so that no browser has to draw thousands of nodes.
function depthLimit(all) {
  if (all.length <= SEEN) return new Set();
  const count = [];
  for (const node of all) count[node.depth] = (count[node.depth] ?? 0) + 1;
  let [total, limit] = [0, 0];
  while (limit < count.length && total + count[limit] <= SEEN) total += count[limit++];
  return new Set(all.filter((node) => node.depth === Math.max(1, limit - 1) && !node.word));
}

function build(parentElement) {
  const root = parentElement.querySelector(".syntax");
  const view = { root, sideways: false, level: true, undone: [], picked: null };
  const button = (text, title, onclick) => make("button", { type: "button", title, onclick }, text);
  view.turn = button("Sideways", "Root at the left, words below each other", () => set(view, "sideways"));
  view.even = button("Words in a row", "All words on one line", () => set(view, "level"));
  view.less = button("Close all", "Close every phrase below the first level", () => shutAll(view));
  view.more = button("Open all", "Open every node", () => openAll(view));
  view.tools = make("span", { className: "bar edits", hidden: true });
  view.change = button("Change by hand", "Rename, delete, add and move nodes of the first tree", () => {
    view.editing = !view.editing;
    if (view.editing) view.picked ??= view.trees[0].root;
    show(view);
  });
  view.name = make("input", { type: "text", maxLength: 60, "aria-label": "Category of the chosen node", onkeydown: (event) => {
    event.stopPropagation();
    if (event.key === "Enter") act(view, () => edit.rename(view.picked, view.name.value));
  } });
  view.tools.append(
    view.name,
    button("Rename", "Give the chosen node this name", () => act(view, () => edit.rename(view.picked, view.name.value))),
    button("Delete", "The chosen node goes, what is below it moves up", () => act(view, () => edit.remove(view.picked), true)),
    button("Add above", "A new node over the chosen one, with the name at the left", () => act(view, () => edit.wrap(view.picked, view.name.value.trim() || "X"))),
    view.take = button("Attach to …", "Then click the node that it shall hang below", () => {
      view.taking = !view.taking;
      show(view);
      view.refusal.textContent = view.taking ? `Now click the node that ${view.picked.text} shall hang below.` : "";
    }),
    view.back = button("Undo", "Take the last change back", () => undo(view)),
  );
  view.rows = make("div", { className: "rows" });
  view.says = make("div", { className: "says", "aria-live": "polite" });
  view.refusal = make("span", { className: "refusal", role: "status" });
  const bar = make("div", { className: "bar" }, view.turn, view.even, view.less, view.more, view.change, view.tools, view.refusal);
  root.append(make("style", {}, STYLE), bar, view.rows, view.says);
  return view;
}

function set(view, name) {
  view[name] = !view[name];
  show(view);
}

function shutAll(view) {
  for (const tree of view.trees) {
    tree.closed = new Set(walk(tree.root).filter((node) => !node.word && node.depth === 2));
  }
  show(view);
}

function openAll(view) {
  for (const tree of view.trees) tree.closed = depthLimit(measure(tree.root));
  show(view);
}

function show(view) {
  const { data, root } = view;
  const style = getComputedStyle(root);
  const [r, g, b] = rgb(style.getPropertyValue("--st-background-color").trim() || "#fff");
  view.dark = 0.2126 * r + 0.7152 * g + 0.0722 * b < 128;
  root.classList.toggle("dark", view.dark);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", data.name);
  view.turn.setAttribute("aria-pressed", view.sideways);
  view.even.setAttribute("aria-pressed", view.level);
  view.change.hidden = !data.editable;
  view.tools.hidden = !(data.editable && view.editing);
  view.change.setAttribute("aria-pressed", Boolean(view.editing));
  view.take.setAttribute("aria-pressed", Boolean(view.taking));
  view.back.disabled = !view.undone.length;
  if (view.picked) view.name.value = view.picked.text;
  view.rows.replaceChildren(...view.trees.map((tree, k) => figure(view, tree, k)));
}

function figure(view, tree, place) {
  const { given } = tree;
  const font = getComputedStyle(view.root).fontFamily || "sans-serif";
  const laid = layout(tree.root, { closed: tree.closed, sideways: view.sideways, level: view.level, font });
  const label = `${given.title || view.data.name}: ${words(tree.root).slice(0, 40).join(" ")}`;
  const drawn = draw(laid, { sideways: view.sideways, colours: view.data.colours[view.dark ? "dark" : "light"], marked: tree.marked, unknown: tree.unknown, label });
  tree.elements = drawn.elements;
  const { svg } = drawn;
  svg.style.minWidth = `${Math.round(laid.width * SMALLEST)}px`;
  svg.style.maxWidth = "100%";
  const name = `${view.data.file}${view.trees.length > 1 ? `-${place + 1}` : ""}`;
  const file = (text, title, onclick) => make("button", { type: "button", title, "aria-label": `${title}, ${given.title || "tree"}`, onclick }, text);
  const ground = () => getComputedStyle(view.root).getPropertyValue("--st-background-color").trim() || "#ffffff";
  const plain = () => {
    const copy = draw(laid, { sideways: view.sideways, colours: view.data.colours[view.dark ? "dark" : "light"], marked: tree.marked, unknown: tree.unknown, label }).svg;
    view.root.append(copy); // its looks are read from where it stands
    return copy;
  };
  const files = make("span", { className: "files" },
    file("SVG", "Save as SVG", () => { const copy = plain(); save(picture.svg(copy, ground()), `${name}.svg`); copy.remove(); }),
    file("PNG", "Save as PNG", async () => { const copy = plain(); const made = picture.png(copy, ground()); copy.remove(); save(await made, `${name}.png`); }),
    file("Copy", "Copy as brackets", async () => { await navigator.clipboard.writeText(brackets(tree.root)); say(view, "Copied: the tree in brackets."); }));
  const title = tree.changed ? `${given.title || "Tree"}, changed` : given.title;
  const caption = make("figcaption", {}, make("b", {}, title), ...(tree.changed ? [] : given.lines.map((line) => make("span", {}, line))), files);
  hear(view, tree, svg, place);
  mark(view, tree);
  const box = make("figure", {}, caption, make("div", { className: "paper" }, svg));
  box.style.flexBasis = `${Math.round(laid.width * SMALLEST) + 26}px`;
  return box;
}

function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function hear(view, tree, svg, place) {
  const byElement = new Map([...tree.elements].map(([node, element]) => [element, node]));
  const under = (event) => byElement.get(event.target.closest?.("g.node"));
  svg.addEventListener("pointerover", (event) => {
    const node = under(event);
    if (node) look(view, tree, node);
  });
  svg.addEventListener("pointerleave", () => look(view, tree, null));
  svg.addEventListener("click", (event) => {
    const node = under(event);
    if (node) choose(view, tree, node, place);
  });
  svg.addEventListener("focus", () => svg.matches(":focus-visible") && look(view, tree, tree.here ?? tree.root));
  svg.addEventListener("keydown", (event) => key(view, tree, event, place));
}

function choose(view, tree, node, place) {
  if (view.editing && place === 0) {
    const target = node.word ? node.parent : node;
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
  if (tree.closed.has(node)) tree.closed.delete(node);
  else tree.closed.add(node);
  const focused = view.root.getRootNode().activeElement?.localName === "svg";
  show(view);
  if (focused) view.rows.querySelectorAll("svg")[place]?.focus();
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
  if (moves[event.key]) {
    if (next) look(view, tree, next);
  } else if (event.key === "Enter" || event.key === " ") choose(view, tree, here, place);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// A node under the pointer, or reached with the keys: its words light up, and a line tells what it is.
function look(view, tree, node) {
  for (const [one, element] of tree.elements) {
    element.classList.toggle("here", one === node);
    element.classList.toggle("lit", Boolean(node && one.word && one.i >= node.i && one.i <= node.j));
  }
  tree.here = node;
  if (!node) {
    say(view, "");
    return;
  }
  const span = node.i === node.j ? `word ${node.i + 1}` : `words ${node.i + 1} to ${node.j + 1}`;
  const rule = node.word ? "" : ` · ${node.text} → ${node.children.map((child) => child.text).join(" ")}`;
  const wrong = tree.marked.has(node) && view.data.marks ? ` · ${view.data.marks}` : "";
  const strange = node.word && tree.unknown.has(node.i) ? " · not known to the grammar" : "";
  say(view, `${node.text} · ${span} · “${words(node).join(" ").slice(0, 160)}”${rule}${wrong}${strange}`);
}

function mark(view, tree) {
  for (const [node, element] of tree.elements) element.classList.toggle("picked", Boolean(view.editing) && node === view.picked);
}

function say(view, text) {
  view.says.textContent = text;
}

// A change by hand: what it was is kept, what it is goes to the page.
function act(view, change, goes = false) {
  const tree = view.trees[0];
  const before = flat(tree.root);
  const parent = view.picked?.parent ?? null;
  const refused = change();
  if (refused) {
    show(view);
    view.refusal.textContent = refused;
    return;
  }
  view.undone.push(before);
  if (goes) view.picked = parent;
  changed(view, tree);
}

function undo(view) {
  const tree = view.trees[0];
  tree.root = grow(view.undone.pop());
  view.picked = tree.root;
  changed(view, tree);
}

function changed(view, tree) {
  measure(tree.root);
  tree.closed = new Set();
  tree.marked = new Set();
  tree.changed = view.undone.length > 0;
  view.refusal.textContent = "";
  show(view);
  clearTimeout(view.telling);
  view.telling = setTimeout(() => {
    view.component.setStateValue("edited", tree.changed ? [view.id, brackets(tree.root)] : null);
  }, PAUSE);
}
