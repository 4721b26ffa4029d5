// phi of one document, words by topics, with gamma as bars below its columns and the bound beside it: a round
// moves into the next. Data: pages/_kit/stage/product_phi.py. State lives per parent element.
import { make, painter, pen } from "./make.mjs";
import { band, inks, matrix, words } from "./product_draw.mjs";
import { under } from "./product_layout.mjs";
import { read } from "./theme.mjs";

const views = new WeakMap();
const MOVE = 300; // ms from one round to the next
const PAUSE = 250; // ms between the last key and the page's hearing of it
const ROW = 18;
const HEAD = 156; // names of topics
const BARS = 96;
let told = 0;

const STYLE = `
.phi { font: 14px/1.45 var(--st-font); color: var(--st-text-color); position: relative; }
.phi canvas { display: block; outline: none; cursor: crosshair; touch-action: manipulation; }
.phi canvas:focus-visible { box-shadow: 0 0 0 3px var(--st-primary-color); border-radius: 4px; }
.phi .tip { position: absolute; z-index: 5; pointer-events: none; max-width: 18rem; padding: .35rem .6rem; border-radius: 6px;
  border: 1px solid var(--st-border-color); background: var(--st-background-color); font-size: .85rem; overflow-wrap: anywhere;
  box-shadow: 0 3px 12px rgb(0 0 0 / .18); }
`;

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  view.component = component;
  clearTimeout(view.timer);
  const same = view.data?.id === data.id && view.data.phi.length === data.phi.length;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  view.from = same && !still && view.data.round !== data.round ? { phi: view.now.phi, gamma: view.now.gamma } : null;
  view.begun = performance.now();
  view.data = data;
  view.lit = [...data.lit];
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
  const root = parent.querySelector(".phi");
  const sheet = make("canvas", { tabIndex: 0, role: "application" });
  const tip = make("div", { className: "tip", hidden: true, "aria-hidden": "true" });
  root.replaceChildren(make("style", {}, STYLE), sheet, tip);
  const view = { root, sheet, tip, now: { phi: [], gamma: [] } };
  view.painter = painter(root, () => draw(view), 16);
  const at = (event) => {
    const bounds = sheet.getBoundingClientRect();
    return view.box && under({ product: view.box, docs: view.bars, topics: view.head }, event.clientX - bounds.left, event.clientY - bounds.top);
  };
  sheet.addEventListener("click", (event) => {
    const spot = at(event);
    if (spot) light(view, spot.which === "product" ? spot.row : -1, spot.column, 0);
    else {
      const row = Math.floor((event.clientY - sheet.getBoundingClientRect().top - view.box.y) / ROW);
      if (row >= 0 && row < view.data.words.length && event.clientX - sheet.getBoundingClientRect().left < view.box.x) light(view, row, -1, 0);
    }
  });
  sheet.addEventListener("pointermove", (event) => hover(view, at(event), event));
  sheet.addEventListener("pointerleave", () => hover(view, null));
  sheet.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const within = (k, many) => Math.max(0, Math.min(many - 1, k));
    const { words: rows, topics } = view.data;
    light(view, within(view.lit[0] + move[0], rows.length), within(view.lit[1] + move[1], topics.length), PAUSE);
  });
  return view;
}

// Lit at once; the page hears of it a little later.
function light(view, word, topic, wait) {
  view.lit = [word < 0 ? view.lit[0] : word, topic < 0 ? view.lit[1] : topic];
  view.painter.ask();
  clearTimeout(view.timer);
  const say = wait ? view.lit : [word, topic];
  view.timer = setTimeout(() => view.component.setStateValue("picked", [++told + Date.now(), ...say]), wait);
}

function hover(view, spot, event) {
  const { data, tip, root } = view;
  tip.hidden = !spot;
  if (!spot) return;
  const [number, name] = data.topics[spot.column];
  const topic = number === null ? name : `topic ${number} · ${name}`;
  const T = data.topics.length;
  const lines = spot.which === "product"
    ? [`φ = ${data.phi[spot.row * T + spot.column].toFixed(4)}`, `${data.words[spot.row][0]} × ${data.words[spot.row][1]}`, topic]
    : [`γ = ${data.gamma[spot.column].toFixed(3)}, of it α = ${data.alpha[spot.column].toFixed(3)}`, topic];
  tip.replaceChildren(...lines.map((text) => make("div", {}, text)));
  const bounds = root.getBoundingClientRect();
  const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top];
  tip.style.left = `${x + 16 + tip.offsetWidth < bounds.width ? x + 16 : Math.max(0, x - 16 - tip.offsetWidth)}px`;
  tip.style.top = `${y + 16}px`;
}

