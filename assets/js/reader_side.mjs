// All numbers of one character: its signals, what must hold between them, what was expected.
import { make } from "./make.mjs";
import { proofs } from "./reader_proof.mjs";
import { place } from "./reader_layout.mjs";
import { character, figure, percent, point, shown, spoken } from "./reader_text.mjs";

const LETTERS = { iota: "\u03b9", phi: "\u03c6", omega: "\u03c9", g: "g", s: "s", b: "b", r: "r", z: "z", candidate: "h\u0303", h: "h" };
const WORDS = {
  iota: "input gate", phi: "forget gate", omega: "output gate", g: "candidate", s: "cell state", b: "hidden state",
  r: "reset gate", z: "update gate", candidate: "candidate", h: "hidden state",
};

export function fill(host, view, t) {
  const { scene } = view;
  host.replaceChildren(head(view, t), ...scene.cells.map((cell) => unit(cell, t, scene.starts)), ...expected(scene, t), cost(scene, t));
  host.dataset.index = t;
}

function head({ scene, base, theme }, t) {
  const code = scene.codes[t];
  const [line, column] = place(scene.text, t);
  const level = base ? base.scale.level(base.values[t]) : -1;
  const sign = make("b", { className: "sign" }, shown(code).sign);
  sign.style.background = level < 0 ? theme.secondary : base.scale.css[level];
  sign.style.color = level < 0 ? theme.text : base.scale.ink[level];
  const words = make("div", {}, make("strong", {}, `Character ${t}`), make("span", {}, `line ${line}, column ${column}`),
    make("span", {}, `${spoken(code)}, ${point(code)}`));
  if (scene.unknown[t]) words.append(make("span", { className: "unknown" }, "unknown to the net"));
  return make("header", {}, sign, words);
}

function unit(cell, t, starts) {
  const list = make("dl", {});
  for (const [name, values] of Object.entries(cell.signals)) {
    const value = make("dd", {}, figure(values[t]));
    value.dataset.signal = name;
    list.append(make("div", { title: WORDS[name] ?? name }, make("dt", {}, LETTERS[name] ?? name), value));
  }
  const told = proofs(cell, t, starts).map(({ text, holds, of }) => {
    const sign = make("b", { title: holds ? "It holds" : "It does not hold: the net is held here" }, holds ? "\u2713" : "\u2717");
    const line = make("p", { className: holds ? "proof holds" : "proof" }, `${breakable(text)}\u00a0`, sign);
    line.dataset.of = of;
    return line;
  });
  const made = make("section", {}, make("h4", {}, `Unit ${cell.label}`), list, ...told);
  made.dataset.unit = cell.label;
  return made;
}

// A line may end only before a sign of equality, or of a sum.
const breakable = (text) => text.replace(/ (?![=\u2260+])/g, "\u00a0");

// The likeliest next characters; the one that came is marked, and added where it is not among them.
function expected({ codes, count, starts, unknown, characters, guesses, chances, most, loss }, t) {
  if (!most) return [];
  const next = t + 1 < count && !starts.has(t + 1) ? codes[t + 1] : null;
  const rows = [];
  let among = false;
  for (let k = 0; k < most; k++) {
    const index = guesses[t * most + k];
    const came = next !== null && (unknown[t + 1] ? index === 0 : index > 0 && characters[index] === next);
    among ||= came;
    rows.push(bar(index ? characters[index] : null, chances[t * most + k], came));
  }
  if (next !== null && !among && loss[t + 1] >= 0) rows.push(bar(next, 2 ** -loss[t + 1], true));
  return [make("section", { className: "next" }, make("h4", {}, "What it expects next"), ...rows)];
}

function bar(code, chance, came) {
  const name = make("b", { className: "letter", title: code === null ? "any character the net does not know" : spoken(code) }, code === null ? "?" : shown(code).sign);
  const fill = make("i", {});
  fill.style.width = `${100 * chance}%`;
  const row = make("div", { className: came ? "bar came" : "bar" }, name, make("span", { className: "rail" }, fill),
    make("span", { className: "share" }, percent(chance)), make("span", { className: "fact" }, came ? "came" : ""));
  row.dataset.character = code === null ? "" : character(code);
  return row;
}

function cost({ loss, hasLoss, starts }, t) {
  if (!hasLoss) return "";
  if (!(loss[t] >= 0)) return make("p", { className: "cost" }, starts.has(t) ? `Nothing foretold this character: ${t ? "the net begins anew here" : "it is the first"}.` : "");
  return make("p", { className: "cost" }, "This character cost ", make("b", {}, `${figure(loss[t])} bits`),
    `: it had been given ${percent(2 ** -loss[t]).replace("<", "less than")}.`);
}

// The same in a sentence, for those who listen.
export function aloud({ scene, series }, t) {
  const [line, column] = place(scene.text, t);
  const values = series.slice(0, 4).filter(({ values }) => values[t] === values[t]).map(({ title, values }) => `${title} ${figure(values[t])}`);
  return [`Character ${t}, ${spoken(scene.codes[t])}, line ${line}, column ${column}`, ...(scene.unknown[t] ? ["unknown to the net"] : []), ...values].join("; ");
}
