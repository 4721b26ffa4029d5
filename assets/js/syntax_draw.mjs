// A laid-out tree as SVG. Every text enters as a text node.
import { preterminal } from "./syntax_tree.mjs";

const SVG = "http://www.w3.org/2000/svg";
const FAMILIES = [
  /^(S|SQ|SINV|SBARQ|IP|CP|ROOT|TOP|E|Sum)$/, /^(NP|NX|WHNP|QP|DP|N|PRN)/, /^(VP|V$|Product)/, /^(PP|WHPP|P$|DNP|DVP|LCP)/,
  /^(ADVP|ADJP|WHADVP|Factor)/, /^(SBAR|FRAG|UCP|X$)/,
];

// The number of a category's colour: families have theirs, the others by their letters.
export function colour(label, count) {
  const name = label.replace(/^(.)([^-=^@+|]*).*$/s, "$1$2");
  const family = FAMILIES.findIndex((one) => one.test(name));
  if (family >= 0) return family % count;
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % count;
}

function put(parent, tag, properties, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  if (text !== undefined) element.append(text);
  parent.append(element);
  return element;
}

// -> { svg, elements }: the elements of each node, by node.
export function draw({ nodes, width, height }, { sideways, colours, marked, unknown, label }) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height, role: "group", tabindex: 0, "aria-label": label })) {
    svg.setAttribute(name, value);
  }
  const lines = put(svg, "g", { class: "branches" });
  const elements = new Map();
  for (const node of nodes) {
    for (const child of node.seen) {
      const [a, b] = sideways
        ? [[node.x + node.w / 2, node.y], [child.x - child.w / 2 - (child.word ? 4 : 0), child.y]]
        : [[node.x, node.y + 13], [child.x, child.y - (child.word ? 11 : 13)]];
      const lit = marked.has(child) || (marked.has(node) && preterminal(node));
      put(lines, "line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], class: lit ? "branch marked" : "branch" });
    }
  }
  for (const node of nodes) {
    const kind = node.word ? "word" : preterminal(node) ? "tag" : "phrase";
    const classes = ["node", kind, marked.has(node) && "marked", node.word && unknown.has(node.i) && "unknown", node.shut && "shut"];
    const group = put(svg, "g", { class: classes.filter(Boolean).join(" ") });
    if (!node.word) {
      const tint = colours[colour(node.text, colours.length)];
      const own = node.shut && sideways ? node.w : Math.max(node.w, 26);
      put(group, "rect", { x: node.x - own / 2, y: node.y - 13, width: own, height: 26, rx: 7, stroke: tint, fill: tint, "fill-opacity": kind === "tag" ? 0 : 0.16 });
    }
    put(group, "text", { x: node.x, y: node.y + 4.5 }, node.text);
    if (node.word && unknown.has(node.i)) {
      put(group, "line", { x1: node.x - node.w / 2, x2: node.x + node.w / 2, y1: node.y + 9, y2: node.y + 9, class: "dashes" });
    }
    if (node.shut) closed(group, node, sideways);
    elements.set(node, group);
  }
  return { svg, elements };
}

// A closed node: a triangle over its words.
function closed(group, node, sideways) {
  const corners = sideways
    ? [[node.x + node.w / 2, node.y], [node.x + node.w / 2 + 16, node.y - 9], [node.x + node.w / 2 + 16, node.y + 9]]
    : [[node.x, node.y + 13], [node.x - node.w / 2 + 6, node.y + 30], [node.x + node.w / 2 - 6, node.y + 30]];
  corners.forEach((corner, k) => {
    const next = corners[(k + 1) % 3];
    put(group, "line", { x1: corner[0], y1: corner[1], x2: next[0], y2: next[1], class: "triangle" });
  });
  const at = sideways ? { x: node.x + node.w / 2 + 20, y: node.y + 4, class: "told from" } : { x: node.x, y: node.y + 44, class: "told" };
  put(group, "text", at, node.told);
}
