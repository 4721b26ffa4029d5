// A photograph with its boxes and the list of them, in step: point at one, and the other lights up.
import { unpack } from "./wire.mjs";

const stages = new WeakMap();

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  const [scene, photo] = unpack(data);
  let stage = stages.get(parentElement);
  if (!stage) stages.set(parentElement, (stage = build(parentElement)));
  stage.scene = scene;
  if (stage.lit !== null && stage.lit >= scene.boxes.length) stage.lit = null;
  list(stage);
  const mark = `${scene.name}:${photo.length}`;
  if (stage.mark === mark) return draw(stage);
  stage.mark = mark;
  createImageBitmap(new Blob([photo])).then((bitmap) => {
    if (stage.mark !== mark) return bitmap.close();
    stage.bitmap?.close();
    stage.bitmap = bitmap;
    draw(stage);
  });
}

export function release(parentElement) {
  const stage = stages.get(parentElement);
  stage?.observer.disconnect();
  stage?.bitmap?.close();
  stages.delete(parentElement);
}

function build(parent) {
  const root = parent.querySelector(".stage");
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  const side = document.createElement("div");
  side.className = "list";
  root.replaceChildren(canvas, side);
  const stage = { root, canvas, side, lit: null };
  stage.observer = new ResizeObserver(() => draw(stage));
  stage.observer.observe(root);
  canvas.addEventListener("pointermove", (e) => light(stage, under(stage, e)));
  canvas.addEventListener("pointerdown", (e) => light(stage, under(stage, e)));
  canvas.addEventListener("pointerleave", () => light(stage, null));
  return stage;
}

function list(stage) {
  const { boxes } = stage.scene;
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const title of ["", "what", "score", "x", "y", "width", "height"]) {
    const cell = document.createElement("th");
    cell.textContent = title;
    head.append(cell);
  }
  const body = table.createTBody();
  stage.rows = boxes.map((box, index) => {
    const row = body.insertRow();
    row.tabIndex = 0;
    const dot = row.insertCell().appendChild(document.createElement("span"));
    dot.className = "dot";
    dot.style.background = box.colour;
    row.insertCell().textContent = box.label;
    const [x0, y0, x1, y1] = box.box;
    const numbers = [scored(box), ...[x0, y0, x1 - x0, y1 - y0].map((v) => Math.round(v))];
    for (const number of numbers) row.insertCell().textContent = number;
    row.addEventListener("pointerenter", () => light(stage, index));
    row.addEventListener("pointerleave", () => light(stage, null));
    row.addEventListener("focus", () => light(stage, index));
    row.addEventListener("blur", () => light(stage, null));
    return row;
  });
  stage.side.replaceChildren(boxes.length ? table : nothing(stage.scene.empty));
  stage.canvas.setAttribute("aria-label", boxes.map(titled).join(", "));
  mark(stage);
}

function nothing(text) {
  const note = document.createElement("p");
  note.textContent = text;
  return note;
}

function draw(stage) {
  if (!stage.bitmap) return;
  const { size: [width, height], boxes } = stage.scene;
  const across = stage.canvas.parentElement.clientWidth && stage.canvas.clientWidth;
  if (!across) return;
  const dense = window.devicePixelRatio || 1;
  const scale = across / width;
  stage.scale = scale;
  stage.canvas.width = Math.round(across * dense);
  stage.canvas.height = Math.round(height * scale * dense);
  const pen = stage.canvas.getContext("2d");
  pen.setTransform(dense * scale, 0, 0, dense * scale, 0, 0);
  pen.drawImage(stage.bitmap, 0, 0, width, height);
  if (stage.lit !== null) {
    pen.fillStyle = "rgba(0, 0, 0, 0.45)";
    pen.fillRect(0, 0, width, height);
    const [x0, y0, x1, y1] = boxes[stage.lit].box;
    const by = [stage.bitmap.width / width, stage.bitmap.height / height];
    pen.drawImage(stage.bitmap, x0 * by[0], y0 * by[1], (x1 - x0) * by[0], (y1 - y0) * by[1], x0, y0, x1 - x0, y1 - y0);
  }
  boxes.forEach((box, index) => {
    if (stage.lit === null || stage.lit === index) outline(pen, box, scale, width);
  });
}

// A box without a score is one that was missed.
const scored = ({ score }) => (score === null ? "" : score.toFixed(2));
const titled = (box) => `${box.label} ${scored(box)}`.trim();

function outline(pen, found, scale, width) {
  const { box: [x0, y0, x1, y1], score, colour, ink } = found;
  const one = 1 / scale;
  pen.lineWidth = 3 * one;
  pen.strokeStyle = colour;
  pen.setLineDash(score === null ? [8 * one, 5 * one] : []);
  pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  const text = titled(found);
  pen.font = `600 ${13 * one}px sans-serif`;
  const across = pen.measureText(text).width + 10 * one;
  const left = Math.max(0, Math.min(x0 - 1.5 * one, width - across));
  const top = y0 > 20 * one ? y0 - 19 * one : y0;
  pen.fillStyle = colour;
  pen.fillRect(left, top, across, 19 * one);
  pen.fillStyle = ink;
  pen.fillText(text, left + 5 * one, top + 14 * one);
}

// The smallest box under the pointer: a small one inside a large one can be reached.
function under(stage, event) {
  const [x, y] = [event.offsetX / stage.scale, event.offsetY / stage.scale];
  let best = null;
  let least = Infinity;
  stage.scene.boxes.forEach(({ box: [x0, y0, x1, y1] }, index) => {
    const area = (x1 - x0) * (y1 - y0);
    if (x >= x0 && x <= x1 && y >= y0 && y <= y1 && area < least) [best, least] = [index, area];
  });
  return best;
}

function light(stage, index) {
  if (index === stage.lit) return;
  stage.lit = index;
  mark(stage);
  draw(stage);
}

function mark(stage) {
  stage.rows.forEach((row, index) => row.classList.toggle("lit", index === stage.lit));
}
