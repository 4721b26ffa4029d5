// Where the three matrices lie: in a row and to scale, or crossing, so that row and column meet in their product.
const TALL = 230; // of the whole, at most
const LEAST = { D: 26, V: 60, K: 18 }; // pixels that can be seen
const SIGN = 34; // "=" and "×"
const HEAD = 22; // a line of text

// Boxes { x, y, w, h, rows, columns } of the whole, and which sides had to be drawn larger.
export function far(width, [D, V, K], data) {
  const room = width - 2 * SIGN;
  // pixels a document, word or topic
  let scale = Math.min(TALL / Math.max(D, K), room / (2 * V + K));
  const px = (name, n, s = scale) => Math.max(LEAST[name], n * s);
  if (2 * px("V", V) + px("K", K) > room) scale = (room - LEAST.K) / (2 * V);
  const [h, w, k] = [px("D", D), px("V", V), px("K", K)];
  const larger = { D: h / (D * scale), V: w / (V * scale), K: k / (K * scale) };
  const tall = Math.max(h, k);
  const left = Math.max(0, (width - 2 * w - k - 2 * SIGN) / 2);
  const shape = (name) => data.shapes[name];
  const box = (x, bw, bh, name) => ({ x, y: HEAD, w: bw, h: bh, name, rows: shape(name)[0], columns: shape(name)[1] });
  const product = box(left, w, h, "far_p");
  const docs = box(left + w + SIGN, k, h, "far_doc_topic");
  const topics = box(docs.x + k + SIGN, w, k, "far_topic_word");
  const middle = HEAD + Math.min(h, tall) / 2;
  return { product, docs, topics, larger, width, height: HEAD + tall + 6, signs: [[left + w + SIGN / 2, middle, "="], [docs.x + k + SIGN / 2, middle, "×"]] };
}

// The part near by: topic-word above, document-topic at the left, the product where they cross.
export function near(width, data) {
  const [m, n] = data.shapes.near_p;
  const T = data.topics.length;
  const label = Math.round(Math.min(190, width * 0.22));
  const gap = 14;
  const wide = Math.max(1, Math.min(13, Math.floor((width * 0.3) / T))); // of a topic's column
  const room = width - label - 2 * gap - T * wide;
  const many = Math.max(1, Math.min(n, Math.floor(room / 11)));
  const columns = thinned(n, many, data.lit[1]);
  const word = Math.min(22, Math.floor(room / columns.length));
  const high = T <= 26 ? 14 : Math.max(3, Math.floor(330 / T)); // of a topic's row
  const row = 15; // of a document's
  const top = HEAD + 86;
  const x = label + gap + T * wide + gap;
  const y = top + T * high + gap + HEAD;
  return {
    columns, label,
    product: { x, y, w: columns.length * word, h: m * row, rows: m, columns: columns.length, name: "near_p" },
    docs: { x: label + gap, y, w: T * wide, h: m * row, rows: m, columns: T, name: "near_doc_topic" },
    topics: { x, y: top, w: columns.length * word, h: T * high, rows: T, columns: columns.length, name: "near_topic_word" },
    width, height: y + m * row + 6,
  };
}

// So many of 0 .. n - 1 in their order, the lit one among them, the others evenly spaced.
function thinned(n, many, lit) {
  if (many >= n) return Array.from({ length: n }, (_, j) => j);
  const taken = new Set([lit]);
  for (let k = 0; taken.size < many && k < n; k++) taken.add(Math.floor((k * n) / many) % n);
  for (let j = 0; taken.size < many; j++) taken.add(j);
  return [...taken].sort((a, b) => a - b);
}

// The box under a place, and its row and column.
export function under(boxes, x, y) {
  for (const which of ["product", "docs", "topics"]) {
    const { x: left, y: top, w, h, rows, columns } = boxes[which];
    const [u, v] = [(x - left) / w, (y - top) / h];
    if (u >= 0 && u < 1 && v >= 0 && v < 1) return { which, u, v, row: Math.floor(v * rows), column: Math.floor(u * columns) };
  }
  return null;
}
