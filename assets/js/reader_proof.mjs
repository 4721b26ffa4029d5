// What must hold between the signals of a cell at every character, with the numbers that are shown.
import { figure } from "./reader_text.mjs";

const CLOSE = 1e-4; // of the larger of 1 and the value
const NEAR = (a, b) => Math.abs(a - b) <= CLOSE * Math.max(1, Math.abs(b));
const factor = (value) => (figure(value).startsWith("\u2212") ? `(${figure(value)})` : figure(value));

// Each: what it is of, its words, what the right side comes to, and that right side in numbers.
const LAWS = {
  lstm: [
    { of: "s", words: "\u03c6\u00b7s\u208b\u2081 + \u03b9\u00b7g",
      value: (v) => v.phi * v.before + v.iota * v.g,
      written: (v) => `${figure(v.phi)} \u00b7 ${factor(v.before)} + ${factor(v.iota)} \u00b7 ${factor(v.g)}` },
    { of: "b", words: "\u03c9\u00b7tanh s",
      value: (v) => v.omega * Math.tanh(v.s),
      written: (v) => `${figure(v.omega)} \u00b7 tanh ${factor(v.s)}` },
  ],
  gru: [
    { of: "h", words: "z\u00b7h\u208b\u2081 + (1\u2212z)\u00b7h\u0303",
      value: (v) => v.z * v.before + (1 - v.z) * v.candidate,
      written: (v) => `${figure(v.z)} \u00b7 ${factor(v.before)} + ${factor(1 - v.z)} \u00b7 ${factor(v.candidate)}` },
  ],
  srn: [],
};
const STATE = { lstm: "s", gru: "h", srn: "h" };

// All numbers of `cell` at character t; `before` is its state at the character it read before, 0 where
// it begins anew: in front of the characters `starts`, a Set.
export function numbers(cell, t, starts) {
  const found = {};
  for (const [name, values] of Object.entries(cell.signals)) found[name] = values[t];
  const fresh = starts.has(cell.backward ? t + 1 : t);
  found.before = (!fresh && cell.signals[STATE[cell.kind]]?.[cell.backward ? t + 1 : t - 1]) || 0;
  return found;
}

// "s = φ·s₋₁ + ι·g = 0.982 · 3.013 + 0.995 · 0.972 = 3.926", and whether it holds.
export function proofs(cell, t, starts) {
  const v = numbers(cell, t, starts);
  return (LAWS[cell.kind] ?? []).map(({ of, words, value, written }) => {
    const right = value(v);
    const holds = NEAR(right, v[of]);
    const end = holds ? "" : ` \u2260 ${figure(v[of])}`;
    return { of, holds, text: `${of} = ${words} = ${written(v)} = ${figure(holds ? v[of] : right)}${end}` };
  });
}

// Over the whole text and all cells: { law, failed: characters where it does not hold, worst }.
export function everywhere(cells, count, starts) {
  const found = new Map();
  for (const cell of cells) {
    for (const law of LAWS[cell.kind] ?? []) {
      const words = `${law.of} = ${law.words}`;
      const one = found.get(words) ?? { words, worst: 0, broken: new Set() };
      found.set(words, one);
      for (let t = 0; t < count; t++) {
        const v = numbers(cell, t, starts);
        const right = law.value(v);
        if (NEAR(right, v[law.of])) one.worst = Math.max(one.worst, Math.abs(right - v[law.of]));
        else one.broken.add(t);
      }
    }
  }
  return [...found.values()].map(({ words, worst, broken }) => ({ words, worst, failed: broken.size }));
}
