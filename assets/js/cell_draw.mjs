// What a cell is drawn with: wires, gates, multiplications, units, words; and how numbers look on them.
import { mix, poles } from "./ramp.mjs";
import { node } from "./reader_ink.mjs";
import { rgb } from "./theme.mjs";

const [THIN, MORE] = [1.5, 5]; // of a wire: the least, and what large numbers add to it

// A sheet to draw on. `values` by part; `backward`: everything flows the other way.
export function drawing(theme, data, values, backward) {
  const svg = node("svg", { role: "img", "aria-label": data.name });
  const [low, high] = poles({ diverging: theme.diverging, colours: theme });
  const ground = mix(rgb(theme.background), rgb(theme.text), 0.3);
  // What comes back may be tiny all over: there it is measured by the largest, by its root.
  const most = Math.max(...Object.values(values).map(Math.abs)) || 1;
  const strength = (value) => (backward ? Math.sqrt(Math.abs(value) / most) : Math.abs(value));
  const ink = (value) => {
    const [r, g, b] = mix(ground, value < 0 ? low : high, Math.tanh(2 * strength(value))).map(Math.round);
    return `rgb(${r} ${g} ${b})`;
  };
  const sheet = { svg, values, backward, data, ink };
  const group = (part, name, ...children) => {
    const made = node("g", { class: name }, ...children);
    made.dataset.part = part;
    svg.append(made);
    return made;
  };

  sheet.size = (width, height) => svg.setAttribute("viewBox", `0 0 ${width} ${height}`);

  // A way for numbers; an arrow at its end, backward at its start. `dashed`: a peephole.
  sheet.wire = (part, d, { dashed = false, arrow = true, none = false } = {}) => {
    const value = values[part] ?? 0;
    const width = THIN + MORE * Math.tanh(strength(value) / 2);
    const colour = ink(value);
    const id = `arrow-${part}-${svg.childElementCount}`;
    const tip = node("marker", { id, viewBox: "0 0 10 10", refX: 8, refY: 5, markerUnits: "userSpaceOnUse",
      markerWidth: 8 + width, markerHeight: 8 + width, orient: "auto-start-reverse" }, node("path", { d: "M0 0L10 5L0 10Z", fill: colour }));
    const line = node("path", { d, class: "wire", fill: "none", stroke: colour, "stroke-width": width,
      ...(dashed ? { "stroke-dasharray": "5 5" } : {}), ...(arrow ? { [backward ? "marker-start" : "marker-end"]: `url(#${id})` } : {}) });
    const said = node("title", {}, figure(value));
    group(part, none ? "way none" : "way", said, tip, line, node("path", { d, class: "hit" }));
  };

  // A circle with words in it; `kind` is gate, times, unit or squash.
  const circle = (part, kind, x, y, r, ...words) => group(part, `${kind} inside`, node("circle", { cx: x, cy: y, r }), ...words);
  sheet.gate = (part, x, y, letter) => {
    const value = values[part];
    circle(part, "gate", x, y, 27, mathematics(letter, x, y - 4), node("text", { x, y: y + 14, class: "value" }, short(value)));
  };
  sheet.times = (part, x, y) => circle(part, "times", x, y, 13, node("text", { x, y: y + 5, class: "value" }, "\u00d7"));
  sheet.squash = (part, x, y, word = "tanh") => circle(part, "squash", x, y, 21, node("text", { x, y: y + 4, class: "small" }, word));
  sheet.unit = (part, x, y, letter, value) =>
    circle(part, "unit", x, y, 38, mathematics(letter, x, y - 6), node("text", { x, y: y + 15, class: "value" }, figure(value)));

  sheet.context = (part, x, y) => group(part, "squash", node("circle", { cx: x, cy: y, r: 12 }));

  // "a_ι 1.23" beside a wire.
  sheet.label = (part, x, y, letter, anchor = "start", { faint = false } = {}) => {
    const words = mathematics(letter, x, y, anchor);
    words.setAttribute("class", `label halo${faint ? " none" : ""}`);
    if (values[part] !== undefined) words.append(node("tspan", { dy: words.restore, class: "value" }, `\u2002${figure(values[part])}`));
    group(part, "words", words);
  };
  sheet.word = (x, y, text, anchor = "middle", name = "small") => svg.append(node("text", { x, y, "text-anchor": anchor, class: `${name} halo` }, text));
  return sheet;
}

// Three digits that matter, short.
export function figure(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size < 0.001 || size >= 1e4 ? value.toExponential(0) : value.toPrecision(3);
  return text.replaceAll("-", "\u2212").replace("+", "");
}

// What fits into a gate.
function short(value) {
  const text = figure(value);
  return text.length <= 6 ? text : figure(Number(value.toPrecision(1))).replace(/0+$/, "");
}

// A text with indices: s^{t-1}, a_{i}.
function mathematics(text, x, y, anchor = "middle") {
  const made = node("text", { x, y, "text-anchor": anchor });
  let shift = 0;
  for (const [, index, inside, letters] of text.matchAll(/([_^])\{([^}]*)\}|([^_^]+)/g)) {
    const wanted = index === "_" ? 4 : index === "^" ? -6 : 0;
    const style = index ? { "font-size": 10.5 } : { "font-style": "italic" };
    made.append(node("tspan", { dy: wanted - shift, style: Object.entries(style).map(([k, v]) => `${k}: ${v}${k === "font-size" ? "px" : ""}`).join(";") }, inside ?? letters));
    shift = wanted;
  }
  made.restore = -shift;
  return made;
}
