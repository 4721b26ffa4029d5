// What a reservoir is drawn with: a ring of units, a matrix of connections, the complex plane, the input.
import { css, poles } from "./ramp.mjs";
import { rgb } from "./theme.mjs";

const MOST = 4000; // connections that a ring shows
const EDGE = 14; // of a matrix: the room for activations

function sheet(side) {
  const dense = Math.min(2, window.devicePixelRatio || 1);
  const canvas = new OffscreenCanvas(Math.round(side * dense), Math.round(side * dense));
  const context = canvas.getContext("2d");
  context.scale(dense, dense);
  return [canvas, context, dense];
}

const place = (i, units, side) => {
  const angle = (2 * Math.PI * i) / units - Math.PI / 2;
  const r = side / 2 - 14;
  return [side / 2 + r * Math.cos(angle), side / 2 + r * Math.sin(angle)];
};

export const ring = {
  still(header, { rows, source, weight }, side, theme) {
    const [canvas, context] = sheet(side);
    const [low, high] = poles({ diverging: theme.diverging, colours: theme });
    const most = Math.max(1e-9, ...weight.map(Math.abs));
    const every = Math.ceil(rows.length / MOST);
    const faint = Math.min(0.75, 12 / Math.sqrt(rows.length / every + 1));
    for (let k = 0; k < rows.length; k += every) {
      const [x0, y0] = place(source[k], header.units, side);
      const [x1, y1] = place(rows[k], header.units, side);
      context.strokeStyle = css(weight[k] < 0 ? low : high, faint * (0.15 + (0.85 * Math.abs(weight[k])) / most));
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x0, y0);
      // bent towards the middle
      context.quadraticCurveTo(0.25 * (x0 + x1) + side / 4, 0.25 * (y0 + y1) + side / 4, x1, y1);
      context.stroke();
    }
    return canvas;
  },
  moving(context, { units }, side, now, before, theme) {
    const r = Math.max(2.5, Math.min(9, (1.1 * side) / units));
    context.strokeStyle = theme.text;
    context.lineWidth = 0.6;
    for (let i = 0; i < units; i++) {
      const [x, y] = place(i, units, side);
      context.fillStyle = now(i);
      context.beginPath();
      context.arc(x, y, r, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 0.6;
      context.stroke();
      context.globalAlpha = 1;
    }
  },
};

export const matrix = {
  still(header, { rows, source, weight }, side, theme) {
    const [canvas, context, dense] = sheet(side);
    const size = Math.round((side - EDGE) * dense);
    const image = new ImageData(size, size);
    const [low, high] = poles({ diverging: theme.diverging, colours: theme });
    const scale = size / header.units;
    for (let k = 0; k < rows.length; k++) {
      const at = 4 * (Math.floor(rows[k] * scale) * size + Math.floor(source[k] * scale));
      image.data.set(weight[k] < 0 ? low : high, at);
      image.data[at + 3] = 255;
    }
    context.putImageData(image, EDGE * dense, EDGE * dense);
    context.strokeStyle = theme.border;
    context.strokeRect(EDGE - 0.5, EDGE - 0.5, side - EDGE, side - EDGE);
    return canvas;
  },
  moving(context, { units }, side, now, before) {
    const each = (side - EDGE) / units;
    for (let i = 0; i < units; i++) {
      context.fillStyle = now(i);
      context.fillRect(0, EDGE + i * each, EDGE - 3, each + 0.5);
      context.fillStyle = before(i);
      context.fillRect(EDGE + i * each, 0, each + 0.5, EDGE - 3);
    }
  },
};

export function circle(context, { radius }, eigenvalues, side, theme) {
  const reach = 1.12 * Math.max(1, radius);
  const to = (v) => side / 2 + (v / reach) * (side / 2 - 4);
  context.strokeStyle = theme.text;
  context.fillStyle = theme.text;
  context.globalAlpha = 0.25;
  context.beginPath();
  context.moveTo(0, side / 2);
  context.lineTo(side, side / 2);
  context.moveTo(side / 2, 0);
  context.lineTo(side / 2, side);
  context.stroke();
  context.globalAlpha = 0.8;
  round(context, to, 1, side);
  context.globalAlpha = 1;
  const [low, high] = poles({ diverging: theme.diverging, colours: theme });
  context.strokeStyle = css(radius < 1 ? low : high);
  context.lineWidth = 1.5;
  context.setLineDash([5, 4]);
  round(context, to, radius, side);
  context.setLineDash([]);
  context.fillStyle = css(rgb(theme.primary), 0.75);
  const dot = eigenvalues.length > 600 ? 1.6 : 2.8;
  for (let k = 0; k < eigenvalues.length; k += 2) {
    const outside = Math.hypot(eigenvalues[k], eigenvalues[k + 1]) > 1;
    context.fillStyle = outside ? css(high) : css(rgb(theme.primary), 0.75);
    context.beginPath();
    context.arc(to(eigenvalues[k]), to(-eigenvalues[k + 1]), dot, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = theme.text;
  context.font = `12px ${theme.font}`;
  context.textAlign = "right";
  context.fillText("Re", side - 3, side / 2 - 5);
  context.textAlign = "left";
  context.fillText("Im", side / 2 + 5, 12);
  context.fillText("1", to(1) + 3, side / 2 + 14);
}

function round(context, to, radius, side) {
  context.beginPath();
  context.arc(side / 2, side / 2, Math.max(0, to(radius) - side / 2), 0, 2 * Math.PI);
  context.stroke();
}

export function track(context, u, at, width, height, theme) {
  const most = Math.max(1e-9, ...u.map(Math.abs));
  const x = (t) => 2 + (t * (width - 4)) / Math.max(1, u.length - 1);
  const y = (v) => height / 2 - (v / most) * (height / 2 - 8);
  context.strokeStyle = theme.text;
  context.globalAlpha = 0.55;
  context.beginPath();
  u.forEach((v, t) => (t ? context.lineTo(x(t), y(v)) : context.moveTo(x(t), y(v))));
  context.stroke();
  context.globalAlpha = 1;
  context.fillStyle = theme.primary;
  context.beginPath();
  context.arc(x(at), y(u[at]), 5, 0, 2 * Math.PI);
  context.fill();
}
