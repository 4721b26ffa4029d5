// Changes of a tree by hand. Each gives a sentence that says why it cannot be, or nothing when done.
import { walk } from "./syntax_tree.mjs";

export function rename(node, name) {
  const text = name.trim().replace(/\s+/g, "_");
  if (!text) return "A category needs a name.";
  node.text = text;
  return "";
}

// A node goes, what is below it takes its place.
export function remove(node) {
  const { parent } = node;
  if (!parent) return "The root stays: give it another name instead.";
  parent.children.splice(parent.children.indexOf(node), 1, ...node.children);
  for (const child of node.children) child.parent = parent;
  return "";
}

// A new node above this one. The root changes places with it, so that it stays the root.
export function wrap(node, name) {
  const { parent } = node;
  if (!parent) {
    const below = { text: name, word: false, children: node.children, parent: node };
    for (const child of below.children) child.parent = below;
    node.children = [below];
    return "";
  }
  const above = { text: name, word: false, children: [node], parent };
  parent.children[parent.children.indexOf(node)] = above;
  node.parent = above;
  return "";
}

// A node goes below another one, where the order of the words allows it.
export function attach(node, target) {
  if (target.word) return "A word has nothing below it.";
  if (!node.parent) return "The root cannot hang below another node.";
  if (walk(node).includes(target)) return `${target.text} is below ${node.text} itself.`;
  if (node.parent === target) return `${node.text} hangs there already.`;
  if (node.parent.children.length === 1) return `${node.parent.text} would have nothing left below it.`;
  const before = node.j < target.i;
  const touches = before ? node.j + 1 === target.i : node.i === target.j + 1;
  const inside = node.i >= target.i && node.j <= target.j;
  if (!inside && !touches) return "Words cannot change places: only a neighbour can be attached.";
  const at = target.children.findIndex((child) => child.i > node.j);
  // between two of its children nothing may cut through one of them
  if (inside && target.children.some((child) => child !== node && child.i <= node.j && child.j >= node.i)) {
    const edge = target.children.find((child) => child.i <= node.j && child.j >= node.i);
    const first = node.i === edge.i;
    if (!first && node.j !== edge.j) return "It stands between other words of that phrase.";
    move(node, target, target.children.indexOf(edge) + (first ? 0 : 1));
    return "";
  }
  move(node, target, at < 0 ? target.children.length : at);
  return "";
}

function move(node, target, at) {
  const old = node.parent;
  old.children.splice(old.children.indexOf(node), 1);
  target.children.splice(at, 0, node);
  node.parent = target;
}
