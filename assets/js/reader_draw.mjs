// The picture: what of the layout lies in the frame, with an ink that is a canvas's or a drawing's.
import { BAND, RULER, STRIP, box, inRow } from "./reader_layout.mjs";
import { figure, shown } from "./reader_text.mjs";

const TICK = 10; // columns between two numbers of the ruler
const WORDS = 11; // css pixels of letters at the edges
const PAD = 6; // over and under a curve
export const COMPARED = "upper edge, or dashed: without what is held";
const GROUPS = 14; // css pixels of a cell from which on cells stand apart

// `frame`: left and top of what is seen, its width and height.
export function draw(ink, view, layout, frame) {
  ink.rect(0, 0, frame.width, frame.height, view.theme.background);
  (layout.mode === "line" ? line : rows)(ink, view, layout, frame);
}

function rows(ink, view, layout, { top, width, height }) {
  const { base, under } = view;
  const { block, starts, cell, high, gutter, text } = layout;
  const up = RULER + 4 - top;
  const first = Math.max(0, Math.floor((RULER - up) / block));
  const end = Math.min(layout.rows, Math.ceil((height - up) / block));
  const upto = Math.min(view.upto, text.count);
  for (let r = first; r < end && starts[r] < upto; r++) {
    const y = up + r * block;
    const [from, to] = [starts[r], Math.min(starts[r + 1], upto)];
    characters(ink, view, layout, base, from, to, gutter, y);
    ink.word(`${from}`, gutter - 6, y + high / 2, WORDS, view.theme.faint, "right");
    under.forEach((series, k) => {
      const at = y + high + 1 + k * (STRIP + 1);
      strip(ink, view, layout, series, from, to, gutter, at, STRIP);
      ink.word(series.label, gutter - 6, at + STRIP / 2, 10, view.theme.text, "right");
    });
  }
  marks(ink, view, layout, 0, top, [from_(starts, first), from_(starts, end)]);
  ink.rect(0, 0, width, RULER, view.theme.background);
  for (let c = 0; c <= layout.columns; c += TICK) tick(ink, view, gutter + (c + 0.5) * cell, `+${c}`);
  ink.line([gutter, RULER - 0.5, width, RULER - 0.5], view.theme.border);
}

const from_ = (starts, r) => starts[Math.max(0, Math.min(starts.length - 1, r))];

function tick(ink, { theme }, x, words) {
  ink.line([x, RULER - 5, x, RULER - 1], theme.faint);
  ink.word(words, x, RULER / 2 - 2, WORDS, theme.faint, "center");
}

function line(ink, view, layout, { left, top, width, height }) {
  const { cell, high, gutter, head, lane, column, text } = layout;
  const upto = Math.min(view.upto, text.count);
  const from = inRow(column, 0, text.count, Math.floor(left / cell));
  const to = Math.min(upto, 1 + inRow(column, 0, text.count, Math.ceil((left + width - gutter) / cell)));
  const x0 = gutter - left;
  view.lanes.forEach((series, k) => {
    const y = head + k * lane - top;
    if (y + lane < head || y > height) return;
    curve(ink, view, layout, series, from, to, x0, y, width);
    strip(ink, view, layout, series, from, to, x0, y + lane - BAND - 2, BAND);
  });
  ink.rect(0, 0, width, head - 1, view.theme.background);
  characters(ink, view, layout, view.base, from, to, x0, RULER);
  for (let i = Math.ceil(from / TICK) * TICK; i < to; i += TICK) tick(ink, view, x0 + (column[i] + 0.5) * cell, `${i}`);
  ink.line([0, RULER - 0.5, width, RULER - 0.5], view.theme.border);
  marks(ink, view, layout, left, 0, [from, to]);
  ink.rect(0, 0, gutter - 2, height, view.theme.background);
  view.lanes.forEach((series, k) => {
    const y = head + k * lane - top;
    if (y < head - lane / 2) return;
    const [up, down] = [y + PAD, y + lane - BAND - 2 - PAD];
    ink.word(series.label, 2, (up + down) / 2, 13, view.theme.text);
    ink.word(short(series.scale.high), gutter - 5, up, 9, view.theme.faint, "right");
    ink.word(short(series.scale.low), gutter - 5, down, 9, view.theme.faint, "right");
  });
}

export const short = (value) => (Math.abs(value) >= 100 ? figure(value, 0) : Number.isInteger(value) ? figure(value, 0) : figure(value, Math.abs(value) < 1 ? 2 : 1));

// The value from low to high as a staircase; dashed what it was before.
function curve(ink, { theme }, layout, { values, before, scale }, from, to, x0, y, width) {
  const [up, down] = [y + PAD, y + layout.lane - BAND - 2 - PAD];
  const height = (v) => (v !== v ? NaN : down - ((Math.max(scale.low, Math.min(scale.high, v)) - scale.low) / (scale.high - scale.low || 1)) * (down - up));
  const zero = height(0);
  ink.line([layout.gutter, zero, width, zero], theme.border);
  const stairs = (of) => {
    const points = [];
    for (let i = from; i < to; i++) {
      const at = height(of[i]);
      points.push(x0 + layout.column[i] * layout.cell, at, x0 + layout.column[i + 1] * layout.cell, at);
    }
    return points;
  };
  if (before) ink.line(stairs(before), theme.primary, 1.5, [4, 3]);
  ink.line(stairs(values), theme.text, 1.75);
}

