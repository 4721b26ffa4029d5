// Words on their way into the vocabulary, a row a step: a bar of the tokens that are left, and some of
// the words that it takes. A click stops a word, or lets it count again. Data: pages/_kit/stage/words_sieve.py.
import { make } from "./make.mjs";
import { STYLE } from "./words_sieve_style.mjs";

const views = new WeakMap();
const FEW = 10; // words of a row until more are asked for
const number = (n) => n.toLocaleString("en-GB");
const many = (n, what) => `${number(n)} ${what}${n === 1 ? "" : "s"}`;

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  view.component = component;
  const told = JSON.stringify(data);
  if (told === view.told) return;
  view.told = told;
  view.data = data;
  draw(view);
}

export function release(parentElement) {
  views.delete(parentElement);
}

function build(parent) {
  const root = parent.querySelector(".sieve");
  const list = make("ol", {});
  const says = make("div", { className: "says", "aria-live": "polite" });
  root.replaceChildren(make("style", {}, STYLE), list, says);
  return { root, list, says, open: new Set(), typed: "" };
}

function draw(view) {
  const { rows, name } = view.data;
  view.list.setAttribute("aria-label", name);
  const had = view.root.getRootNode().activeElement?.closest("[data-row]")?.dataset.row;
  const typing = view.root.getRootNode().activeElement?.tagName === "INPUT";
  const most = Math.max(...rows.map((row) => row.tokens), 1);
  view.list.replaceChildren(...rows.map((row, k) => step(view, row, k, most)));
  // what was clicked is gone: the keyboard goes on in its row
  if (had !== undefined) view.list.querySelector(`[data-row="${had}"] ${typing ? "input" : "button"}`)?.focus({ preventScroll: true });
}

function step(view, row, k, most) {
  const made = row.taken_tokens < 0 || (row.taken_words < 0);
  const nothing = !row.taken_tokens && !row.taken_words && !row.last && k > 0;
  const share = (n) => `${(100 * n) / most}%`;
  const bar = make("div", { className: "bar", "aria-hidden": "true" });
  const left = make("i", { className: "left" });
  left.style.width = share(row.tokens);
  bar.append(left);
  if (row.taken_tokens > 0 && k > 0 && !row.last) {
    const taken = make("i", { className: "taken" });
    taken.style.width = share(row.taken_tokens);
    bar.append(taken);
  }
  const count = make("div", { className: "count" }, make("b", {}, number(row.tokens)), ` tokens · ${many(row.words, "word")}`);
  const head = make("div", { className: "head" },
    make("span", { className: "title", title: row.about }, row.title),
    k > 0 && !row.last ? make("span", { className: "change" }, change(row, nothing, made)) : "",
  );
  const item = make("li", { className: `step${row.last ? " last" : ""}${nothing ? " nothing" : ""}` }, head, bar, count);
  item.dataset.row = k;
  const words = chips(view, row, k, made);
  if (words) item.append(words);
  return item;
}

function change(row, nothing, made) {
  if (nothing) return "takes nothing";
  const words = many(Math.abs(row.taken_words), "word");
  if (made) return `${row.taken_words < 0 ? "+" : "\u2212"}${words}`;
  return `\u2212${many(row.taken_tokens, "token")} · ${words}`;
}

function chips(view, row, k, made) {
  const own = new Set(row.own ?? []);
  const examples = row.examples.filter(([word]) => !own.has(word));
  if (!examples.length && !row.own) return null;
  const open = view.open.has(k);
  const line = make("div", { className: `words${made || row.last ? " stay" : ""}` });
  for (const [word, tokens] of open ? examples : examples.slice(0, FEW)) line.append(chip(view, row, word, tokens));
  if (examples.length > FEW) {
    line.append(make("button", {
      className: "more", type: "button", "aria-expanded": String(open),
      onclick: () => {
        if (open) view.open.delete(k);
        else view.open.add(k);
        draw(view);
      },
    }, open ? "fewer" : `${examples.length - FEW} more`));
  }
  return row.own ? make("div", {}, line, mine(view, row.own)) : line;
}

function chip(view, row, word, tokens) {
  const times = many(tokens, "token");
  if (!row.act) return make("span", { className: "chip", title: times }, word);
  const does = row.act === "stop" ? "stop" : "count it again";
  return make("button", {
    className: `chip ${row.act}`, type: "button", title: `${times}. Click: ${does}`, "aria-label": `${word}, ${times}: ${does}`,
    onclick: () => send(view, row.act, word),
  }, word);
}

// One's own stop words: each with a way out, and a box for more.
function mine(view, own) {
  const line = make("form", { className: "words mine" }, make("span", { className: "whose" }, "Your own:"));
  for (const word of own) {
    line.append(make("button", {
      className: "chip keep", type: "button", title: "Click: count it again", "aria-label": `${word}: count it again`,
      onclick: () => send(view, "keep", word),
    }, word, make("i", {}, " \u00d7")));
  }
  const box = make("input", {
    placeholder: "stop a word \u2026", "aria-label": "Stop another word", maxLength: 100, value: view.typed, autocomplete: "off", spellcheck: false,
    oninput: () => { view.typed = box.value; },
  });
  line.append(box);
  line.addEventListener("submit", (event) => {
    event.preventDefault();
    const word = box.value.trim();
    if (!word) return;
    box.value = view.typed = "";
    send(view, "stop", word);
  });
  return line;
}

function send(view, act, word) {
  view.says.textContent = act === "stop" ? `${word} is stopped` : `${word} counts again`;
  view.component.setStateValue("clicked", [act, word, Date.now()]);
}
