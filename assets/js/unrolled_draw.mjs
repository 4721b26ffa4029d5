// The drawing of an unrolled net: from the bottom up the characters, a row of units a layer and
// direction, what is said. Time runs to the right.
import { node } from "./reader_ink.mjs";
import { along, css, mix, signed } from "./ramp.mjs";
import { read, rgb } from "./theme.mjs";

const GATES = new Set(["iota", "phi", "omega", "z", "r"]);
export const LETTERS = { iota: "ι", phi: "φ", omega: "ω", g: "g", s: "s", b: "b", h: "h", r: "r", z: "z", candidate: "h̃", x: "x" };
const STRIP = 18; // width of a strip of cells
const GAP = 5; // between strips of one step
const BETWEEN = 34; // between steps
const LEFT = 64; // words
const TOP = 62;
const ABOVE = 48; // of each row: room for arrows and letters
const TALL = 132; // of a strip at most

export function drawn(root, data, chosen) {
  const theme = read(root, { colours: { light: [], dark: [] }, diverging: data.diverging });
  root.classList.toggle("dark", theme.dark);
  const stops = signed({ diverging: theme.diverging, colours: theme });
  const [ground, gate] = [rgb(theme.background), rgb(theme.dark ? "#35c79c" : "#00795a")];
  const { rows, characters, outputs, kind } = data;
  const T = characters.length;
  const units = rows[0].signals[0][0].length;
  const cell = Math.max(4, Math.min(15, TALL / units));
  const tall = cell * units;
  // The context units of Elman's net stand beside those that they are a copy of.
  const context = kind === "srn" && rows.length === 1;
  const names = context ? ["context", ...rows[0].names] : rows[0].names;
  const wide = names.length * STRIP + (names.length - 1) * GAP;
  const step = wide + BETWEEN;
  const width = LEFT + T * step + 8;
  const height = TOP + rows.length * (tall + ABOVE) + 58;
  const y = (row) => TOP + (rows.length - 1 - row) * (tall + ABOVE) + 30;
  const x = (t, i) => LEFT + t * step + i * (STRIP + GAP) + BETWEEN / 2;
  const last = (t) => x(t, names.length - 1);
  const svg = node("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": data.name });
  svg.append(node("defs", {}, ...["", "carousel", "learned"].map((of) => arrow(of, theme))));

  for (let t = 0; t < T; t++) {
    const column = node("rect", { x: LEFT + t * step, y: 4, width: step, height: height - 8, rx: 6, class: `column${t === chosen.at ? " on" : ""}` });
    column.dataset.at = t;
    svg.append(column);
  }
  const way = (d, name = "", tip = "") => svg.append(node("path", { d, class: `way ${name}`, "marker-end": `url(#tip${tip})` }));
  const fixed = kind === "echo" ? "fixed" : "";
  rows.forEach((row, k) => {
    const middle = y(k) + tall / 2;
    for (let t = 0; t < T; t++) {
      const from = row.backward ? t + 1 : t - 1;
      // from below
      const below = rows.flatMap((one, j) => (one.layer === row.layer - 1 ? [j] : []));
      const target = x(t, context ? 1 : 0) + STRIP / 2 - 4;
      if (row.layer === 0) {
        const other = row.backward && rows.some((one, j) => j < k && one.layer === 0);
        const foot = y(0) + tall + 22;
        if (other) way(`M${LEFT + t * step + 4} ${foot + 6} V${y(k) + tall + 14} H${x(t, 0) + 2} V${y(k) + tall + 3}`);
        else way(`M${target} ${foot} V${y(k) + tall + 3}`, fixed);
      } else {
        for (const j of below) {
          if (j === Math.max(...below)) way(`M${target} ${y(j) - 3} V${y(k) + tall + 3}`);
          else way(`M${last(t) + STRIP + 4} ${y(j) + 8} V${y(k) + tall + 12} H${last(t) + STRIP - 3} V${y(k) + tall + 3}`);
        }
      }
      // from the step before
      if (from >= 0 && from < T) {
        const start = row.backward ? x(from, 0) - 1 : last(from) + STRIP + 1;
        const end = row.backward ? last(t) + STRIP + 3 : x(t, 0) - 3;
        if (kind === "lstm") {
          const s = row.names.indexOf("s");
          const arc = y(k) - 9;
          const [a, b] = row.backward ? [x(from, s) + 4, x(t, s) + STRIP - 4] : [x(from, s) + STRIP - 4, x(t, s) + 4];
          way(`M${a} ${y(k) - 1} V${arc} H${b} V${y(k) - 3}`, "carousel", "carousel");
        }
        way(`M${start} ${middle} H${end}`, context ? "fixed" : fixed);
      }
      if (context) way(`M${x(t, 0) + STRIP + 1} ${middle} H${x(t, 1) - 2}`);
      if (row.peepholes) {
        const base = y(k) + tall;
        const s = row.names.indexOf("s");
        way(`M${x(t, s) + STRIP / 2} ${base + 1} V${base + 9} H${x(t, row.names.indexOf("omega")) + STRIP / 2} V${base + 3}`, "peep", "carousel");
        for (const name of from >= 0 && from < T ? ["iota", "phi"] : []) {
          const [a, b] = [x(from, s) + STRIP / 2, x(t, row.names.indexOf(name)) + STRIP / 2];
          const low = base + (name === "iota" ? 18 : 13);
          way(`M${a} ${base + 1} V${low} H${b} V${base + 3}`, "peep", "carousel");
        }
      }
      // what it says
      if (row.layer === rows.at(-1).layer) {
        const name = kind === "echo" ? "learned" : "";
        const from_x = last(t) + STRIP / 2;
        const higher = rows.some((one, j) => j > k && one.layer === row.layer);
        if (higher) way(`M${last(t) + STRIP + 1} ${y(k) + 6} H${last(t) + STRIP + 9} V${TOP + 2} H${from_x + 5} V${TOP - 6}`, name, name);
        else way(`M${from_x} ${y(k) - (kind === "lstm" ? 1 : 2)} V${TOP - 6}`, name, name);
      }
    }
  });

  rows.forEach((row, k) => {
    const least = kind === "echo" ? 1e-9 : 1; // a reservoir hears faintly
    const most = row.signals.map((one) => Math.max(least, ...one.flat().map(Math.abs)));
    for (let t = 0; t < T; t++) {
      names.forEach((name, i) => {
        const at = context ? i - 1 : i;
        const before = row.backward ? t + 1 : t - 1;
        for (let u = 0; u < units; u++) {
          const value = name === "context" ? row.signals.at(-1)[before]?.[u] ?? 0 : row.signals[at][t][u];
          const scale = name === "context" ? most.at(-1) : most[at];
          const colour = GATES.has(name) ? css(mix(ground, gate, value)) : css(along(stops, 0.5 + value / scale / 2));
          const one = node("rect", { x: x(t, i), y: y(k) + u * cell, width: STRIP, height: cell, fill: colour, class: "unit" },
            node("title", {}, `${name === "context" ? "context: h before" : LETTERS[name]} of unit ${u}: ${value.toFixed(3)}`));
          Object.assign(one.dataset, { at: t, row: k, unit: u });
          svg.append(one);
        }
        svg.append(node("rect", { x: x(t, i), y: y(k), width: STRIP, height: tall, class: `frame ${name === "context" ? "context" : ""}` }));
        if (names.length > 1 && (t === 0 || t === chosen.at)) {
          svg.append(node("text", { x: x(t, i) + STRIP / 2, y: y(k) + tall + 33, class: "letter halo" }, name === "context" ? "h₋₁" : LETTERS[name]));
        }
      });
      if (k === chosen.row && t === chosen.at) {
        const first = x(t, 0) - 2;
        svg.append(node("rect", { x: first, y: y(k) + chosen.unit * cell - 1, width: wide + 4, height: cell + 2, rx: 2, class: "chosen" }));
      }
    }
    side(svg, 4, y(k) + tall / 2, label(row, rows, kind, context));
  });

  for (let t = 0; t < T; t++) {
    const centre = LEFT + t * step + step / 2;
    svg.append(node("text", { x: centre, y: height - 12, class: "sign" }, characters[t]));
    const { told, share, wanted } = outputs[t];
    const name = wanted ? (told === wanted ? "right" : "wrong") : "";
    svg.append(node("text", { x: centre, y: 40, class: `sign ${name}` }, told),
      node("text", { x: centre, y: 20, class: "small" }, wanted && told !== wanted ? `not ${wanted}` : `${Math.round(100 * share)} %`));
  }
  side(svg, 4, 40, ["says"]);
  side(svg, 4, height - 14, ["reads"]);
  return svg;
}

function label(row, rows, kind, context) {
  if (kind === "echo") return ["reservoir"];
  if (context) return ["context", "and units"];
  const layered = rows.at(-1).layer > 0 ? [`layer ${row.layer + 1}`] : [];
  const both = rows.some((one) => one.backward) ? [row.backward ? "← back" : "→ forth"] : [];
  return layered.length + both.length ? [...layered, ...both] : ["units"];
}

function side(svg, x, y, words) {
  words.forEach((word, i) => svg.append(node("text", { x, y: y + (i - (words.length - 1) / 2) * 15 + 4, class: "small side" }, word)));
}

function arrow(of, theme) {
  const fill = { "": theme.text, carousel: theme.dark ? "#f0776b" : "#c2352b", learned: theme.primary }[of];
  return node("marker", { id: `tip${of}`, viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 7, markerHeight: 7, markerUnits: "userSpaceOnUse", orient: "auto" },
    node("path", { d: "M0 0L10 5L0 10Z", fill, "fill-opacity": of ? 1 : 0.6 }));
}
