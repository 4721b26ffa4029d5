// The weights of a network as curves: which to draw, how wide, and which one lies under a pointer.

export const MANY = 1500; // curves that are drawn at most
const WIDTHS = [0.4, 0.7, 1.1, 1.7, 2.6, 3.8, 5.2];
const FAINT = [0.16, 0.28, 0.42, 0.56, 0.7, 0.82, 0.9];

// The strongest weights of every layer: [{ layer, rows, columns, classes }], `classes` the kind of
// line. A layer gets its share of MANY, so that none is left bare by stronger neighbours.
export function strongest(layers, params) {
  const order = [...layers.keys()].sort((a, b) => size(layers[a]) - size(layers[b]));
  const drawn = new Array(layers.length);
  let left = MANY;
  order.forEach((layer, i) => {
    const most = Math.floor(left / (order.length - i));
    drawn[layer] = select(layer, layers[layer], params, most);
    left -= drawn[layer].rows.length;
  });
  return drawn;
}

const size = (layer) => layer.in * layer.out;

function select(layer, { W, in: n, out }, params, most) {
  const total = n * out;
  const bar = total > most ? threshold(params, W, total, most) : 0;
  const found = { layer, rows: [], columns: [], classes: [] };
  const thin = total > 400 ? 2 : total > 100 ? 1 : 0;
  for (let i = 0; i < total && found.rows.length < most; i++) {
    const w = params[W + i];
    if (!(Math.abs(w) >= bar)) continue;
    found.rows.push(Math.floor(i / n));
    found.columns.push(i % n);
    found.classes.push(kind(w, n, thin));
  }
  return found;
}

// |w| that about `most` of the weights reach: from a histogram, a sort would take too long.
function threshold(params, from, total, most) {
  let top = 0;
  for (let i = from; i < from + total; i++) top = Math.max(top, Math.abs(params[i]) || 0);
  const bins = new Uint32Array(1025);
  for (let i = from; i < from + total; i++) bins[((Math.abs(params[i]) || 0) / top) * 1024 | 0]++;
  let seen = 0;
  for (let bin = 1024; bin >= 0; bin--) {
    seen += bins[bin];
    if (seen > most) return ((bin + 1) / 1024) * top;
  }
  return 0;
}

// Even numbers are negative, odd ones positive; higher is stronger. A weight of 1/sqrt(in), as
// usual at the start, is of middling strength; the scale does not move, so nothing jitters.
function kind(w, n, thin) {
  const strength = 1 - Math.exp((-Math.abs(w) * Math.sqrt(n)) / 3.5);
  const level = Math.min(WIDTHS.length - 1, Math.floor(strength * WIDTHS.length));
  return 2 * Math.max(0, level - thin) + (w > 0 ? 1 : 0);
}

// Strokes all that was selected, a path a kind, weak ones first.
export function draw(pen, columns, drawn, inks, fade = 1) {
  const paths = new Array(2 * WIDTHS.length);
  const straight = drawn.reduce((sum, d) => sum + d.rows.length, 0) > 300;
  for (const { layer, rows, columns: from, classes } of drawn) {
    for (let i = 0; i < rows.length; i++) {
      const path = (paths[classes[i]] ??= new Path2D());
      trace(path, columns[layer].units[from[i]], columns[layer + 1].units[rows[i]], straight);
    }
  }
  paths.forEach((path, c) => {
    pen.strokeStyle = inks[c % 2];
    pen.lineWidth = WIDTHS[c >> 1];
    pen.globalAlpha = FAINT[c >> 1] * fade;
    pen.stroke(path);
  });
  pen.globalAlpha = 1;
}

// Among hundreds no eye tells curves from lines, and lines are drawn much faster.
function trace(path, a, b, straight) {
  const [x0, y0, x1, y1] = [a.x + a.side, a.y + a.side / 2, b.x, b.y + b.side / 2];
  path.moveTo(x0, y0);
  if (straight) path.lineTo(x1, y1);
  else path.bezierCurveTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1);
}

// Everything that enters or leaves a unit [column, index]; for looking closer.
export function around(layers, params, [column, index]) {
  const found = [];
  const into = layers[column - 1];
  const from = layers[column];
  const add = (layer, { W, in: n }, pairs) =>
    found.push({
      layer,
      rows: pairs.map((p) => p[0]),
      columns: pairs.map((p) => p[1]),
      classes: pairs.map(([row, i]) => kind(params[W + row * n + i], n, 0)),
    });
  if (into) add(column - 1, into, Array.from({ length: into.in }, (_, i) => [index, i]));
  if (from) add(column, from, Array.from({ length: from.out }, (_, row) => [row, index]));
  return found;
}

// The place on the curve from unit a to unit b that is level with x: [y, slope, share of the way].
function level(a, b, x, straight) {
  const [x0, y0, x1, y1] = [a.x + a.side, a.y + a.side / 2, b.x, b.y + b.side / 2];
  const u = (x - x0) / (x1 - x0);
  if (u < 0 || u > 1) return null;
  if (straight) return [y0 + (y1 - y0) * u, (y1 - y0) / (x1 - x0)];
  let [low, high] = [0, 1];
  for (let i = 0; i < 14; i++) {
    const t = (low + high) / 2;
    if (t * (1.5 - 1.5 * t + t * t) < u) low = t;
    else high = t;
  }
  const t = (low + high) / 2;
  const slope = ((y1 - y0) * 6 * t * (1 - t)) / ((x1 - x0) * (1.5 - 3 * t + 3 * t * t));
  return [y0 + (y1 - y0) * t * t * (3 - 2 * t), slope];
}

// The drawn weight nearest to (x, y) within `reach` css pixels: { layer, row, column } or null.
export function edgeAt(columns, drawn, x, y, reach) {
  let best = null;
  const straight = drawn.reduce((sum, d) => sum + d.rows.length, 0) > 300;
  for (const { layer, rows, columns: from } of drawn) {
    for (let i = 0; i < rows.length; i++) {
      const place = level(columns[layer].units[from[i]], columns[layer + 1].units[rows[i]], x, straight);
      if (!place) continue;
      const far = Math.abs(place[0] - y) / Math.hypot(1, place[1]);
      if (far <= reach) [best, reach] = [{ layer, row: rows[i], column: from[i] }, far];
    }
  }
  return best;
}

// The middle of a weight's curve, where its number stands.
export function middle(columns, { layer, row, column }) {
  const [a, b] = [columns[layer].units[column], columns[layer + 1].units[row]];
  return [(a.x + a.side + b.x) / 2, (a.y + a.side / 2 + b.y + b.side / 2) / 2];
}
