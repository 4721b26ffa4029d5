// What came from the server, ready to be drawn. Contract: pages/_kit/stage/reader.py.
import { measured } from "./reader_layout.mjs";
import { everywhere } from "./reader_proof.mjs";
import { parse } from "./socket.mjs";

export function scene(data) {
  const { header, arrays, shapes } = parse(data.slice().buffer);
  const codes = Int32Array.from(header.text);
  const starts = new Set(header.starts);
  const cells = header.cells.map((cell, i) => ({
    ...cell,
    signals: Object.fromEntries(cell.signals.map((name, k) => [name, arrays[cell.arrays[k]]])),
  }));
  const loss = arrays.loss.map((bits) => (bits < 0 ? NaN : bits));
  return {
    ...header,
    codes,
    starts,
    cells,
    loss,
    hasLoss: loss.some((bits) => bits === bits),
    text: measured(codes),
    unknown: arrays.unknown,
    guesses: arrays.guesses,
    chances: arrays.chances,
    most: shapes.guesses[1] ?? 0,
    tracks: header.tracks.map((track) => ({
      ...track,
      values: arrays[track.values],
      before: track.before === null ? null : arrays[track.before],
    })),
    laws: everywhere(cells, codes.length, starts),
  };
}

export const same = (a, b) => a.length === b.length && a.every((code, i) => code === b[i]);

// 2·10⁻⁷
function power(value) {
  const [digit, exponent] = value.toExponential(0).split("e");
  const raised = [...exponent.replace("+", "")].map((c) => (c === "-" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[c])).join("");
  return `${digit}\u00b710${raised}`;
}

// What the page says above the text: nodes come from `bold`.
export function sentence({ count, text, cells, laws, loss, hasLoss, tracks }, bold) {
  const n = (value) => value.toLocaleString("en");
  const lines = text.lines.length;
  const told = [bold(`${n(count)} character${count === 1 ? "" : "s"}`), ` in ${n(lines)} line${lines === 1 ? "" : "s"}. `];
  const who = cells.length === 1 ? `unit ${cells[0].label}` : cells.length < 5 ? `units ${cells.map((c) => c.label).join(", ")}` : `all ${cells.length} units shown`;
  const kept = laws.filter(({ failed }) => !failed);
  if (kept.length) {
    const worst = Math.max(...kept.map((law) => law.worst));
    kept.forEach(({ words }, k) => told.push(k ? " and " : "", bold(words)));
    told.push(` hold${kept.length > 1 ? "" : "s"} at all ${n(count)} characters for ${who} (largest difference ${worst ? power(worst) : "none"}). `);
  }
  const held = tracks.some(({ before }) => before);
  for (const { words, failed } of laws.filter((law) => law.failed)) {
    told.push(bold(words), ` does not hold at ${n(failed)} character${failed === 1 ? "" : "s"}${held ? ": there a value is held, not computed" : ""}. `);
  }
  if (hasLoss) {
    let [sum, of] = [0, 0];
    for (const bits of loss) if (bits === bits) [sum, of] = [sum + bits, of + 1];
    told.push(`A character costs ${(sum / of).toFixed(2)} bits on average.`);
  }
  return told;
}
