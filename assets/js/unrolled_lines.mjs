// The equations of one unit at one step, with its numbers.
import { figure } from "./cell_draw.mjs";

const sigmoid = (a) => 1 / (1 + Math.exp(-a));
const signedTerm = (value) => (value < 0 ? `− ${figure(-value)}` : `+ ${figure(value)}`);

// { where, lines: [[symbols, numbers]] } of the chosen unit.
export function lines(data, { at, row, unit }) {
  const one = data.rows[row];
  const before = one.backward ? at + 1 : at - 1;
  const value = (name, t = at) => one.signals[one.names.indexOf(name)][t]?.[unit] ?? 0;
  const enter = one.enter[at].map((block) => block[unit]);
  const back = one.back[at].map((block) => block[unit]);
  const layers = data.rows.some((other) => other.layer > 0) ? ` of layer ${one.layer + 1}` : "";
  const ways = data.rows.some((other) => other.backward) ? (one.backward ? ", reading backwards" : ", reading forwards") : "";
  const where = `Unit ${unit}${layers}${ways}, step ${at + 1}, reading “${data.characters[at]}”`;
  const sum = (k) => `${figure(enter[k])} ${signedTerm(back[k])}`;
  const b = one.backward ? "t+1" : "t−1";
  const told = { srn, gru, lstm, echo }[data.kind]({ value, enter, back, sum, before, b, one, unit, alone: data.rows.length === 1 });
  const { told: said, share } = data.outputs[at];
  if (data.kind === "echo") told.push(["y_{t} = W_{out} (1, u_{t}, x_{t})", `largest: “${said}”`]);
  else told.push(["o_{t} = softmax(V s_{t})".replace("s_", data.kind === "lstm" ? "b_" : data.kind === "gru" ? "h_" : "s_"), `“${said}”, ${figure(share)}`]);
  return { where, lines: told };
}

const srn = ({ value, enter, back, sum, b, alone }) => [
  [`s_{t} = f(U x_{t} + W s_{${b}})`, `= tanh(${sum(0)}) = ${figure(Math.tanh(enter[0] + back[0]))}`],
  ...(alone ? [["copied into the context:", `${figure(value("h"))}`]] : []),
];

const echo = ({ enter, back, sum, b }) => [
  [`x_{t} = tanh(W_{in} u_{t} + W x_{${b}} + b)`, `= tanh(${sum(0)}) = ${figure(Math.tanh(enter[0] + back[0]))}`],
];

// Blocks lie as in torch: r, z, candidate.
function gru({ value, enter, back, sum, before, b }) {
  const [r, z] = [sigmoid(enter[0] + back[0]), sigmoid(enter[1] + back[1])];
  const candidate = Math.tanh(enter[2] + r * back[2]);
  const old = value("h", before);
  return [
    [`z_{t} = σ(W^{(z)} x_{t} + U^{(z)} h_{${b}})`, `= σ(${sum(1)}) = ${figure(z)}`],
    [`r_{t} = σ(W^{(r)} x_{t} + U^{(r)} h_{${b}})`, `= σ(${sum(0)}) = ${figure(r)}`],
    [`h̃_{t} = tanh(W x_{t} + r_{t} ∘ U h_{${b}})`, `= tanh(${figure(enter[2])} + ${figure(r)} · ${figure(back[2])}) = ${figure(candidate)}`],
    [`h_{t} = z_{t} ∘ h_{${b}} + (1 − z_{t}) ∘ h̃_{t}`, `= ${figure(z)} · ${figure(old)} + ${figure(1 - z)} · ${figure(candidate)} = ${figure(z * old + (1 - z) * candidate)}`],
  ];
}

// Blocks: iota, phi, cell, omega.
function lstm({ value, enter, back, sum, before, b, one, unit }) {
  const w = one.peepholes?.map((block) => block[unit]);
  const [old, s] = [value("s", before), value("s")];
  const peep = (k, cell) => (w ? ` ${signedTerm(w[k] * cell)}` : "");
  const added = (k, cell) => enter[[0, 1, 3][k]] + back[[0, 1, 3][k]] + (w ? w[k] * cell : 0);
  const [iota, phi, omega] = [sigmoid(added(0, old)), sigmoid(added(1, old)), sigmoid(added(2, s))];
  const g = Math.tanh(enter[2] + back[2]);
  const look = (k, letter, time) => (w ? ` + w_{c${letter}} s^{${time}}` : "");
  const now = phi * old + iota * g;
  return [
    [`ι = f(Σ w x^{t} + Σ w b^{${b}}${look(0, "ι", b)})`, `= f(${sum(0)}${peep(0, old)}) = ${figure(iota)}`],
    [`φ = f(Σ w x^{t} + Σ w b^{${b}}${look(1, "φ", b)})`, `= f(${sum(1)}${peep(1, old)}) = ${figure(phi)}`],
    [`s^{t} = φ s^{${b}} + ι g(a_{c})`, `= ${figure(phi)} · ${figure(old)} + ${figure(iota)} · ${figure(g)} = ${figure(now)}`],
    [`ω = f(Σ w x^{t} + Σ w b^{${b}}${look(2, "ω", "t")})`, `= f(${sum(3)}${peep(2, s)}) = ${figure(omega)}`],
    [`b^{t} = ω h(s^{t})`, `= ${figure(omega)} · tanh(${figure(now)}) = ${figure(omega * Math.tanh(now))}`],
  ];
}
