// A node under the pointer, or reached with the keys: its words light up, and a note beside it tells what it is.
import { words } from "./syntax_tree.mjs";

const LONGEST = 160; // characters of its words

export function look(view, tree, node) {
  for (const [one, element] of tree.elements) {
    element.classList.toggle("here", one === node);
    element.classList.toggle("lit", Boolean(node && one.word && one.i >= node.i && one.i <= node.j));
  }
  tree.here = node;
  const told = node ? facts(view, tree, node) : [];
  view.says.textContent = told.join(" \u00b7 ");
  view.tip.hidden = !told.length || (view.editing && tree === view.trees[0]); // it would cover what is to be clicked
  if (view.tip.hidden) return;
  view.tip.replaceChildren(...told.map((text, k) => {
    const line = document.createElement(k ? "div" : "b");
    line.textContent = text;
    return line;
  }));
  place(view, tree.elements.get(node));
}

function facts(view, tree, node) {
  const { i, j } = node;
  const told = [node.text, i === j ? `word ${i + 1}` : `words ${i + 1} to ${j + 1}`];
  if (!node.word) {
    const text = words(node).join(" ");
    told.push(`\u201c${text.length > LONGEST ? `${text.slice(0, LONGEST)}\u2026` : text}\u201d`);
    const names = node.children.slice(0, 12).map((child) => child.text).join(" ");
    told.push(`${node.text} \u2192 ${names}${node.children.length > 12 ? " \u2026" : ""}${node.note ? `, ${node.note}` : ""}`);
  }
  if (tree.marked.has(node) && view.data.marks) told.push(view.data.marks);
  if (node.word && tree.unknown.has(i)) told.push("not known to the grammar");
  return told;
}

// Above the node, inside of the trees, and below it where there is no room above.
function place(view, element) {
  const [bounds, at] = [view.root.getBoundingClientRect(), element.getBoundingClientRect()];
  const { tip } = view;
  const left = at.left + at.width / 2 - tip.offsetWidth / 2 - bounds.left;
  tip.style.left = `${Math.max(0, Math.min(bounds.width - tip.offsetWidth, left))}px`;
  const above = at.top - tip.offsetHeight - 10;
  tip.style.top = `${(above < 60 ? at.bottom + 10 : above) - bounds.top}px`;
}
