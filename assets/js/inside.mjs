// A detector from the inside, in three views of one photograph: candidates that melt down to the
// answer, the places where it looks, and two boxes to drag. Data: pages/_kit/stage/inside.py.
import * as iou from "./inside_iou.mjs";
import * as melt from "./inside_melt.mjs";
import * as places from "./inside_places.mjs";
import { STYLE } from "./inside_style.mjs";
import { make } from "./make.mjs";
import { parse } from "./socket.mjs";

const views = new WeakMap();
const PARTS = [melt, places, iou];

export function render({ data, parentElement }) {
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  const mark = `${data.length}:${sum(data)}`;
  if (view.mark === mark) return view.parts.forEach((part) => part.draw()); // another theme
  view.mark = mark;
  const { header, arrays } = parse(data.slice().buffer);
  createImageBitmap(new Blob([arrays.photo])).then((bitmap) => {
    if (view.mark !== mark || views.get(parentElement) !== view) return bitmap.close();
    view.bitmap?.close();
    view.bitmap = bitmap;
    view.parts.forEach((part) => part.show({ ...header, arrays, bitmap }));
  });
}

export function release(parentElement) {
  const view = views.get(parentElement);
  view?.observer.disconnect();
  view?.parts.forEach((part) => part.stop());
  view?.bitmap?.close();
  views.delete(parentElement);
}

function build(parent) {
  const root = parent.querySelector(".inside");
  const hosts = PARTS.map(() => make("section"));
  root.replaceChildren(make("style", {}, STYLE), make("div", { className: "views" }, ...hosts));
  const parts = PARTS.map((part, i) => part.create(hosts[i]));
  const observer = new ResizeObserver(() => parts.forEach((part) => part.draw()));
  observer.observe(root);
  return { parts, observer };
}

// Tells one bundle from the next.
function sum(bytes) {
  let total = 0;
  for (let i = 0; i < bytes.length; i += 7) total = (total * 31 + bytes[i]) | 0;
  return total;
}
