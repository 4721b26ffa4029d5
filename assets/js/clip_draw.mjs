// Boxes, trails and the line over a picture; pixels of the video are scaled to those of the screen.
import { pen } from "./make.mjs";

const TAG = 19; // height of a label, css pixels

export function draw(canvas, { size, found, lit, trails, line }) {
  const { clientWidth: width, clientHeight: height } = canvas.parentElement;
  const ink = pen(canvas, width, height);
  const scale = width / size[0];
  for (const [colour, way] of trails) path(ink, colour, way, scale);
  // The best come last, so that they lie on top.
  for (let i = found.length - 1; i >= 0; i--) {
    if (lit === null || lit === i) outline(ink, found[i], scale, width);
    else faint(ink, found[i], scale);
  }
  if (line) arrow(ink, line, width, height);
}

function path(ink, colour, way, scale) {
  ink.strokeStyle = colour;
  ink.lineWidth = 2.5;
  ink.lineJoin = ink.lineCap = "round";
  way.forEach((p, i) => {
    if (!i) return;
    ink.globalAlpha = 0.15 + (0.75 * i) / way.length;
    ink.beginPath();
    ink.moveTo(way[i - 1][0] * scale, way[i - 1][1] * scale);
    ink.lineTo(p[0] * scale, p[1] * scale);
    ink.stroke();
  });
  ink.globalAlpha = 1;
}

function outline(ink, found, scale, width) {
  const [x0, y0, x1, y1] = found.box.map((v) => v * scale);
  ink.lineWidth = 3;
  ink.strokeStyle = found.colour;
  ink.strokeRect(x0, y0, x1 - x0, y1 - y0);
  const text = named(found);
  ink.font = "600 13px sans-serif";
  const across = ink.measureText(text).width + 10;
  const left = Math.max(0, Math.min(x0 - 1.5, width - across));
  const top = y0 > TAG + 1 ? y0 - TAG : y0;
  ink.fillStyle = found.colour;
  ink.fillRect(left, top, across, TAG);
  ink.fillStyle = found.ink;
  ink.fillText(text, left + 5, top + 14);
}

function faint(ink, found, scale) {
  const [x0, y0, x1, y1] = found.box.map((v) => v * scale);
  ink.globalAlpha = 0.35;
  ink.lineWidth = 1.5;
  ink.strokeStyle = found.colour;
  ink.strokeRect(x0, y0, x1 - x0, y1 - y0);
  ink.globalAlpha = 1;
}

// From a to b, with an arrow in the middle to the right of that way.
function arrow(ink, [x0, y0, x1, y1], width, height) {
  const [a, b] = [[x0 * width, y0 * height], [x1 * width, y1 * height]];
  const long = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [along, right] = [[(b[0] - a[0]) / long, (b[1] - a[1]) / long], [-(b[1] - a[1]) / long, (b[0] - a[0]) / long]];
  const middle = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const at = (u, v) => [middle[0] + along[0] * u + right[0] * v, middle[1] + along[1] * u + right[1] * v];
  for (const [colour, thick] of [["rgba(0, 0, 0, .65)", 5], ["#fff", 2.5]]) {
    ink.strokeStyle = colour;
    ink.lineWidth = thick;
    ink.lineCap = ink.lineJoin = "round";
    ink.beginPath();
    ink.moveTo(...a);
    ink.lineTo(...b);
    ink.moveTo(...at(0, 0));
    ink.lineTo(...at(0, 26));
    ink.moveTo(...at(-7, 18));
    ink.lineTo(...at(0, 26));
    ink.lineTo(...at(7, 18));
    ink.stroke();
  }
}

export const named = ({ label, id, score }) => (id ? `${label} ${id}  ${score.toFixed(2)}` : `${label} ${score.toFixed(2)}`);
