// The text of a grammar taken apart as core/parsing/grammar_text.py does, and a line of it in colours.
import { make } from "./make.mjs";

const TOKEN = new RegExp(
  [
    "(?<space>\\s+)", "(?<comment>#.*)", "(?<arrow>->|→|⇒|::=)", "(?<bar>\\|)",
    "(?<word>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")", "(?<p>\\[[^\\]]*\\])",
    "(?<name>(?:(?!->|→|⇒|::=)[^\\s|\\[\\]'\"#])+)", "(?<odd>.)",
  ].join("|"),
  "gu",
);

// [kind, text, first character] of every token of a line.
export function tokens(line) {
  if (line.trimStart().startsWith("%")) return [["order", line, 0]];
  const found = [];
  let left = true; // before the arrow
  for (const match of line.matchAll(TOKEN)) {
    let kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    if (kind === "arrow" || kind === "bar") left = false;
    if (kind === "name" && left) kind = "left";
    found.push([kind, match[0], match.index]);
  }
  return found;
}

// Where the column of a message, which counts whole characters from 1, is in a line of UTF-16.
export const place = (line, column) => [...line].slice(0, column - 1).join("").length;

// A line as an element; `marks` are messages [line, column, message, fatal] about it.
export function drawn(line, marks) {
  const root = make("div", { className: marks.length ? "line marked" : "line" });
  const found = tokens(line);
  const told = found.map(() => []);
  const behind = [];
  for (const mark of marks) {
    const at = place(line, mark[1]);
    let k = found.findIndex(([, text, first]) => at < first + text.length);
    if (k >= 0 && found[k][0] === "space" && k + 1 < found.length) k += 1;
    (told[k] ?? behind).push(mark);
  }
  found.forEach(([kind, text], k) => root.append(piece(kind, text, told[k])));
  if (behind.length) root.append(piece("end", " ", behind));
  return root;
}

function piece(kind, text, marks) {
  if (!marks.length) return kind === "space" ? text : make("span", { className: kind }, text);
  const fatal = marks.some((mark) => mark[3]);
  const element = make("span", { className: `${kind} ${fatal ? "fatal" : "warns"}` }, text);
  element.dataset.tip = marks.map((mark) => mark[2]).join("\n");
  return element;
}
