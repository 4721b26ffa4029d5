// Beside the chart: what a number of a cell is made of, written out, every product with its parts.
import { figure, percent } from "./cky_data.mjs";
import { make } from "./make.mjs";

const FEW = 12; // symbols and products before "all"
const LETTER = { viterbi: "w", inside: "inside", outside: "outside", posterior: "p" };

// view: chart, data, chosen { c, e }, split (the last one done in this cell, or Infinity).
// act: choose(c, e), point(way or null).
export function panel(view, act) {
  const { chart, data, chosen } = view;
  const { i, j, total } = chart.cell(chosen.c);
  const shown = chart.shown(chosen.c, data.values, view.split);
  const words = data.words.slice(i, j + 1);
  const some = words.length > 14 ? [...words.slice(0, 7), "…", ...words.slice(-6)] : words;
  const head = [
    make("div", { className: "where" }, i === j ? `Word ${i + 1}` : `Words ${i + 1} to ${j + 1}`),
    make("div", { className: "span" }, some.join(" ")),
  ];
  if (view.blank) return [...head, say("Not filled yet at this step.")];
  if (view.now !== null && view.now >= 0) head.push(split(view, i, j));
  if (!shown.length && view.now !== null && view.now >= 0) return head;
  if (!shown.length) return [...head, say(nothing(view, i, j))];
  const e = shown.some(([one]) => one === chosen.e) ? chosen.e : shown[0][0];
  return [...head, symbols(view, act, shown, total, e), ...explained(view, act, e, i, j)];
}

// What this step tries: everything of the left part with everything of the right.
function split({ chart, data, chosen, now: s }, i, j) {
  const side = (a, b, kind) => {
    const names = chart.shown(chart.at(a, b), data.values).map(([e]) => chart.name(e));
    const text = names.length > 5 ? `${names.slice(0, 4).join(", ")} and ${names.length - 4} more` : names.join(", ");
    return make("b", { className: kind }, text || "nothing");
  };
  const { first, size } = chart.cell(chosen.c);
  let fits = 0;
  for (let e = first; e < first + size; e++) fits += chart.waysOf(e).filter((one) => one.split === s).length;
  const told = !data.whole ? "" : fits ? `: ${fits} ${fits === 1 ? "product" : "products"}` : ": no rule joins them";
  return make("div", { className: "tried" }, `s = ${s + 1}, `, side(i, s, "left"), ` (${range(i, s)}) with `, side(s + 1, j, "right"), ` (${range(s + 1, j)})${told}`);
}
const range = (a, b) => (a === b ? `${a + 1}` : `${a + 1} to ${b + 1}`);

const say = (text) => make("p", { className: "say" }, text);

function nothing({ data, chart }, i, j) {
  if (DOWNWARDS.has(data.values)) {
    const any = chart.cell(chart.at(i, j)).size > 0;
    return any ? "No tree of the whole sentence has a part here." : "Nothing can be made of these words.";
  }
  if (i === j) return data.unknown.includes(i) ? "No rule of the grammar makes this word, so no tree can have it." : "No category.";
  return "No rule puts two neighbouring parts of these words together.";
}
const DOWNWARDS = new Set(["outside", "posterior"]);

function symbols(view, act, shown, total, chosen) {
  const { chart, data } = view;
  const listed = view.listed?.symbols;
  const names = new Set(shown.map(([e]) => chart.name(e)));
  const more = listed ? listed.filter(([name]) => !names.has(name)) : [];
  const chips = shown.map(([e, log]) => {
    const on = e === chosen && !view.asked;
    const chip = make("button", { type: "button", className: "chip", "aria-pressed": on, onclick: () => act.choose(chosen_cell(view), e) },
      make("b", { className: view.lit.has(e) ? "lit" : "" }, chart.name(e)), ` ${number(log, data.values)}`);
    chip.dataset.symbol = chart.name(e);
    return chip;
  });
  for (const [name, log] of data.values === "viterbi" ? more : []) {
    chips.push(make("button", { type: "button", className: "chip", "aria-pressed": name === view.asked, onclick: () => act.ask(name) }, make("b", {}, name), ` ${number(log, data.values)}`));
  }
  const some = view.all.symbols ? chips : chips.slice(0, FEW);
  const hidden = Math.max(total, chips.length) - some.length;
  if (hidden > 0) some.push(make("button", { type: "button", className: "chip more", onclick: () => act.all("symbols") }, `+${hidden} more`));
  return make("div", { className: "symbols", role: "group", "aria-label": "Categories of this cell" }, ...some);
}

