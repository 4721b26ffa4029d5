// A wall of tiles on one canvas. State lives per parent element: Streamlit calls render again
// for every change of data or theme, without an earlier cleanup.
import { unpack } from "./wire.mjs";

const walls = new WeakMap();
const GAP = 2; // css pixels between tiles
const TICK = 50; // ms
const LARGEST = 84; // css pixels of a tile, where the columns are given

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  const [shape, tiles] = unpack(data);
  let wall = walls.get(parentElement);
  if (!wall) walls.set(parentElement, (wall = build(parentElement)));
  wall.component = component;
  wall.shape = shape;
  wall.picked = shape.picked;
  wall.sprite = sprite(shape, tiles);
  draw(wall);
  const { title, count, noun, frame } = shape;
  wall.canvas.setAttribute("aria-label", `${title}: ${count} ${noun}s; arrow keys choose one`);
  if (frame !== null && frame !== wall.frame) ask(wall, frame);
}

// The film goes on when this frame is drawn, but not faster than the eye can follow.
function ask(wall, frame) {
  wall.frame = frame;
  const wait = Math.max(0, (wall.asked ?? 0) + TICK - performance.now());
  setTimeout(() => {
    wall.asked = performance.now();
    wall.component.setStateValue("seen", `${frame} ${Math.round(wall.asked)}`);
  }, wait);
}

export function release(parentElement) {
  walls.get(parentElement)?.observer.disconnect();
  walls.delete(parentElement);
}

function build(parent) {
  const root = parent.querySelector(".wall");
  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  const name = document.createElement("div");
  name.className = "name";
  name.hidden = true;
  root.replaceChildren(canvas, name);
  const wall = { root, canvas, name, hover: null };
  wall.observer = new ResizeObserver(() => draw(wall));
  wall.observer.observe(root);
  canvas.addEventListener("pointermove", (e) => hover(wall, at(wall, e)));
  canvas.addEventListener("pointerleave", () => hover(wall, null));
  canvas.addEventListener("click", (e) => pick(wall, at(wall, e)));
  canvas.addEventListener("keydown", (e) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -wall.columns, ArrowDown: wall.columns }[e.key];
    if (!by) return;
    e.preventDefault();
    const next = (wall.picked ?? 0) + by;
    if (next >= 0 && next < wall.shape.count) pick(wall, next);
  });
  return wall;
}

// All tiles in one off-screen strip, one pixel a pixel.
function sprite({ count, height, width, channels }, tiles) {
  const pixels = new Uint8ClampedArray(count * height * width * 4);
  for (let i = 0, n = count * height * width; i < n; i++) {
    const from = i * channels;
    pixels[4 * i] = tiles[from];
    pixels[4 * i + 1] = tiles[channels === 3 ? from + 1 : from];
    pixels[4 * i + 2] = tiles[channels === 3 ? from + 2 : from];
    pixels[4 * i + 3] = 255;
  }
  const strip = new OffscreenCanvas(width, count * height);
  strip.getContext("2d").putImageData(new ImageData(pixels, width, count * height), 0, 0);
  return strip;
}

// As near to a 2:1 wall as whole columns allow; tiles never smaller than 14 css pixels.
function layout(wall, across) {
  const { count, columns: wanted } = wall.shape;
  if (wanted) return { columns: wanted, rows: Math.ceil(count / wanted), side: Math.min(LARGEST, across / wanted) };
  const narrow = across < 520;
  let columns = Math.ceil(Math.sqrt(count * (narrow ? 1 : 2)));
  columns = Math.min(columns, count, Math.max(1, Math.floor(across / 14)));
  return { columns, rows: Math.ceil(count / columns), side: across / columns };
}

function draw(wall) {
  const across = wall.root.clientWidth;
  if (!across || !wall.sprite) return;
  const { count, height, width } = wall.shape;
  const { columns, rows, side } = layout(wall, across);
  Object.assign(wall, { columns, rows, side });
  const dense = window.devicePixelRatio || 1;
  const down = (side * height) / width;
  wall.down = down;
  const size = [Math.round(across * dense), Math.round(rows * down * dense)];
  if (wall.canvas.width !== size[0] || wall.canvas.height !== size[1]) {
    [wall.canvas.width, wall.canvas.height] = size;
    wall.canvas.style.height = `${rows * down}px`;
  }
  const pen = wall.canvas.getContext("2d");
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.imageSmoothingEnabled = false;
  pen.clearRect(0, 0, across, rows * down);
  for (let i = 0; i < count; i++) {
    const [x, y] = [(i % columns) * side, Math.floor(i / columns) * down];
    pen.drawImage(wall.sprite, 0, i * height, width, height, x + GAP / 2, y + GAP / 2, side - GAP, down - GAP);
  }
  for (const i of wall.shape.marked ?? []) tick(wall, pen, i);
  const style = getComputedStyle(wall.canvas);
  outline(wall, pen, wall.hover, style.getPropertyValue("--st-text-color") || "#888", 2);
  outline(wall, pen, wall.picked, style.getPropertyValue("--st-primary-color") || "#06c", 3);
}

// A white tick on dark ground: it reads on every picture.
function tick(wall, pen, index) {
  const size = Math.max(9, Math.min(16, wall.side / 4));
  const x = ((index % wall.columns) + 1) * wall.side - size / 2 - 4;
  const y = Math.floor(index / wall.columns) * wall.down + size / 2 + 4;
  pen.fillStyle = "#1e2428";
  pen.beginPath();
  pen.arc(x, y, size / 2, 0, 7);
  pen.fill();
  pen.strokeStyle = "#fff";
  pen.lineWidth = size / 8;
  pen.beginPath();
  pen.moveTo(x - size / 4, y);
  pen.lineTo(x - size / 16, y + size / 5);
  pen.lineTo(x + size / 4, y - size / 5);
  pen.stroke();
}

function outline(wall, pen, index, colour, thick) {
  if (index === null || index === undefined || index >= wall.shape.count) return;
  const [x, y] = [(index % wall.columns) * wall.side, Math.floor(index / wall.columns) * wall.down];
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.strokeRect(x + thick / 2, y + thick / 2, wall.side - thick, wall.down - thick);
}

function at(wall, event) {
  if (event.offsetX > wall.columns * wall.side + 1) return null;
  const column = Math.min(wall.columns - 1, Math.floor(event.offsetX / wall.side));
  const index = Math.floor(event.offsetY / wall.down) * wall.columns + column;
  return column >= 0 && index >= 0 && index < wall.shape.count ? index : null;
}

function hover(wall, index) {
  if (index === wall.hover) return;
  wall.hover = index;
  wall.name.hidden = index === null;
  if (index !== null) {
    wall.name.textContent = `${wall.shape.noun} ${index}${wall.shape.marked?.includes(index) ? ", solved" : ""}`;
    wall.name.style.left = `${Math.max(40, ((index % wall.columns) + 0.5) * wall.side)}px`;
    wall.name.style.top = `${Math.max(24, Math.floor(index / wall.columns) * wall.down)}px`;
  }
  draw(wall);
}

function pick(wall, index) {
  if (index === null) return;
  wall.picked = index;
  wall.component.setStateValue("picked", index);
  draw(wall);
}
