// The drawing of three matrices: cells by their size, and over them what is lit.
import { along, css } from "./ramp.mjs";
import { rgb } from "./theme.mjs";

export function inks(theme, sequential) {
  const ramp = sequential.map(rgb);
  const stops = theme.dark ? [rgb(theme.background), ramp[8], ramp[6], ramp[4], ramp[1]] : [rgb(theme.background), ...ramp.slice(1)];
  const table = Array.from({ length: 65 }, (_, k) => css(along(stops, k / 64)));
  return { table, text: theme.text, frame: theme.border, ground: theme.background, lit: theme.dark ? "#f08a3c" : "#d55e00", font: theme.font };
}

// Values of a matrix by row and column, with the largest that has a colour of its own.
export function matrix(pen, box, value, most, ink) {
  const { x, y, w, h, rows, columns } = box;
  const edge = (from, size, k, many) => Math.round((from + (size * k) / many) * 2) / 2;
  for (let i = 0; i < rows; i++) {
    const [top, bottom] = [edge(y, h, i, rows), edge(y, h, i + 1, rows)];
    for (let j = 0; j < columns; j++) {
      // the root shows small ones too
      const place = Math.min(64, Math.round(64 * Math.sqrt(value(i, j) / most)));
      if (!place) continue;
      pen.fillStyle = ink.table[place];
      const left = edge(x, w, j, columns);
      pen.fillRect(left, top, edge(x, w, j + 1, columns) - left, bottom - top);
    }
  }
  pen.strokeStyle = ink.frame;
  pen.lineWidth = 1;
  pen.strokeRect(x - 0.5, y - 0.5, w + 1, h + 1);
}

// A row or column of a box, framed; `thin` where it is a line of the whole.
export function band(pen, { x, y, w, h, rows, columns }, { row, column, width = 1.5, colour }) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  if (row !== undefined) pen.strokeRect(x - 1, y + (h * row) / rows - 0.5, w + 2, h / rows + 1);
  if (column !== undefined) pen.strokeRect(x + (w * column) / columns - 0.5, y - 1, w / columns + 1, h + 2);
}

export function line(pen, { x, y, w, h }, { v, u, colour }) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.beginPath();
  if (v !== undefined) {
    pen.moveTo(x - 4, y + h * v);
    pen.lineTo(x + w + 4, y + h * v);
  }
  if (u !== undefined) {
    pen.moveTo(x + w * u, y - 4);
    pen.lineTo(x + w * u, y + h + 4);
  }
  pen.stroke();
}

export function words(pen, text, x, y, { colour, size = 12, weight = 400, align = "left", room = Infinity, font, upright = false }) {
  pen.save();
  pen.translate(x, y);
  if (upright) pen.rotate(-Math.PI / 2);
  pen.font = `${weight} ${size}px ${font}`;
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillText(fitting(pen, text, room), 0, 0);
  pen.restore();
}

function fitting(pen, text, room) {
  if (pen.measureText(text).width <= room) return text;
  const signs = [...text];
  while (signs.length > 1 && pen.measureText(`${signs.join("")}…`).width > room) signs.pop();
  return `${signs.join("")}…`;
}
