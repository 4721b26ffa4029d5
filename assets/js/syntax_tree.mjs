// A tree of the page as nodes that know their parents, and back into brackets. Nothing calls itself:
// a tree may be as deep as it likes.

// rows: [text, place of the parent or -1, whether it is a word], each node before what is below it.
export function grow(rows) {
  const nodes = rows.map(([text, , word]) => ({ text, word: Boolean(word), children: [], parent: null }));
  rows.forEach(([, parent], k) => {
    if (parent < 0) return;
    nodes[k].parent = nodes[parent];
    nodes[parent].children.push(nodes[k]);
  });
  return nodes[0];
}

// Every node before what is below it, from left to right.
export function walk(root, into = (node) => node.children) {
  const [found, stack] = [[], [root]];
  while (stack.length) {
    const node = stack.pop();
    found.push(node);
    const below = into(node);
    for (let k = below.length - 1; k >= 0; k -= 1) stack.push(below[k]);
  }
  return found;
}

export function flat(root) {
  const all = walk(root);
  const place = new Map(all.map((node, k) => [node, k]));
  return all.map((node) => [node.text, node.parent ? place.get(node.parent) : -1, node.word]);
}

// Numbers the words and gives every node its span: first and last word.
export function measure(root) {
  const all = walk(root);
  let count = 0;
  for (const node of all) {
    node.i = count;
    if (node.word) {
      node.j = count;
      count += 1;
    }
  }
  for (let k = all.length - 1; k >= 0; k -= 1) {
    const node = all[k];
    if (!node.word) node.j = node.children.at(-1).j;
    node.depth = 0;
  }
  for (const node of all) node.depth = node.parent ? node.parent.depth + 1 : 0;
  return all;
}

const BRACKETS = { "(": "-LRB-", ")": "-RRB-" };
const plain = (text) => text.replace(/[()]/g, (mark) => BRACKETS[mark]).replace(/\s+/g, "_");

export function brackets(root) {
  const [parts, stack] = [[], [root]];
  while (stack.length) {
    const node = stack.pop();
    if (node === null) parts.push(")");
    else if (node.word) parts.push(` ${plain(node.text)}`);
    else {
      parts.push(`${parts.length ? " (" : "("}${plain(node.text)}`);
      stack.push(null);
      for (let k = node.children.length - 1; k >= 0; k -= 1) stack.push(node.children[k]);
    }
  }
  return parts.join("");
}

export const preterminal = (node) => node.children.length === 1 && node.children[0].word;
export const words = (node) => walk(node).filter((one) => one.word).map((one) => one.text);
