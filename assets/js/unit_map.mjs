// One unit, large: what it answers all over the plane, with axes, scale and the points; and its
// numbers to be set by hand, also those whose curves are not drawn.
import { figure, ticks } from "./axis.mjs";
import { make, pen } from "./make.mjs";
import { classTable, css, signed, signedTable } from "./ramp.mjs";
import { rgb } from "./theme.mjs";

const SIDE = 252; // css pixels of the map
const EDGE = { left: 34, right: 8, top: 8, bottom: 62 };
const MOST_POINTS = 1500;

export function create(host, studio, { name, names, close }) {
  const title = make("b");
  const canvas = make("canvas", { role: "img" });
  const which = make("select", { "aria-label": "which number of this unit", onchange: () => fill() });
  const value = make("input", { type: "number", step: "0.1", "data-do": "number" });
  const form = make("form", { onsubmit: set }, make("span", {}, "from"), which, value, make("button", {}, "Set"));
  const bar = make("div", { className: "bar" }, title,
    make("button", { className: "x", title: "Close (Escape)", "aria-label": "Close", onclick: close }, "\u00d7"));
  const root = make("section", { className: "unit", hidden: true, "aria-label": "one unit, large" }, bar, canvas, form);
  root.addEventListener("keydown", (event) => event.key === "Escape" && close());
  value.addEventListener("change", () => set());
  host.append(root);
  let unit = null;
  let big = null; // the large map of this very unit, once it came

  function show(chosen) {
    unit = chosen;
    big = null;
    root.hidden = !unit;
    if (!unit) return;
    const from = names(unit[0]).map((text, i) => new Option(text, i));
    which.replaceChildren(new Option("bias", "bias"), ...from);
    which.selectedIndex = 0;
    fill();
    draw();
  }

  function place() {
    const { W, b, in: n } = studio.state.params[unit[0]];
    return which.value === "bias" ? b + unit[1] : W + unit[1] * n + Number(which.value);
  }

  function fill() {
    const now = studio.state.arrays.params?.[place()];
    value.setAttribute("aria-label", which.value === "bias" ? "bias" : `weight from ${which.selectedOptions[0].text}`);
    if (Number.isFinite(now)) value.value = now.toFixed(3);
  }

  function set(event) {
    event?.preventDefault();
    if (!unit || !Number.isFinite(value.valueAsNumber)) return;
    const column = which.value === "bias" ? null : Number(which.value);
    studio.send({ do: "weight", layer: unit[0], row: unit[1], column, value: value.valueAsNumber });
  }

  // After every frame; `fresh` are the arrays that came since the last time.
  function frame(fresh) {
    if (unit && fresh.has("big") && studio.state.big) {
      const { big: bytes } = studio.state.arrays;
      big = { bytes, from: 0, side: Math.sqrt(bytes.length), ...studio.state.big, window: studio.state.window };
    }
  }

  function table({ lo, hi }) {
    const last = unit[0] === studio.state.maps.length - 1;
    return last ? classTable(studio.colours, unit[1]) : signedTable(signed(studio), lo, hi);
  }

  function small() {
    const maps = studio.state.maps;
    const { first, lo, hi } = maps[unit[0]];
    const bytes = studio.state.arrays.maps;
    const side = Math.sqrt(bytes.length / maps.reduce((sum, m) => sum + m.count, 0));
    return { bytes, from: (first + unit[1]) * side * side, side, lo, hi, window: studio.state.extent };
  }

  function draw() {
    if (!unit || !studio.state.arrays.maps || !studio.state.maps[unit[0]]) return;
    const map = big ?? small();
    const label = name(unit);
    title.textContent = label;
    canvas.setAttribute("aria-label", `${label} over the plane, from ${figure(map.lo)} to ${figure(map.hi)}`);
    if (root.getRootNode().activeElement !== value) fill();
    const ink = pen(canvas, SIDE + EDGE.left + EDGE.right, SIDE + EDGE.top + EDGE.bottom);
    ink.font = `11px ${getComputedStyle(root).fontFamily}`;
    const colours = table(map);
    picture(ink, map, colours);
    points(ink, map.window);
    axes(ink, map.window);
    scale(ink, map, colours);
  }

  function picture(ink, { bytes, from, side }, colours) {
    const image = new ImageData(side, side);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = colours[bytes[from + i]];
    const sheet = new OffscreenCanvas(side, side);
    sheet.getContext("2d").putImageData(image, 0, 0);
    ink.drawImage(sheet, EDGE.left, EDGE.top, SIDE, SIDE);
  }

  function points(ink, [x0, x1, y0, y1]) {
    const { points: at, classes, held } = studio.state.arrays;
    if (!at) return;
    ink.save();
    ink.beginPath();
    ink.rect(EDGE.left, EDGE.top, SIDE, SIDE);
    ink.clip();
    const every = Math.ceil(classes.length / MOST_POINTS);
    for (let i = 0; i < classes.length; i += every) {
      const x = EDGE.left + ((at[2 * i] - x0) / (x1 - x0)) * SIDE;
      const y = EDGE.top + ((y1 - at[2 * i + 1]) / (y1 - y0)) * SIDE;
      ink.beginPath();
      if (held?.[i]) ink.rect(x - 2.4, y - 2.4, 4.8, 4.8);
      else ink.arc(x, y, 2.8, 0, 7);
      ink.fillStyle = studio.colours.classes[classes[i]];
      ink.strokeStyle = studio.colours.background;
      ink.fill();
      ink.stroke();
    }
    ink.restore();
  }

  function axes(ink, [x0, x1, y0, y1]) {
    const bottom = EDGE.top + SIDE;
    ink.strokeStyle = studio.colours.border;
    ink.strokeRect(EDGE.left + 0.5, EDGE.top + 0.5, SIDE - 1, SIDE - 1);
    ink.fillStyle = studio.colours.text;
    ink.textAlign = "center";
    ink.textBaseline = "top";
    for (const t of ticks(x0, x1, 4)) ink.fillText(minus(t), EDGE.left + ((t - x0) / (x1 - x0)) * SIDE, bottom + 4);
    ink.fillText("x1", EDGE.left + SIDE - 6, bottom + 16);
    ink.textAlign = "right";
    ink.textBaseline = "middle";
    for (const t of ticks(y0, y1, 4)) ink.fillText(minus(t), EDGE.left - 5, bottom - ((t - y0) / (y1 - y0)) * SIDE);
    ink.fillText("x2", EDGE.left - 22, EDGE.top + 6);
  }

  function scale(ink, { lo, hi }, colours) {
    const top = EDGE.top + SIDE + 32;
    for (let i = 0; i < SIDE; i++) {
      const c = colours[Math.floor((i / SIDE) * 256)];
      ink.fillStyle = css([c & 255, (c >> 8) & 255, (c >> 16) & 255]);
      ink.fillRect(EDGE.left + i, top, 1.5, 9);
    }
    ink.strokeStyle = css(rgb(studio.colours.text), 0.3);
    ink.strokeRect(EDGE.left - 0.5, top - 0.5, SIDE + 1, 10);
    ink.fillStyle = studio.colours.text;
    ink.textBaseline = "top";
    ink.textAlign = "left";
    ink.fillText(figure(lo), EDGE.left, top + 13);
    ink.textAlign = "right";
    ink.fillText(figure(hi), EDGE.left + SIDE, top + 13);
    const zero = -lo / (hi - lo);
    if (!(zero > 0.14 && zero < 0.86)) return;
    ink.textAlign = "center";
    ink.fillText("0", EDGE.left + zero * SIDE, top + 13);
  }

  return { show, frame, draw };
}

const minus = (value) => String(value).replace("-", "\u2212");
