// Beside the video: what is in the picture of the moment, and what has been counted until then.
import { make } from "./make.mjs";
import { write } from "./parts.mjs";

// `light(index)` hears which line of the table is pointed at, null for none.
export function create(light) {
  const now = table(["", "what", "id", "score", "x", "y", "width", "height"]);
  const sums = table(["", "so far", "different", "with the arrow", "against it"]);
  const empty = make("p", {}, "Nothing is found in this picture.");
  const title = make("h4");
  const root = make("div", { className: "side" }, title, now.root, empty, sums.root);
  now.body.addEventListener("pointerleave", () => light(null));
  const enter = (event) => {
    const line = event.target.closest("tr");
    if (line) light(line.sectionRowIndex);
  };
  now.body.addEventListener("pointerover", enter);
  now.body.addEventListener("focusin", enter);
  now.body.addEventListener("focusout", () => light(null));

  return {
    root,
    set({ found, counted, heading, line, ids }) {
      write(title, heading);
      now.root.hidden = !found.length;
      empty.hidden = found.length > 0;
      now.fill(found, ({ label, id, score, colour, box: [x0, y0, x1, y1] }) =>
        [colour, label, id || "", score.toFixed(2), ...[x0, y0, x1 - x0, y1 - y0].map((v) => String(Math.round(v)))]);
      sums.root.hidden = !ids;
      sums.root.classList.toggle("lineless", !line);
      sums.fill(counted, ([label, colour, ...numbers]) => [colour, label, ...numbers.map(String)]);
    },
    mark(lit) {
      [...now.body.rows].forEach((row, i) => row.classList.toggle("lit", i === lit));
    },
  };
}

// A table whose lines are kept and written over: it is filled many times a second.
function table(titles) {
  const head = make("tr", {}, ...titles.map((title) => make("th", {}, title)));
  const body = make("tbody");
  const root = make("table", {}, make("thead", {}, head), body);
  return {
    root,
    body,
    fill(items, cells) {
      while (body.rows.length > items.length) body.lastChild.remove();
      while (body.rows.length < items.length) {
        const line = make("tr", { tabIndex: 0 }, ...titles.map(() => make("td")));
        line.firstChild.append(make("span", { className: "dot" }));
        body.append(line);
      }
      items.forEach((item, i) => {
        const [colour, ...texts] = cells(item);
        const line = body.rows[i];
        line.firstChild.firstChild.style.background = colour;
        texts.forEach((text, k) => write(line.cells[k + 1], String(text)));
      });
    },
  };
}