function draw(view) {
  const { root, data, sheet } = view;
  const width = root.clientWidth;
  if (!data || !width) return;
  const share = view.from ? Math.min(1, (performance.now() - view.begun) / MOVE) : 1;
  const between = (name) => data[name].map((to, k) => (view.from ? view.from[name][k] + (to - view.from[name][k]) * share : to));
  view.now = { phi: between("phi"), gamma: between("gamma") };
  const theme = read(root, { colours: { light: [], dark: [] }, diverging: [] });
  const ink = inks(theme, data.sequential);
  const [n, T] = [data.words.length, data.topics.length];
  const beside = width > 720;
  const longest = Math.max(...data.words.map(([text, times]) => text.length + (times > 1 ? 3 + `${times}`.length : 0)));
  const label = Math.min(24 + 6.6 * longest, 170, Math.round(width * 0.26));
  const room = width - label - 10 - (beside ? 290 : 0);
  const cell = Math.min(58, Math.floor(room / T));
  const box = { x: label + 8, y: HEAD, w: cell * T, h: ROW * n, rows: n, columns: T };
  const bars = { x: box.x, y: box.y + box.h + 26, w: box.w, h: BARS, rows: 1, columns: T };
  const curve = beside
    ? { x: box.x + box.w + 70, y: HEAD, w: Math.min(340, width - box.x - box.w - 78), h: Math.min(220, Math.max(120, box.h)) }
    : { x: label + 8, y: bars.y + BARS + 50, w: width - label - 16, h: 130 };
  const height = Math.max(bars.y + BARS + 8, curve.y + curve.h + 26);
  Object.assign(view, { box, bars, head: { x: box.x, y: 0, w: box.w, h: HEAD, rows: 1, columns: T } });
  const to = pen(sheet, width, height);
  const style = { colour: ink.text, font: ink.font, size: 12 };
  const lit = (on) => (on ? { ...style, colour: ink.lit, weight: 700 } : style);
  matrix(to, box, (i, k) => view.now.phi[i * T + k], 1, ink);
  const [word, topic] = view.lit;
  data.words.forEach(([text, times], i) => words(to, times > 1 ? `${text} × ${times}` : text, label, box.y + (i + 0.5) * ROW, { ...lit(i === word), align: "right", room: label }));
  data.topics.forEach(([number, name], k) => words(to, number === null ? name : `${number} · ${name}`, box.x + (k + 0.5) * cell, HEAD - 7, { ...lit(k === topic), upright: true, room: HEAD - 12 }));
  if (cell >= 34) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < T; k++) {
        const p = view.now.phi[i * T + k];
        if (p < 0.005) continue;
        const strong = Math.sqrt(p) > 0.55;
        words(to, p.toFixed(2), box.x + (k + 0.5) * cell, box.y + (i + 0.5) * ROW, { ...style, size: 10.5, align: "center", colour: strong !== theme.dark ? "#ffffff" : theme.dark ? "#101418" : ink.text });
      }
    }
  }
  band(to, box, { row: word, column: topic, colour: ink.lit });
  bar(to, view, bars, cell, ink, style);
  words(to, "φ", label, HEAD - 12, { ...style, size: 15, align: "right", weight: 600 });
  words(to, "γ", label, bars.y + BARS / 2, { ...style, size: 15, align: "right", weight: 600 });
  bound(to, data, curve, ink, style);
  root.dataset.round = data.round;
  root.dataset.lit = view.lit.join(" ");
  sheet.setAttribute("aria-label", `Round ${data.round}: phi of ${n} words and ${T} topics, gamma, and the bound ${data.bounds[data.round].toFixed(3)}; arrow keys choose word and topic`);
  if (share < 1) view.painter.ask();
  else view.from = null;
}

// gamma = alpha, which every document has, and what its words add.
function bar(to, view, { x, y, h }, cell, ink, style) {
  const { data, now, lit } = view;
  now.gamma.forEach((value, k) => {
    const tall = Math.max(0.75, (value / data.most) * (h - 16));
    const base = (data.alpha[k] / data.most) * (h - 16);
    const [left, wide] = [x + k * cell + cell * 0.16, cell * 0.68];
    to.fillStyle = k === lit[1] ? ink.lit : ink.table[44];
    to.fillRect(left, y + h - tall, wide, tall);
    to.fillStyle = ink.text;
    to.globalAlpha = 0.45;
    to.fillRect(left, y + h - base, wide, base);
    to.globalAlpha = 1;
    if (cell >= 30) words(to, value < 100 ? value.toFixed(value < 10 ? 2 : 1) : value.toFixed(0), x + (k + 0.5) * cell, y + h - tall - 8, { ...style, size: 10.5, align: "center" });
  });
  to.strokeStyle = ink.frame;
  to.strokeRect(x, y + h + 0.5, cell * now.gamma.length, 0);
}

// The bound of all rounds, with this one marked.
function bound(to, data, { x, y, w, h }, ink, style) {
  const { bounds, round } = data;
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  const span = high - low || 1;
  const place = (r) => [x + (bounds.length > 1 ? (r / (bounds.length - 1)) * w : w / 2), y + h - ((bounds[r] - low) / span) * h];
  words(to, "bound, nats", x, y - 26, { ...style, weight: 600 });
  to.strokeStyle = ink.frame;
  to.lineWidth = 1;
  to.strokeRect(x - 0.5, y - 6.5, w + 1, h + 13);
  const path = (last) => {
    to.beginPath();
    for (let r = 0; r <= last; r++) to.lineTo(...place(r));
    to.stroke();
  };
  to.lineWidth = 1.5;
  to.strokeStyle = ink.frame;
  path(bounds.length - 1);
  to.lineWidth = 2.5;
  to.strokeStyle = ink.table[44];
  path(round);
  const [px, py] = place(round);
  to.fillStyle = ink.lit;
  to.beginPath();
  to.arc(px, py, 5, 0, 2 * Math.PI);
  to.fill();
  words(to, `${bounds[round].toFixed(2)}`, Math.min(x + w, Math.max(x, px)), py > y + h / 2 ? py - 16 : py + 18, { ...style, colour: ink.lit, weight: 700, align: px > x + w / 2 ? "right" : "left" });
  words(to, "round 0", x, y + h + 17, { ...style, size: 11 });
  words(to, `${bounds.length - 1}`, x + w, y + h + 17, { ...style, size: 11, align: "right" });
}
