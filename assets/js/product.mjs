// document-word = document-topic × topic-word: the whole to scale, and a part of it near by, where the lit row
// and column cross in the lit cell. Data: pages/_kit/stage/product.py. State lives per parent element.
import { read as unbundled } from "./cky_data.mjs";
import { make, painter, pen } from "./make.mjs";
import { band, inks, line, matrix, words } from "./product_draw.mjs";
import { far, near, under } from "./product_layout.mjs";
import { STYLE } from "./product_style.mjs";
import { farTip, nearTip, number } from "./product_tip.mjs";
import { read } from "./theme.mjs";

const views = new WeakMap();
const PAUSE = 250; // ms between the last key and the page's hearing of it
let told = 0;

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  view.component = component;
  view.data = unbundled(data);
  view.data.shapes = Object.fromEntries(Object.entries(view.data.arrays).map(([name, [, shape]]) => [name, shape]));
  clearTimeout(view.timer);
  view.fresh = true;
  view.painter.ask();
}

export function release(parentElement) {
  const view = views.get(parentElement);
  if (!view) return;
  clearTimeout(view.timer);
  view.painter.stop();
  views.delete(parentElement);
}

function build(parent) {
  const root = parent.querySelector(".product");
  const canvas = () => make("canvas", {});
  const view = { root, far: canvas(), near: canvas(), tip: make("div", { className: "tip", hidden: true, "aria-hidden": "true" }), note: make("p", { className: "note" }), hear: make("div", { className: "hear", "aria-live": "polite" }) };
  view.near.tabIndex = 0;
  view.near.setAttribute("role", "application");
  view.far.setAttribute("role", "img");
  root.replaceChildren(make("style", {}, STYLE), make("div", { className: "paper far" }, view.far), view.note, make("div", { className: "paper near" }, view.near), view.tip, view.hear);
  view.painter = painter(root, () => draw(view), 16);
  for (const which of ["far", "near"]) {
    const sheet = view[which];
    sheet.addEventListener("pointermove", (event) => point(view, which, event));
    sheet.addEventListener("pointerleave", () => point(view, which, null));
    sheet.addEventListener("click", (event) => click(view, which, event));
  }
  view.near.addEventListener("keydown", (event) => key(view, event));
  return view;
}

function draw(view) {
  const { data, root } = view;
  const width = root.clientWidth;
  if (!data || !width) return;
  const ink = inks(read(root, { colours: { light: [], dark: [] }, diverging: [] }), data.sequential);
  view.boxes = { far: far(width, data.size, data), near: near(width, data) };
  drawFar(view, ink);
  drawNear(view, ink);
  const [d, w, z] = data.lit;
  root.dataset.lit = data.lit.join(" ");
  view.near.setAttribute("aria-label", `Lit: document ${data.documents[d]}, word ${data.words[w]}, topic ${data.topics[z][1]}; arrow keys choose document and word, page up and page down the topic`);
}

// What a left matrix shows at row i and column j of it.
function shown(data, where) {
  const [n, T, z] = [data.shapes[`${where}_p`][1], data.topics.length, data.lit[2]];
  const [theta, beta] = [data[`${where}_doc_topic`], data[`${where}_topic_word`]];
  if (data.left === "part") return (i, j) => theta[i * T + z] * beta[z * n + j];
  const values = data[`${where}_${data.left}`];
  return (i, j) => values[i * n + j];
}

const largest = (values) => values.reduce((a, b) => Math.max(a, b), 1e-12);

