// What was found in a video, as tables: rows in time, the things of each, and what has been counted.
// Between two rows a thing with an id goes straight from its place in the first to that in the second.
const TRAIL = 64; // places of a trail, at most

// Header and payload of pages/_kit/stage/clip.py.
export function read(header, payload) {
  const tables = {};
  for (const [name, [, shape, at]] of Object.entries(header.arrays)) {
    const bytes = 4 * shape.reduce((a, b) => a * b, 1);
    tables[name] = new Float32Array(payload.slice(at, at + bytes).buffer);
  }
  const { times, ends } = tables;
  const first = (row) => (row ? ends[row - 1] : 0);
  const count = (row) => ends[row] - first(row);
  let most = 1;
  for (let row = 0; row < times.length; row++) most = Math.max(most, count(row));
  return { ...tables, rows: times.length, first, count, most, labels: header.labels, byId: index(tables) };
}

// The row that holds at `t` seconds: the last that is not later; -1 before the first.
export function rowAt(data, t) {
  let [low, high] = [0, data.rows];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (data.times[middle] <= t + 1e-3) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// The things of `row` as they are at `t`: { id, label, colour, ink, score, box }.
export function things(data, row, t) {
  if (row < 0) return [];
  const later = row + 1 < data.rows ? places(data, row + 1) : new Map();
  const share = row + 1 < data.rows ? Math.min(1, Math.max(0, (t - data.times[row]) / (data.times[row + 1] - data.times[row]))) : 0;
  const found = [];
  for (let i = data.first(row); i < data.ends[row]; i++) {
    const id = data.ids[i];
    const [label, colour, ink] = data.labels[data.classes[i]];
    const box = [...data.boxes.subarray(4 * i, 4 * i + 4)];
    const next = id ? later.get(id) : undefined;
    if (next !== undefined) for (let k = 0; k < 4; k++) box[k] += share * (data.boxes[4 * next + k] - box[k]);
    found.push({ id, label, colour, ink, score: data.scores[i], box });
  }
  return found;
}

// Where thing `id` has been until `row`, the oldest first: [x, y] of its centre.
export function trail(data, id, row) {
  const way = [];
  for (const i of data.byId.get(id) ?? []) {
    if (i >= data.ends[row]) break;
    way.push([(data.boxes[4 * i] + data.boxes[4 * i + 2]) / 2, (data.boxes[4 * i + 1] + data.boxes[4 * i + 3]) / 2]);
  }
  return way.slice(-TRAIL);
}

// Until `t`, by label: [label, colour, different things, with the arrow, against it].
export function counts(data, t) {
  const sums = data.labels.map(([label, colour]) => [label, colour, 0, 0, 0]);
  for (let i = 0; i < data.seen.length && data.seen[i] <= t + 1e-3; i += 2) sums[data.seen[i + 1]][2] += 1;
  for (let i = 0; i < data.crossed.length && data.crossed[i] <= t + 1e-3; i += 3) {
    sums[data.crossed[i + 1]][data.crossed[i + 2] > 0 ? 3 : 4] += 1;
  }
  return sums.filter(([, , seen]) => seen);
}

function places(data, row) {
  const found = new Map();
  for (let i = data.first(row); i < data.ends[row]; i++) if (data.ids[i]) found.set(data.ids[i], i);
  return found;
}

function index({ ids }) {
  const found = new Map();
  ids.forEach((id, i) => {
    if (!id) return;
    if (found.has(id)) found.get(id).push(i);
    else found.set(id, [i]);
  });
  return found;
}