const chosen_cell = (view) => view.chosen.c;
const number = (log, view) => (view === "posterior" ? percent(Math.exp(log)) : figure(log));

function explained(view, act, e, i, j) {
  const { chart, data } = view;
  if (view.asked && view.listed?.symbol === view.asked) return maximum(view, act, view.asked, elsewhere(view), i, j);
  const name = chart.name(e);
  if (data.values === "posterior") return posterior(view, e, name, i, j);
  if (data.values === "outside") return outside(view, act, e, name, i, j);
  if (!data.whole) {
    if (data.values === "inside") return [formula(view, name, i, j), result(figure(chart.value(e, "inside"))), say("Too many products to list: the sum is over all of them.")];
    const told = view.listed?.symbol === name ? elsewhere(view) : null;
    return maximum(view, act, name, told ?? rows(view, e, i, j), i, j);
  }
  return maximum(view, act, name, rows(view, e, i, j), i, j);
}

// The products of an entry, those of splits to come left out.
function rows(view, e, i, j) {
  const { chart, data, split } = view;
  const sum = data.values === "inside";
  const done = split >= j - 1;
  return chart.waysOf(e).filter((one) => (one.split < 0 ? done : one.split <= split)).map((one) => {
    const logs = chart.parts(one, sum);
    const spans = one.chain ? [[i, j]] : one.split >= 0 ? [[i, one.split], [one.split + 1, j]] : [];
    const entries = [one.left, one.right].filter((part) => part >= 0);
    const parts = entries.map((part, k) => ({ name: chart.name(part), e: part, span: spans[k], log: logs[k] }));
    return { one, names: one.names, split: one.split, chain: one.chain, logP: one.logP, parts, log: chart.product(one, sum), now: data.whole && one.split === view.now };
  });
}

// The same from the server's list, where the chart is not whole.
function elsewhere({ listed, chart }) {
  const { i, j, symbol, ways } = listed;
  return ways.map(([names, split, logP, logs, chain]) => {
    const spans = chain ? [[i, j]] : split >= 0 ? [[i, split], [split + 1, j]] : [];
    const parts = logs.map((log, k) => ({ name: chain ? names.at(-1) : names[k], e: chart.entry(...spans[k], chain ? names.at(-1) : names[k]), span: spans[k], log }));
    return { one: null, names: [symbol, ...names.slice(chain ? 1 : 0)], split, chain, logP, parts, log: logs.reduce((a, b) => a + b, logP), now: false };
  });
}

function maximum(view, act, name, found, i, j) {
  const { data } = view;
  const sum = data.values === "inside";
  const best = Math.max(...found.map(({ log }) => log));
  const order = [...found].sort((a, b) => b.log - a.log || a.split - b.split);
  const equals = found.filter(({ log }) => log >= best - 2e-6).length;
  const total = found.reduce((all, { log }) => all + Math.exp(log - best), 0);
  const part = (log) => Math.exp(log - best) / (sum ? total : 1);
  const some = view.all.ways ? order : order.slice(0, FEW);
  const list = make("ol", { className: "ways" }, ...some.map((row) => way(view, act, row, part(row.log), !sum && row.log >= best - 2e-6, equals)));
  const missing = (view.asked || !data.whole) && view.listed?.symbol === name ? view.listed.total - some.length : found.length - some.length;
  const out = [formula(view, name, i, j, found), list];
  if (missing > 0) out.push(make("button", { type: "button", className: "chip more", onclick: () => act.all("ways"), disabled: some.length === found.length }, `and ${missing.toLocaleString("en")} smaller ones`));
  const log = sum ? best + Math.log(total) : best;
  out.push(result(figure(log), close(found, equals, sum, view)));
  return out;
}

