// A card a topic: its number, its share of all words, its best words as large as they are likely. What
// changed since the frame that was shown before stands out.
import { make } from "./make.mjs";

export function cards(pick) {
  const root = make("div", { className: "cards" });
  let rows = []; // { card, button, bar, part, words, before }
  const add = (k) => {
    const button = make("button", { type: "button", className: "no", onclick: () => pick(k) }, `${k}`);
    const bar = make("i");
    const part = make("span", { className: "part" });
    const words = make("div", { className: "words", dir: "auto" });
    const card = make("div", { className: "card" }, make("div", { className: "head" }, button, make("div", { className: "share" }, bar), part), words);
    return { card, button, bar, part, words, before: null };
  };
  return {
    root,
    forget() {
      rows = [];
    },
    write(header, { best, p, share }, frame) {
      const [, K, W] = best.shape;
      if (rows.length !== K) {
        rows = Array.from({ length: K }, (_, k) => add(k));
        root.replaceChildren(...rows.map((row) => row.card));
        root.classList.toggle("many", K > 40);
      }
      const shares = share.values.subarray(frame * K, (frame + 1) * K);
      const most = Math.max(...shares, 1e-9);
      rows.forEach((row, k) => {
        row.bar.style.width = `${(100 * shares[k]) / most}%`;
        row.part.textContent = `${(100 * shares[k]).toFixed(1)} %`;
        row.button.disabled = !header.film;
        row.button.title = header.film ? `Pick topic ${k}` : `Topic ${k}`;
        const from = (frame * K + k) * W;
        const now = [...best.values.subarray(from, from + W)].map((w) => header.words[w]);
        const top = Math.max(p.values[from], 1e-12);
        // a topic that no document has is as flat as its prior: its first words mean nothing
        const flat = W > 1 && top - p.values[from + W - 1] < 1e-6 * top;
        row.card.classList.toggle("flat", flat);
        if (flat) row.words.textContent = "No words of its own.";
        else row.words.replaceChildren(...now.flatMap((word, i) => [element(word, i, Math.sqrt(p.values[from + i] / top), row.before), " "]));
        row.before = flat ? [] : now;
      });
    },
    pick(numbers) {
      rows.forEach((row, k) => {
        const on = (numbers ?? []).includes(k);
        row.card.classList.toggle("picked", on);
        row.button.setAttribute("aria-pressed", on);
      });
    },
  };
}

function element(word, place, size, before) {
  const was = before ? before.indexOf(word) : place;
  const kind = was < 0 ? "w new" : was > place ? "w up" : "w";
  const made = make("span", { className: kind }, word);
  made.style.fontSize = `${(0.8 + 0.35 * size).toFixed(2)}em`;
  return made;
}