function drawFar(view, ink) {
  const { data } = view;
  const { product, docs, topics, larger, signs, width, height } = view.boxes.far;
  const to = pen(view.far, width, height);
  const [b, T] = [product.columns, docs.columns];
  // the same colours for what is counted and what is said
  matrix(to, product, shown(data, "far"), largest(data.far_p), ink);
  matrix(to, docs, (i, k) => data.far_doc_topic[i * T + k], 1, ink);
  matrix(to, topics, (k, j) => data.far_topic_word[k * b + j], largest(data.far_topic_word), ink);
  const [v, u] = data.there;
  const z = data.lit[2];
  const lit = { colour: ink.lit };
  line(to, product, { v, u, ...lit });
  line(to, docs, { v, u: (z + 0.5) / T, ...lit });
  line(to, topics, { u, v: (z + 0.5) / T, ...lit });
  const style = { colour: ink.text, font: ink.font, size: 12.5 };
  const roomy = product.w > 190;
  words(to, "document–word", product.x, 9, { ...style, room: roomy ? 400 : product.w + 20 });
  words(to, "document–topic", docs.x + docs.w / 2, 9, { ...style, align: "center", room: roomy ? 150 : 0 });
  words(to, "topic–word", topics.x + (roomy ? 30 : 0), 9, { ...style, room: roomy ? 400 : product.w });
  for (const [x, y, sign] of signs) words(to, sign, x, y, { ...style, size: 22, align: "center" });
  const [D, V, K] = data.size.map((n) => n.toLocaleString("en"));
  const drawn = [["D", "documents"], ["V", "words"], ["K", "topics"]].filter(([name]) => larger[name] > 1.15)
    .map(([name, say]) => `the side of the ${say} is drawn ${larger[name].toFixed(larger[name] < 10 ? 1 : 0)} times too long`);
  const numbers = ((data.size[0] + data.size[1]) * data.size[2]).toLocaleString("en");
  view.note.textContent = `To scale: M × V = M × k times k × V, with M = ${D} documents, V = ${V} words, k = ${K} topics: ${(data.size[0] * data.size[1]).toLocaleString("en")} cells from ${numbers} numbers. Documents and words stand in the order of their main topics.${drawn.length ? ` But ${drawn.join(" and ")}, as it would be too thin to see.` : ""}`;
  view.far.setAttribute("aria-label", `Three matrices: document-word, ${D} by ${V}, is document-topic, ${D} by ${K}, times topic-word, ${K} by ${V}`);
}

function drawNear(view, ink) {
  const { data, over } = view;
  const { product, docs, topics, columns, label, width, height } = view.boxes.near;
  const to = pen(view.near, width, height);
  const [n, T] = [data.words.length, data.topics.length];
  const left = shown(data, "near");
  matrix(to, product, (i, j) => left(i, columns[j]), 2 * largest(data.near_p), ink);
  matrix(to, docs, (i, k) => data.near_doc_topic[i * T + k], 1, ink);
  matrix(to, topics, (k, j) => data.near_topic_word[k * n + columns[j]], largest(data.near_topic_word), ink);
  const [d, w, z] = data.lit;
  const at = columns.indexOf(w);
  const lit = { colour: ink.lit };
  band(to, docs, { row: d, column: z, ...lit });
  band(to, topics, { column: at, row: z, ...lit });
  band(to, product, { row: d, column: at, width: 1, ...lit });
  to.lineWidth = 3;
  to.strokeRect(product.x + (product.w * at) / product.columns, product.y + (product.h * d) / product.rows, product.w / product.columns, product.h / product.rows);
  const style = { colour: ink.text, font: ink.font, size: 11.5 };
  const row = product.h / product.rows;
  data.documents.forEach((title, i) => words(to, title, label, docs.y + (i + 0.5) * row, mark({ ...style, align: "right", room: label }, i === d, ink)));
  const high = topics.h / topics.rows;
  const room = topics.x - 12;
  data.topics.forEach(([id, name], k) => {
    if (high >= 11 || k === z) words(to, `${name} · ${id}`, room, topics.y + (k + 0.5) * high, mark({ ...style, align: "right", room }, k === z, ink));
  });
  columns.forEach((j, k) => words(to, data.words[j], topics.x + ((k + 0.5) * topics.w) / topics.columns, topics.y - 6, mark({ ...style, upright: true, room: 82 }, j === w, ink)));
  const head = { ...style, size: 12.5, weight: 600 };
  words(to, "topic–word  p(w | z)", topics.x, 9, head);
  words(to, "document–topic  p(z | d)", docs.x + docs.w, docs.y - 11, { ...head, align: "right", room: docs.x + docs.w });
  words(to, `document–word  ${{ seen: "n / N", p: "p(w | d)", part: "p(w | z) p(z | d) of the lit topic" }[data.left]}`, product.x, product.y - 11, head);
  if (over) {
    const thin = { width: 0.75, colour: ink.text };
    const { which, row: i, column: j } = over;
    band(to, view.boxes.near[which], { row: i, column: j, ...thin });
    if (which !== "docs") band(to, which === "product" ? topics : product, { column: j, ...thin });
    if (which !== "topics") band(to, which === "product" ? docs : product, { row: i, ...thin });
  }
}

