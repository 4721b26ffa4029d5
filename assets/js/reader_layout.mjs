// Where every character stands: rows and columns, then css pixels. Two ways: wrapped, or one line.
import { shown } from "./reader_text.mjs";

export const RULER = 22; // css pixels, sticky at the top
export const STRIP = 11; // of a track under the characters
export const BAND = 12; // that strip
const GAP = 7; // between two rows
const [LEAST_LANE, MOST_LANE, LANES] = [66, 150, 300]; // of a track in one line; of all, if there is room
const SHORT = 2000; // characters; a shorter text has larger cells
const EDGE = 8; // at the right

// What depends on the text alone: wide characters, lines, the longest of them.
export function measured(codes) {
  const count = codes.length;
  const wide = new Uint8Array(count);
  const lines = [0];
  let [longest, long] = [0, 0];
  for (let i = 0; i < count; i++) {
    wide[i] = shown(codes[i]).wide ? 1 : 0;
    long += 1 + wide[i];
    if (codes[i] === 10 || i === count - 1) {
      longest = Math.max(longest, long);
      long = 0;
      if (i < count - 1) lines.push(i + 1);
    }
  }
  return { count, wide, lines: Int32Array.from(lines), longest };
}

// Line and column of character i, both from 1.
export function place({ lines }, i) {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle] <= i) low = middle;
    else high = middle - 1;
  }
  return [low + 1, i - lines[low] + 1];
}

// `width`: css pixels there are; `strips`: tracks under the characters; `gutter`: room at the left.
export function laid(text, codes, { mode, width, zoom, strips, lanes, gutter }) {
  const room = Math.max(60, width - gutter - EDGE);
  const short = text.count <= SHORT;
  const [least, most] = short ? [14, 22] : [9, 12];
  const fitting = mode === "line" ? most : Math.floor(room / (text.longest + 1));
  const cell = Math.round(Math.max(least, Math.min(most, fitting)) * zoom);
  const high = Math.round((short ? 30 : 22) * Math.max(0.7, zoom));
  const size = Math.min(high * 0.62, cell * 1.45);
  const shared = { mode, text, codes, cell, high, size, gutter, width };
  if (mode === "line") return oneLine(shared, lanes);
  const columns = Math.max(4, Math.floor(room / cell) - 1); // and one for the sign of a line's end
  return wrapped(shared, columns, strips);
}

function wrapped(shared, columns, strips) {
  const { text, codes, high } = shared;
  const [row, column] = [new Int32Array(text.count), new Int32Array(text.count)];
  const starts = [0];
  let at = 0;
  for (let i = 0; i < text.count; i++) {
    const wide = 1 + text.wide[i];
    if (at > 0 && codes[i] !== 10 && at + wide > columns) {
      starts.push(i);
      at = 0;
    }
    row[i] = starts.length - 1;
    column[i] = at;
    at += wide;
    if (codes[i] === 10 && i < text.count - 1) {
      starts.push(i + 1);
      at = 0;
    }
  }
  const rows = starts.length;
  starts.push(text.count);
  const block = high + strips * (STRIP + 1) + GAP;
  return { ...shared, columns, row, column, rows, starts: Int32Array.from(starts), block,
    total: [0, RULER + 4 + rows * block] };
}

function oneLine(shared, lanes) {
  const { text, cell, high, gutter } = shared;
  const column = new Int32Array(text.count + 1);
  for (let i = 0; i < text.count; i++) column[i + 1] = column[i] + 1 + text.wide[i];
  const head = RULER + high + 6; // stays at the top
  const lane = Math.round(Math.max(LEAST_LANE, Math.min(MOST_LANE, LANES / Math.max(1, lanes))));
  return { ...shared, column, row: null, rows: 1, starts: Int32Array.of(0, text.count), head, lane,
    total: [gutter + column[text.count] * cell + EDGE, head + lanes * lane + 6] };
}

// Left, top, width and height of character i with all that stands under it, in the whole picture.
export function box(layout, i) {
  const { cell, gutter, column, row, text, mode } = layout;
  const x = gutter + column[i] * cell;
  const wide = cell * (1 + text.wide[i]);
  if (mode === "line") return [x, RULER, wide, layout.total[1] - RULER - 4];
  return [x, RULER + 4 + row[i] * layout.block, wide, layout.block - GAP];
}

// The character at a place of the whole picture; `nearest`: that of the row, however far to the right.
export function hit(layout, x, y, nearest = false) {
  const { cell, gutter, column, starts, text, mode } = layout;
  const row = mode === "line" ? 0 : Math.floor((y - RULER - 4) / layout.block);
  if (!nearest && (row < 0 || row >= layout.rows || x < gutter)) return null;
  const r = Math.max(0, Math.min(layout.rows - 1, row));
  const wanted = Math.floor((x - gutter) / cell);
  const i = inRow(column, starts[r], starts[r + 1], wanted);
  return nearest || wanted < column[i] + 1 + text.wide[i] ? i : null;
}

// The last of [first, end) whose column is at most `wanted`.
export function inRow(column, first, end, wanted) {
  let [low, high] = [first, end - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (column[middle] <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}

// The character that is `by` rows below i, in the same column as far as there is one.
export function below(layout, i, by) {
  if (layout.mode === "line") return Math.max(0, Math.min(layout.text.count - 1, i + 10 * by));
  const r = Math.max(0, Math.min(layout.rows - 1, layout.row[i] + by));
  return inRow(layout.column, layout.starts[r], layout.starts[r + 1], layout.column[i]);
}
