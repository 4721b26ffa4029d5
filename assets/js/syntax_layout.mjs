// Where everything of a tree stands: words in a row, each node above the middle of its children.
import { preterminal, walk, words } from "./syntax_tree.mjs";

const [DROP, WORD, ROW, GAP, PAD, MARGIN] = [52, 34, 31, 16, 18, 10]; // pixels
const LONGEST = 28; // characters of what a collapsed node shows of its words
const ruler = new OffscreenCanvas(1, 1).getContext("2d");
const widths = new Map();

// Pixels of a text; the same for every tree, so each is measured once.
function wide(text, font) {
  const key = `${font}|${text}`;
  if (!widths.has(key)) {
    ruler.font = font;
    widths.set(key, ruler.measureText(text).width);
  }
  return widths.get(key);
}

export function short(text) {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

// -> { nodes, width, height }; a node has x, y, w, its visible children in `seen`, and `told` where it is closed.
export function layout(root, { closed, sideways, level, font }) {
  const nodes = walk(root, (node) => (closed.has(node) ? [] : node.children));
  for (const node of nodes) {
    node.shut = closed.has(node);
    node.told = node.shut ? short(words(node).join(" ")) : "";
    node.seen = node.shut ? [] : node.children;
    const text = node.word ? wide(node.text, `14px ${font}`) : wide(node.text, `600 13px ${font}`) + PAD;
    node.w = node.shut ? Math.max(text, wide(node.told, `13px ${font}`)) : text;
  }
  const leaves = nodes.filter((node) => !node.seen.length);
  const place = new Map(leaves.map((leaf, k) => [leaf, k]));
  const room = leaves.map((leaf) => (sideways ? ROW : leaf.w + GAP));
  for (let k = nodes.length - 1; k >= 0; k -= 1) {
    const node = nodes[k];
    [node.from, node.to] = node.seen.length ? [node.seen[0].from, node.seen.at(-1).to] : [place.get(node), place.get(node)];
    if (sideways || !node.seen.length) continue;
    // a wide name over narrow words pushes them apart
    let have = 0;
    for (let leaf = node.from; leaf <= node.to; leaf += 1) have += room[leaf];
    const lack = node.w + GAP - have;
    if (lack > 0) for (let leaf = node.from; leaf <= node.to; leaf += 1) room[leaf] += lack / (node.to - node.from + 1);
  }
  let along = MARGIN;
  const middle = room.map((size) => {
    along += size;
    return along - size / 2;
  });
  const most = nodes.reduce((deep, node) => Math.max(deep, node.depth), 0);
  const columns = new Array(most + 2).fill(0);
  if (sideways) for (const node of nodes) columns[node.depth] = Math.max(columns[node.depth], node.shut ? wide(node.text, `600 13px ${font}`) + PAD : node.w);
  const starts = [MARGIN];
  for (const column of columns) starts.push(starts.at(-1) + column + 26);
  const rows = level ? most : null;
  for (let k = nodes.length - 1; k >= 0; k -= 1) {
    const node = nodes[k];
    const across = node.seen.length ? (node.seen[0].along + node.seen.at(-1).along) / 2 : middle[node.from];
    node.along = across;
    if (sideways) {
      const depth = node.word && level ? most : node.depth;
      [node.x, node.y] = [starts[depth] + (node.word ? node.w : columns[depth]) / 2, across];
    } else {
      const depth = node.word && level ? rows : node.depth;
      const lift = node.word ? DROP - WORD : 0;
      [node.x, node.y] = [across, 22 + depth * DROP - lift];
    }
  }
  const shut = nodes.some((node) => node.shut);
  const width = sideways
    ? Math.max(...nodes.map((node) => node.x + (node.shut ? node.w + 40 : node.w / 2))) + MARGIN
    : along + MARGIN;
  const height = sideways ? along + MARGIN : Math.max(...nodes.map((node) => node.y)) + (shut ? 46 : 20);
  return { nodes, width: Math.ceil(width), height: Math.ceil(height) };
}

export { preterminal };