// Letters on the colours of `series`, if there is one; its earlier colours along their upper edge.
function characters(ink, view, layout, series, from, to, x0, y) {
  const { cell, high, size, column, codes, text } = layout;
  const { theme } = view;
  const apart = cell >= GROUPS ? 1 : 0;
  if (!series) ink.rect(x0 + column[from] * cell, y, Math.max(0, wideTo(layout, from, to)), high, theme.secondary);
  else if (apart) {
    for (let i = from; i < to; i++) ink.rect(x0 + column[i] * cell, y, cell * (1 + text.wide[i]) - 1, high, colour(series, series.values[i], theme));
  } else runs(ink, layout, series, series.values, from, to, x0, y, high, theme);
  if (series?.before) {
    const band = Math.round(high / 5);
    runs(ink, layout, series, series.before, from, to, x0, y, band, theme);
    ink.rect(x0 + column[from] * cell, y + band, wideTo(layout, from, to), 1, theme.background);
  }
  for (let i = from; i < to; i++) {
    const { sign, faint } = shown(codes[i]);
    const level = series ? series.scale.level(series.values[i]) : -1;
    const wide = cell * (1 + text.wide[i]);
    const x = x0 + column[i] * cell + (wide - apart) / 2;
    const letters = level < 0 ? theme.text : series.scale.ink[level];
    ink.sign(sign, x, y + high / 2 + (series?.before ? high / 12 : 0), size, letters, faint);
    if (view.scene.unknown[i]) ink.line([x - wide / 2 + 2, y + high - 3, x + wide / 2 - 2, y + high - 3], letters, 2, [2, 2]);
  }
}

const wideTo = ({ column, cell, text }, from, to) => (to > from ? (column[to - 1] + 1 + text.wide[to - 1] - column[from]) * cell : 0);

const colour = ({ scale }, value, theme) => {
  const level = scale.level(value);
  return level < 0 ? theme.secondary : scale.css[level];
};

function strip(ink, { theme }, layout, series, from, to, x0, y, high) {
  const before = series.before ? Math.round(high / 2) - 1 : 0;
  runs(ink, layout, series, series.values, from, to, x0, y + before, high - before, theme);
  if (before) runs(ink, layout, series, series.before, from, to, x0, y, before - 1, theme);
}

// Neighbours of one colour are one rectangle.
function runs(ink, { column, cell, text }, { scale }, values, from, to, x0, y, high, theme) {
  let begin = from;
  for (let i = from; i < to; i++) {
    const level = scale.level(values[i]);
    if (i + 1 < to && scale.level(values[i + 1]) === level) continue;
    const [x, end] = [x0 + column[begin] * cell, x0 + (column[i] + 1 + text.wide[i]) * cell];
    ink.rect(x, y, end - x, high, level < 0 ? theme.secondary : scale.css[level]);
    begin = i + 1;
  }
}

// The span, the picked character and the one that is looked at; those between `from` and `to` only.
function marks(ink, view, layout, left, top, [from, to]) {
  const { theme, span, scene } = view;
  const inside = (i) => i !== null && i !== undefined && i >= from && i < Math.min(to, layout.text.count);
  if (span) outlined(ink, layout, Math.max(span[0], from), Math.min(span[1], to, layout.text.count), left, top, theme.primary);
  const around = (i, colour, thick) => {
    const [x, y, width, height] = box(layout, i);
    if (layout.mode !== "line") ink.frame(x - left - 0.5, y - top - 0.5, width, height + 1, theme.background, thick + 2);
    ink.frame(x - left - 0.5, y - top - 0.5, width, height + 1, colour, thick);
  };
  if (inside(scene.at)) around(scene.at, theme.text, 2.5);
  if (inside(view.looked) && view.looked !== scene.at) around(view.looked, theme.primary, 2);
}

function outlined(ink, layout, first, end, left, top, colour) {
  for (let i = first; i < end; ) {
    const last = Math.min(end, layout.mode === "line" ? end : layout.starts[layout.row[i] + 1]) - 1;
    const [x, y, , height] = box(layout, i);
    const [x1, , width] = box(layout, last);
    ink.frame(x - left - 1, y - top - 2, x1 + width - x + 1, height + 4, colour, 3);
    i = last + 1;
  }
}

// Every scale with its numbers; gives the height it takes. `width`: where a line of it ends.
export function legend(ink, view, x0, y0, width) {
  let [x, y] = [x0, y0];
  for (const { scale, words } of view.legend) {
    const wide = 130 + 6.4 * (words.length + short(scale.low).length + short(scale.high).length);
    if (x > x0 && x + wide > width) [x, y] = [x0, y + 22];
    ink.word(words, x, y + 8, 12, view.theme.text);
    const bar = x + 6.6 * words.length + 12;
    ink.word(short(scale.low), bar + 22, y + 8, WORDS, view.theme.faint, "right");
    for (let k = 0; k < 45; k++) ink.rect(bar + 27 + k, y + 2, 1.2, 12, scale.css[Math.round((k / 44) * 255)]);
    ink.word(short(scale.high) + (scale.over ? " and more" : ""), bar + 77, y + 8, WORDS, view.theme.faint);
    x += wide + (scale.over ? 40 : 0);
  }
  if (view.compares) {
    if (x > x0) y += 22;
    ink.word(COMPARED, x0, y + 8, WORDS, view.theme.faint);
    y += 22;
  }
  return y + 22 - y0;
}