function close(found, equals, sum, view) {
  const soFar = view.split !== Infinity && view.split < view.chart.cell(view.chosen.c).j - 1 ? " so far" : "";
  if (sum) return found.length > 1 ? `the sum of ${found.length}${soFar}` : "";
  if (equals > 1) return `${equals} ways are equally good${soFar}: a tie`;
  return found.length > 1 ? `the largest of ${found.length}${soFar}` : "";
}

const index = (i, j, X) => `[${i + 1}, ${j + 1}, ${X}]`;

function formula(view, X, i, j, found = []) {
  const letter = LETTER[view.data.values];
  const left = `${letter}${index(i, j, X)} = `;
  const over = view.data.values === "inside" ? "Σ" : "max";
  if (i === j && !found.some(({ chain }) => chain)) return make("div", { className: "formula" }, `${left}p(${X} → ${view.data.words[i]})`);
  const split = `p(${X} → Y Z) ${letter}[${i + 1}, s, Y] ${letter}[s+1, ${j + 1}, Z]`;
  const chain = `p(${X} ⇒ B) ${letter}[${i + 1}, ${j + 1}, B]`;
  const kinds = [...(found.some(({ chain: c, split: s }) => !c && s >= 0) || !found.length ? [split] : []),
    ...(found.some(({ chain: c, split: s }) => !c && s < 0) ? [`p(${X} → ${view.data.words[i]})`] : []), ...(found.some(({ chain: c }) => c) ? [chain] : [])];
  return make("div", { className: "formula" }, left, make("span", {}, over), make("sub", {}, kinds.includes(split) ? "s, Y, Z" : ""), ` ${kinds.join(over === "Σ" ? " + Σ " : ", ")}`);
}

const result = (text, told = "") => make("div", { className: "result" }, make("b", {}, `= ${text}`), told ? make("span", {}, ` ${told}`) : "");

function way(view, act, row, share, best, equals) {
  const { names, split, chain, logP, parts, log } = row;
  const [X, ...right] = names;
  const side = ["left", "right"];
  const title = chain ? names.join(" ⇒ ") : null;
  const word = !chain && split < 0;
  const rule = make("span", { className: "rule" }, title ?? `${X} → `,
    ...(chain ? [] : right.map((name, k) => make("span", { className: word ? "" : side[k] }, `${k ? " " : ""}${name}`))));
  const where = split >= 0 ? make("span", { className: "split" }, `s = ${split + 1}`) : "";
  const badge = best ? make("span", { className: "badge" }, equals > 1 ? "equal" : "best") : "";
  const factors = parts.map(({ name, e, span, log: worth }, k) => {
    const label = `${LETTER[view.data.values]}${index(...span, name)}`;
    const button = make("button", { type: "button", className: `part ${chain ? "" : side[k]}`, title: `Go to ${label}`, disabled: e < 0, onclick: () => act.choose(view.chart.at(...span), e) }, figure(worth));
    button.setAttribute("aria-label", `${label} ${figure(worth)}`);
    return button;
  });
  const bar = make("i", { className: "share" });
  bar.style.width = `${Math.max(0.5, 100 * share)}%`;
  const line = make("li", { className: `way${best ? " best" : ""}${row.now ? " now" : ""}` },
    make("div", { className: "top" }, rule, where, badge),
    make("div", { className: "sum" }, ...[make("span", { title: chain ? "of the unit rules" : "of the rule" }, figure(logP)), ...factors].flatMap((one, k) => (k ? [" × ", one] : [one])), parts.length ? make("span", { className: "equals" }, ` = ${figure(log)}`) : ""),
    make("div", { className: "rail" }, bar));
  if (row.one) {
    line.addEventListener("pointerenter", () => act.point(row.one));
    line.addEventListener("pointerleave", () => act.point(null));
  }
  return line;
}

