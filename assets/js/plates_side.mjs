// Beside a diagram: the course's lines, what is drawn from as bars, the document so far, and the product.
import { make } from "./make.mjs";
import { letters, number, percent } from "./plates_math.mjs";
import { place, SHARES, STORIES } from "./plates_story.mjs";

const TERMS = 2; // words whose factors are written out

// The lines of the story; the one of `last`, the newest draw, is lit.
export function lines(kind) {
  const rows = STORIES[kind].lines.map(([what, text, inside]) => {
    const row = make("li", { className: inside ? "inside" : "" });
    return { what, text, row };
  });
  const root = make("ol", { className: "lines", "aria-label": "The story" }, ...rows.map(({ row }) => row));
  return {
    root,
    light(last) {
      const looping = last && last[1] >= 0;
      for (const { what, text, row } of rows) {
        const now = Boolean(last) && what === last[0];
        row.classList.toggle("now", now);
        row.setAttribute("aria-current", now ? "step" : "false");
        row.classList.toggle("loop", what === null && looping);
        row.replaceChildren(...letters(text, now && looping ? last[1] + 1 : undefined));
      }
    },
  };
}

// Bars of shares, the drawn one lit. rows: [{ text, p, colour, lit, note }]
export function bars(title, rows, empty) {
  const most = Math.max(...rows.map(({ p }) => p), 1e-9);
  const list = rows.map(({ text, p, colour, lit, note }) => {
    const fill = make("i");
    fill.style.width = `${Math.max(0.6, (100 * p) / most)}%`;
    if (colour) fill.style.background = colour;
    const name = make("span", { className: "name", dir: "auto", title: text }, text);
    if (note) name.append(make("small", {}, ` ${note}`));
    return make("div", { className: `bar${lit ? " lit" : ""}` }, name, make("span", { className: "rail" }, fill), make("span", { className: "p" }, percent(p)));
  });
  const head = make("div", { className: "head" }, ...title);
  return make("div", { className: "panel" }, head, ...(rows.length ? list : [make("div", { className: "empty" }, empty)]));
}

// What topics are drawn from: the largest shares, and the drawn topic wherever it is.
export function shareRows(data, story, z, colour, many) {
  const order = story.shares.map((p, k) => ({ p, k })).sort((a, b) => b.p - a.p);
  const shown = order.slice(0, many);
  const at = order.findIndex(({ k }) => k === z);
  if (z !== null && at >= many) shown[shown.length - 1] = order[at];
  return shown.map(({ p, k }) => ({ text: `${data.topics[k][0]} · ${data.topics[k][1]}`, p, colour: colour(k), lit: k === z, note: k === z && at >= many ? `no. ${at + 1}` : "" }));
}

// Words of a topic: the best, and the drawn one wherever it is.
export function wordRows(story, z, word, colour, many) {
  const rows = story.best[`${z}`].slice(0, many).map(([text, p]) => ({ text, p, colour: colour(z), lit: word?.[4] === text }));
  if (word && !rows.some(({ lit }) => lit)) rows[rows.length - 1] = { text: word[4], p: word[5], colour: colour(z), lit: true, note: `no. ${word[6].toLocaleString("en")}` };
  return rows;
}

// The document so far: a click on a word brings back the moment it was drawn.
export function written(story, count, look, colour, chosen) {
  const words = story.draws.slice(0, count).filter(([what]) => what === "w");
  return words.map((draw, k) => {
    const one = make("button", { type: "button", className: k === chosen ? "w now" : "w", title: "How it was drawn", onclick: () => look(place(draw)) }, draw[4]);
    const c = colour(draw[2]);
    if (c) one.style.setProperty("--c", c);
    else one.classList.add("plain");
    return one;
  });
}

// p of all that was drawn: the first factor, those of the newest words, and the product.
// `bound`: a share of θ is too small for a number, and the density larger than it is told.
export function product({ kind, bound }, draws) {
  const { joint, factor } = STORIES[kind];
  const head = make("span", { className: "joint" }, ...letters(joint));
  if (!draws.length) return [head, " = 1, as long as nothing is drawn"];
  const whole = draws.filter(([, n]) => n < 0);
  const words = draws.filter(([, n]) => n >= 0);
  const newest = words.length ? words.at(-1)[1] : -1;
  const some = words.filter(([, n]) => n > newest - TERMS);
  const term = (draw, k) => {
    const now = draw === draws.at(-1);
    const n = draw[1] < 0 ? undefined : draw[1] + 1;
    return [k ? " · " : "", make("span", { className: now ? "term now" : "term" }, make("b", {}, number(draw[3])), make("small", {}, ...letters(factor[draw[0]], n)))];
  };
  const left = words.length - some.length;
  const terms = whole.flatMap(term);
  if (left) terms.push(whole.length ? " · " : "", make("span", { className: "term" }, make("b", {}, "⋯"), make("small", {}, `${left} more`)));
  terms.push(...some.flatMap((draw, k) => term(draw, k + whole.length + (left ? 1 : 0))));
  const total = draws.reduce((sum, draw) => sum + draw[3], 0);
  return [head, " = ", ...terms, bound ? " ≥ " : " = ", make("strong", {}, number(total))];
}

export const shareTitle = (kind) => [SHARES[kind] ?? ""];
