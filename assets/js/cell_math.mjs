// A line of mathematics as elements: a_{i}^{t} has its indices above and below, [[...]] is faint.
import { make } from "./make.mjs";

const TOKEN = /([\p{L}Σ∂]\u0303?|10)?((?:[_^]\{[^}]*\})+)|\[\[|\]\]/gu;

export function written(text) {
  const all = [];
  let into = all;
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    plain(into, text.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[0] === "[[") into = [];
    else if (match[0] === "]]") {
      all.push(make("span", { className: "faint", title: "Nothing: there is no peephole" }, ...into));
      into = all;
    } else into.push(indexed(match[1] ?? "", match[2]));
  }
  plain(into, text.slice(at));
  return all;
}

// Letters stand in italics, words and digits upright.
function plain(into, text) {
  for (const piece of text.split(/(\p{L}+\u0303?)/u)) {
    if (!piece) continue;
    const word = piece.length > 2 || !/\p{L}/u.test(piece);
    into.push(word ? piece : make("i", {}, piece));
  }
}

function indexed(letter, indices) {
  const below = /_\{([^}]*)\}/.exec(indices)?.[1];
  const above = /\^\{([^}]*)\}/.exec(indices)?.[1];
  const stack = make("span", { className: below && above ? "indices" : "" });
  if (above) stack.append(make("sup", {}, above));
  if (below) stack.append(make("sub", {}, below));
  const head = letter === "10" || letter === "Σ" ? letter : make("i", {}, letter);
  return make("span", { className: "term" }, head, stack);
}
