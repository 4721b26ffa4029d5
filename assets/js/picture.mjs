// Pictures to take home: everything as one PNG, or the two planes as a drawing made of lines.
import { finely, make } from "./make.mjs";
import { drawing } from "./svg.mjs";

const DENSE = 2; // pixels of a PNG for one of the page
const GAP = 16; // css pixels between its parts

// A button that offers both.
export function menu(studio) {
  const choose = (name, text, act) => {
    const made = make("button", { type: "button", className: "tool", onclick: () => {
      toggle(false);
      if (studio.lane()) act();
      else studio.announce("There is nothing to take home yet.");
    } }, text);
    made.dataset.do = name;
    return made;
  };
  const list = make("div", { className: "list", hidden: true },
    choose("png", "Picture, PNG", async () => save(await png(studio), "plane.png")),
    choose("svg", "Drawing, SVG", () => save(svg(studio), "plane.svg")));
  const toggle = (shown) => {
    list.hidden = !shown;
    open.setAttribute("aria-expanded", shown);
  };
  const open = make("button", { type: "button", className: "chip", title: "Take the picture home", "aria-expanded": false,
    onclick: () => toggle(list.hidden) }, "Picture");
  open.dataset.do = "picture";
  const root = make("div", { className: "menu" }, open, list);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    toggle(false);
    open.focus();
  });
  root.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !root.contains(relatedTarget) && toggle(false));
  return root;
}

export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const anchor = make("a", { href: address, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// What the pictures show, in a line.
export function caption({ state, lane }) {
  const { examples, loss, accuracy } = lane();
  const share = (value) => `${(100 * value).toFixed(1)} %`;
  return [
    state.net.sizes.join("-"),
    `${examples.toLocaleString("en")} examples`,
    `seed ${state.seed}`,
    loss[0] === null ? "no loss" : `loss ${loss[0].toFixed(4)}`,
    ...(accuracy[0] === null ? [] : [`training accuracy ${share(accuracy[0])}`]),
    ...(accuracy[1] === null ? [] : [`test accuracy ${share(accuracy[1])}`]),
  ].join(", ");
}

// All canvases on one sheet, drawn anew as finely as that takes.
export function png(studio) {
  const rows = [fine(studio), [studio.curves.picture(DENSE)], [studio.diagram.picture(DENSE)]]
    .map((row) => row.filter((sheet) => sheet?.width > 1)).filter((row) => row.length);
  const gap = GAP * DENSE;
  const high = (row) => Math.max(...row.map((sheet) => sheet.height));
  const wide = Math.max(...rows.map((row) => row.reduce((sum, { width }) => sum + width + gap, gap)));
  const sheet = new OffscreenCanvas(wide, rows.reduce((sum, row) => sum + high(row) + gap, 3 * gap));
  const ink = sheet.getContext("2d");
  ink.fillStyle = studio.colours.background;
  ink.fillRect(0, 0, sheet.width, sheet.height);
  let y = gap;
  for (const row of rows) {
    let x = gap;
    for (const part of row) {
      ink.drawImage(part, x, y);
      x += part.width + gap;
    }
    y += high(row) + gap;
  }
  ink.font = `${12 * DENSE}px ${studio.colours.font}`;
  ink.fillStyle = studio.colours.text;
  ink.fillText(caption(studio), gap, y + gap, wide - 2 * gap);
  return sheet.convertToBlob({ type: "image/png" });
}

// Copies of the two planes. They are drawn twice within one frame of the screen: nobody sees it.
function fine({ plane, warp, state }) {
  const both = [plane, warp];
  const draw = () => both.forEach((view) => view.frame({ ...state, fresh: new Set() }));
  const copies = finely(DENSE, () => {
    draw();
    return both.map(({ canvas }) => copy(canvas));
  });
  draw();
  return copies;
}

function copy(canvas) {
  const sheet = new OffscreenCanvas(canvas.width, canvas.height);
  sheet.getContext("2d").drawImage(canvas, 0, 0);
  return sheet;
}

export const svg = (studio) => new Blob([drawing(studio, caption(studio))], { type: "image/svg+xml" });
