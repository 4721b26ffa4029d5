// Pixels set by hand: thousands of dots, and a picture drawn on a bent grid. A canvas without a
// graphics card needs tens of milliseconds for so many paths; this needs one or two.

const sheets = new WeakMap();

// An empty sheet as large as the canvas of `ink`, in device pixels; the same one every time.
export function sheet(ink) {
  const { canvas } = ink;
  const { width, height } = canvas;
  let made = sheets.get(canvas);
  if (made?.width !== width || made?.height !== height) {
    const image = new ImageData(width, height);
    made = { width, height, image, words: new Uint32Array(image.data.buffer), canvas: new OffscreenCanvas(width, height) };
    made.ink = made.canvas.getContext("2d");
    sheets.set(canvas, made);
  }
  made.words.fill(0);
  return made;
}

// Puts the sheet on its canvas, within its clip.
export function lay(ink, made) {
  made.ink.putImageData(made.image, 0, 0);
  ink.save();
  ink.setTransform(1, 0, 0, 1, 0, 0);
  ink.drawImage(made.canvas, 0, 0);
  ink.restore();
}

// The pixels of what `draw` paints around the middle of a square: [dx, dy, word] each.
export function stamp(side, draw) {
  const canvas = new OffscreenCanvas(side, side);
  const ink = canvas.getContext("2d", { willReadFrequently: true });
  draw(ink);
  const words = new Uint32Array(ink.getImageData(0, 0, side, side).data.buffer);
  const found = [];
  words.forEach((word, i) => {
    if (word >>> 24 > 40) found.push([(i % side) - (side >> 1), Math.floor(i / side) - (side >> 1), word]);
  });
  return found;
}

// Half-transparent pixels, the rims, do not cover what is there.
export function press({ words, width, height }, pixels, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  for (const [dx, dy, word] of pixels) {
    const [column, row] = [left + dx, top + dy];
    if (column < 0 || row < 0 || column >= width || row >= height) continue;
    const at = row * width + column;
    if (word >>> 24 > 160 || !words[at]) words[at] = word;
  }
}

// A triangle of corners [x, y, u, v], each pixel in the colour that `texture` has at its u, v.
export function triangle({ words, width, height }, texture, side, a, b, c) {
  const det = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
  if (!(Math.abs(det) > 1e-9)) return;
  const slope = (k) => ((b[k] - a[k]) * (c[1] - a[1]) - (c[k] - a[k]) * (b[1] - a[1])) / det;
  const [du, dv] = [slope(2), slope(3)];
  const [low, mid, high] = [a, b, c].sort((p, q) => p[1] - q[1]);
  const last = Math.min(height, Math.ceil(high[1] - 0.5));
  for (let row = Math.max(0, Math.ceil(low[1] - 0.5)); row < last; row++) {
    const y = row + 0.5;
    const long = edge(low, high, y);
    const short = y < mid[1] ? edge(low, mid, y) : edge(mid, high, y);
    const [left, right] = long < short ? [long, short] : [short, long];
    const from = Math.max(0, Math.ceil(left - 0.5));
    const to = Math.min(width, Math.ceil(right - 0.5));
    // u and v at the first pixel's middle, from corner a on.
    const dy = y - a[1];
    const along = (k, d) => a[k] + (from + 0.5 - a[0]) * d + dy * fall(a, b, c, k, det);
    let [u, v] = [along(2, du), along(3, dv)];
    for (let at = row * width + from, end = row * width + to; at < end; at++) {
      const column = u < 0 ? 0 : u >= side ? side - 1 : u | 0;
      const line = v < 0 ? 0 : v >= side ? side - 1 : v | 0;
      words[at] = texture[line * side + column];
      u += du;
      v += dv;
    }
  }
}

const edge = (p, q, y) => (q[1] === p[1] ? p[0] : p[0] + ((y - p[1]) / (q[1] - p[1])) * (q[0] - p[0]));
const fall = (a, b, c, k, det) => ((b[0] - a[0]) * (c[k] - a[k]) - (c[0] - a[0]) * (b[k] - a[k])) / det;

// Where the plane is pressed into a line: two pixels wide from [x, y, u, v] to another.
export function thread({ words, width, height }, texture, side, a, b) {
  const steps = Math.min(4000, Math.ceil(Math.max(Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1]), 1)));
  for (let i = 0; i <= steps; i++) {
    const [x, y, u, v] = a.map((from, k) => from + ((b[k] - from) * i) / steps);
    const word = texture[Math.min(side - 1, Math.max(0, v | 0)) * side + Math.min(side - 1, Math.max(0, u | 0))];
    for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
      const [column, row] = [Math.floor(x) + dx, Math.floor(y) + dy];
      if (column >= 0 && row >= 0 && column < width && row < height) words[row * width + column] = word;
    }
  }
}
