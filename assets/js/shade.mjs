// Probabilities as colours: each class has its own, mixed by what the net believes, and fading into
// the background where it cannot decide.
import { rgb } from "./theme.mjs";

const [LIGHT, DARK] = [0.58, 0.5]; // how much of the class colours is left where the net is certain

// What `shade` needs of `count` classes: their colours, and for two of them all 256 mixtures.
export function palette(count, colours) {
  const made = {
    count,
    ground: rgb(colours.background),
    inks: colours.classes.slice(0, count).map(rgb),
    strength: colours.dark ? DARK : LIGHT,
  };
  if (count === 2) {
    const both = new Uint8Array(512);
    for (let p = 0; p < 256; p++) [both[p], both[256 + p]] = [255 - p, p];
    made.table = new Uint32Array(blend(both, made, new Uint8ClampedArray(1024)).buffer);
  }
  return made;
}

// planes: (count, size) of 0..255, or the one of class 1 if there are two; out: (size, 4), opaque.
export function shade(planes, palette, out) {
  if (!palette.table) return blend(planes, palette, out);
  const words = new Uint32Array(out.buffer, out.byteOffset, planes.length);
  for (let i = 0; i < planes.length; i++) words[i] = palette.table[planes[i]];
  return out;
}

function blend(planes, { count, ground, inks, strength }, out) {
  const size = planes.length / count;
  for (let i = 0; i < size; i++) {
    let [sum, most, r, g, b] = [0, 0, 0, 0, 0];
    for (let k = 0; k < count; k++) {
      const p = planes[k * size + i];
      const ink = inks[k];
      sum += p;
      if (p > most) most = p;
      r += p * ink[0];
      g += p * ink[1];
      b += p * ink[2];
    }
    if (!sum) sum = 1;
    const sure = Math.max(0, (most / sum - 1 / count) / (1 - 1 / count));
    const share = strength * Math.sqrt(sure) * (0.45 + 0.55 * sure);
    out[4 * i] = ground[0] + share * (r / sum - ground[0]);
    out[4 * i + 1] = ground[1] + share * (g / sum - ground[1]);
    out[4 * i + 2] = ground[2] + share * (b / sum - ground[2]);
    out[4 * i + 3] = 255;
  }
  return out;
}

// The same planes on a grid `by` times as fine, with all the belief given to the likeliest class.
export function decided(planes, side, by) {
  const count = planes.length / (side * side);
  const fine = (side - 1) * by + 1;
  const size = fine * fine;
  const out = new Uint8Array(count * size);
  const best = new Float32Array(size).fill(count === 1 ? 127.5 : -1);
  const winner = new Int8Array(size).fill(-1);
  for (let k = 0; k < count; k++) {
    const from = planes.subarray(k * side * side);
    for (let row = 0, at = 0; row < fine; row++) {
      const top = Math.min(side - 2, Math.floor(row / by));
      const v = row / by - top;
      for (let column = 0; column < fine; column++, at++) {
        const left = Math.min(side - 2, Math.floor(column / by));
        const u = column / by - left;
        const a = top * side + left;
        const upper = from[a] + u * (from[a + 1] - from[a]);
        const lower = from[a + side] + u * (from[a + side + 1] - from[a + side]);
        const p = upper + v * (lower - upper);
        if (p > best[at]) [best[at], winner[at]] = [p, k];
      }
    }
  }
  for (let at = 0; at < size; at++) if (winner[at] >= 0) out[winner[at] * size + at] = 255;
  return out;
}