const mark = (style, lit, ink) => (lit ? { ...style, colour: ink.lit, weight: 700 } : style);

function place(sheet, event) {
  const bounds = sheet.getBoundingClientRect();
  return [event.clientX - bounds.left, event.clientY - bounds.top];
}

function point(view, which, event) {
  if (!view.boxes) return;
  const at = event && under(view.boxes[which], ...place(view[which], event));
  const before = view.over;
  view.over = which === "near" ? at : null;
  if (before || view.over) view.painter.ask();
  view.tip.hidden = !at;
  if (!at) return;
  const lines = which === "near" ? nearTip(view.data, view.boxes.near, at) : farTip(view.data, at);
  view.tip.replaceChildren(...lines.map((text, k) => make("div", {}, k ? text : make("b", {}, text))));
  const bounds = view.root.getBoundingClientRect();
  const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
  const [w, h] = [view.tip.offsetWidth, view.tip.offsetHeight];
  view.tip.style.left = `${x + 16 + w < bounds.width ? x + 16 : Math.max(0, x - 16 - w)}px`;
  view.tip.style.top = `${y + 16 + h < bounds.height ? y + 16 : Math.max(0, y - 12 - h)}px`;
}

function click(view, which, event) {
  const spot = place(view[which], event);
  const at = under(view.boxes[which], ...spot) ?? (which === "near" ? label(view, ...spot) : null);
  if (!at) return;
  if (which === "near") {
    const j = view.boxes.near.columns[at.column] ?? -1;
    const say = { product: [at.row, j, -1], docs: [at.row, -1, at.column], topics: [-1, j, at.row], name: [at.document ?? -1, at.word ?? -1, at.topic ?? -1] };
    light(view, say[at.which], 0);
    return;
  }
  const say = { product: [at.v, at.u, -1], docs: [at.v, -1, at.column], topics: [-1, at.u, at.row] };
  send(view, "far", say[at.which]);
}

// A title, a word or a topic's name beside the matrices.
function label(view, x, y) {
  const { docs, topics, columns } = view.boxes.near;
  const [v, t, u] = [(y - docs.y) / docs.h, (y - topics.y) / topics.h, (x - topics.x) / topics.w];
  if (x < docs.x && v >= 0 && v < 1) return { which: "name", document: Math.floor(v * docs.rows) };
  if (x < topics.x && t >= 0 && t < 1) return { which: "name", topic: Math.floor(t * topics.rows) };
  if (y < topics.y && u >= 0 && u < 1) return { which: "name", word: columns[Math.floor(u * topics.columns)] };
  return null;
}

const send = (view, where, say) => view.component.setStateValue("picked", [++told + Date.now(), where, ...say]);

// Lit at once; the page hears of it a little later.
function light(view, say, wait) {
  const { data } = view;
  data.lit = data.lit.map((old, k) => (say[k] < 0 ? old : say[k]));
  view.painter.ask();
  clearTimeout(view.timer);
  view.timer = setTimeout(() => send(view, "near", wait ? data.lit : say), wait);
  const [d, w] = data.lit;
  view.hear.textContent = `${data.documents[d]}, ${data.words[w]}: ${number(data.near_p[d * data.words.length + w])}`;
}

function key(view, event) {
  const { data, boxes } = view;
  const moves = { ArrowLeft: [0, -1, 0], ArrowRight: [0, 1, 0], ArrowUp: [-1, 0, 0], ArrowDown: [1, 0, 0], PageUp: [0, 0, -1], PageDown: [0, 0, 1] };
  const move = moves[event.key];
  if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopPropagation();
  const { columns } = boxes.near;
  const within = (k, many) => Math.max(0, Math.min(many - 1, k));
  const [d, w, z] = data.lit;
  const at = within(columns.indexOf(w) + move[1], columns.length);
  light(view, [within(d + move[0], data.documents.length), columns[at], within(z + move[2], data.topics.length)], PAUSE);
}