// What stands round a category: every place where it is a part of something larger.
function outside(view, act, e, name, i, j) {
  const { chart, data } = view;
  const value = chart.value(e, "outside");
  const left = `outside${index(i, j, name)}`;
  const root = i === 0 && j === chart.n - 1 && name === data.start;
  const intro = make("div", { className: "formula" }, `${left} = Σ p(X → Y Z) outside(X) inside(the other part)`);
  if (!data.whole) return [intro, result(figure(value)), say("Too many products to list: the sum is over all of them.")];
  const found = chart.users(e).map(([top, one]) => {
    const other = one.chain ? -1 : one.left === e ? one.right : one.left;
    const out = chart.get(top, one.chain ? "outside_whole" : "outside");
    const beside = other < 0 ? 0 : chart.get(other, "inside");
    return { top, one, other, out, beside, log: one.logP + out + beside };
  }).filter(({ log }) => log > -Infinity).sort((a, b) => b.log - a.log);
  const some = view.all.ways ? found : found.slice(0, FEW);
  const part = (k, log) => {
    const c = chart.home[k];
    const span = chart.cell(c);
    return make("button", { type: "button", className: "part", title: `Go to ${index(span.i, span.j, chart.name(k))}`, onclick: () => act.choose(c, k) }, figure(log));
  };
  const lines = some.map(({ top, one, other, out, beside, log }) => {
    const span = chart.cell(chart.home[top]);
    const bar = make("i", { className: "share" });
    bar.style.width = `${Math.max(0.5, 100 * Math.exp(log - value))}%`;
    const rule = one.chain ? one.names.join(" ⇒ ") : `${one.names[0]} → ${one.names.slice(1).join(" ")}`;
    const line = make("li", { className: "way" },
      make("div", { className: "top" }, make("span", { className: "rule" }, rule), make("span", { className: "split" }, `over ${span.i + 1} to ${span.j + 1}`)),
      make("div", { className: "sum" }, figure(one.logP), " × ", part(top, out), ...(other >= 0 ? [" × ", part(other, beside)] : []), make("span", { className: "equals" }, ` = ${figure(log)}`)),
      make("div", { className: "rail" }, bar));
    line.addEventListener("pointerenter", () => act.point(one, top));
    line.addEventListener("pointerleave", () => act.point(null));
    return line;
  });
  if (root) return [make("div", { className: "formula" }, `${left} = 1`), say("Nothing stands round the whole sentence.")];
  const out = [intro, make("ol", { className: "ways" }, ...lines)];
  if (found.length > some.length) out.push(make("button", { type: "button", className: "chip more", onclick: () => act.all("ways") }, `and ${found.length - some.length} smaller ones`));
  return [...out, result(figure(value), found.length > 1 ? `the sum of ${found.length}` : "")];
}

function posterior(view, e, name, i, j) {
  const { chart, data } = view;
  const [inside, out, share] = ["inside", "outside", "posterior"].map((of) => chart.value(e, of));
  const whole = data.log_sum;
  const plain = Math.abs(inside + out - whole - share) < 1e-4;
  const lines = [make("div", { className: "formula" }, `p(${name} over ${i + 1} to ${j + 1} | sentence)`)];
  if (plain) {
    lines.push(make("div", { className: "formula" }, `= inside${index(i, j, name)} outside${index(i, j, name)} / inside${index(0, chart.n - 1, data.start)}`),
      make("div", { className: "sum wide" }, `${figure(inside)} × ${figure(out)} / ${figure(whole)}`));
  } else lines.push(say("Unit rules go in a circle here: no category counts twice in a chain, so it is summed chain by chain."));
  const text = percent(Math.exp(share));
  return [...lines, result(text), say(share > -1e-6 ? `Every tree of the sentence has ${name} over these words.`
    : `Of the probability of all trees, ${text} belongs to trees with ${name} over these words.`)];
}
