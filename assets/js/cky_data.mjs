// A chart as it travels (pages/_kit/stage/cky.py), with what is asked of it. Words count from 0 in here.
import { unpack } from "./wire.mjs";

const KINDS = { f4: Float32Array, u1: Uint8Array };
export const DOWN = { outside: true, posterior: true }; // views that are filled from the top

export function read(bytes) {
  const [header] = unpack(bytes);
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const taken = {};
  for (const [name, [kind, shape, at]] of Object.entries(header.arrays)) {
    const size = shape.reduce((a, b) => a * b, 1);
    const Kind = KINDS[kind];
    taken[name] = new Kind(bytes.slice(start + at, start + at + size * Kind.BYTES_PER_ELEMENT).buffer);
  }
  return { ...header, ...taken };
}

// What is known of a chart, by numbers: cells c, entries e (a symbol of a cell) and ways w (a product).
export function model(data) {
  const n = data.words.length;
  const { cells, entries, ways, columns } = data;
  const wide = columns.length;
  const column = Object.fromEntries(columns.map((name, k) => [name, k]));
  const get = (e, name) => entries[e * wide + column[name]];
  const count = cells.length / 6;
  const at = new Int32Array(n * n).fill(-1);
  for (let c = 0; c < count; c++) at[cells[6 * c] * n + cells[6 * c + 1]] = c;
  const cell = (c) => {
    const [i, j, first, size, total, tried] = cells.subarray(6 * c, 6 * c + 6);
    return { i, j, first, size, total, tried };
  };
  const home = new Int32Array(entries.length / wide); // the cell of each entry
  for (let c = 0; c < count; c++) for (let k = 0; k < cells[6 * c + 3]; k++) home[cells[6 * c + 2] + k] = c;

  const way = (w) => {
    const [rule, split, left, right, mark] = ways.subarray(5 * w, 5 * w + 5);
    return { w, rule, split, left, right, mark, names: data.rules[rule][0], logP: data.rules[rule][1], chain: left >= 0 && right < 0 };
  };
  const waysOf = (e) => Array.from({ length: get(e, "ways") }, (_, k) => way(get(e, "first") + k));
  // p w(left) w(right), or the same of the sums inside; below a chain, what is there before chains.
  const parts = (one, sum) => {
    const [whole, made] = sum ? ["inside", "inside_made"] : ["w", "made"];
    if (one.left < 0) return [];
    return one.chain ? [get(one.left, made)] : [get(one.left, whole), get(one.right, whole)];
  };
  const product = (one, sum) => parts(one, sum).reduce((a, b) => a + b, one.logP);

  // What is shown of an entry; all but the posterior are tiny, so these are logarithms.
  const value = (e, view) => get(e, view === "viterbi" ? "w" : view);
  // The symbols of a cell with what is known of them once the splits up to `split` are done; the likeliest first.
  const shown = (c, view, split = Infinity) => {
    const { i, j, first, size } = cell(c);
    const whole = !data.whole || DOWN[view] || split >= j - 1 || i === j;
    const found = [];
    for (let e = first; e < first + size; e++) {
      const log = whole ? value(e, view) : partial(e, split, view === "inside");
      if (log > -Infinity) found.push([e, log]);
    }
    return found.sort((a, b) => b[1] - a[1]);
  };
  const partial = (e, split, sum) => {
    let total = -Infinity;
    for (const one of waysOf(e)) {
      if (one.split < 0 || one.split > split) continue;
      const log = product(one, sum);
      total = sum ? add(total, log) : Math.max(total, log);
    }
    return total;
  };

  let above = null; // for each entry the ways in which it is a part, and whose they are
  const users = (e) => {
    if (!above) {
      above = Array.from({ length: home.length }, () => []);
      for (let top = 0; top < home.length; top++) {
        for (const one of waysOf(top)) {
          if (one.left >= 0) above[one.left].push([top, one]);
          if (one.right >= 0) above[one.right].push([top, one]);
        }
      }
    }
    return above[e];
  };

  return {
    n, count, cell, home, way, waysOf, parts, product, value, shown, users, get,
    at: (i, j) => (i >= 0 && j < n && i <= j ? at[i * n + j] : -1),
    name: (e) => data.symbols[get(e, "symbol")],
    made: (e) => data.made[get(e, "symbol")],
    entry(i, j, name) {
      const c = at[i * n + j];
      const { first, size } = cell(c);
      for (let e = first; e < first + size; e++) if (data.symbols[get(e, "symbol")] === name) return e;
      return -1;
    },
    steps: { up: upwards(count, cell), down: downwards(count) },
  };
}

// Short spans first; in each one step a split.
function upwards(count, cell) {
  const found = { cell: [], split: [], end: new Int32Array(count) };
  for (let c = 0; c < count; c++) {
    const { i, j } = cell(c);
    for (let s = i; s < Math.max(j, i + 1); s++) {
      found.cell.push(c);
      found.split.push(i === j ? -1 : s);
    }
    found.end[c] = found.cell.length;
  }
  return found;
}

// The whole sentence first; a cell a step.
function downwards(count) {
  const cell = Array.from({ length: count }, (_, k) => count - 1 - k);
  return { cell, split: cell.map(() => -1), end: Int32Array.from(cell, (_, c) => count - c) };
}

function add(a, b) {
  const most = Math.max(a, b);
  return most === -Infinity ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (power) => [...`${power}`].map((sign) => (sign === "-" ? "⁻" : RAISED[Number(sign)])).join("");

// e^log as people write it: 0.7, 0.0216, 5.29 × 10⁻⁵; `tight` for cells.
export function figure(log, tight = false) {
  if (log === -Infinity) return "0";
  const digits = tight ? 2 : 4;
  const power = Math.floor(log / Math.LN10 + 1e-6);
  if (power >= -3) return `${Number(Math.exp(log).toPrecision(tight ? 3 : 4))}`.replace(/^0\./, tight ? "." : "0.");
  const lead = Math.exp(log - power * Math.LN10);
  const written = `${Number(lead.toPrecision(digits))}`;
  if (written === "10") return `${tight ? "" : "1 × "}10${raised(power + 1)}`;
  return tight ? `${written}·10${raised(power)}` : `${written} × 10${raised(power)}`;
}

export const percent = (share) => (share >= 0.9995 ? "100 %" : share >= 0.0995 ? `${(100 * share).toFixed(1)} %` : `${Number((100 * share).toPrecision(2))} %`);
