// Snapshots and recordings, each with its links, until the page is left.
import { icon } from "./icons.mjs";
import { make } from "./make.mjs";

const MOST = 6; // things kept

export function shelf() {
  const root = make("div", { className: "shelf" });
  const addresses = new WeakMap();

  function drop(item) {
    for (const url of addresses.get(item)) URL.revokeObjectURL(url);
    item.remove();
  }

  return {
    root,
    // `picture`: an element that shows it; `files`: [name, text of the link, blob]
    put(picture, caption, files) {
      const urls = files.map(([, , blob]) => URL.createObjectURL(blob));
      const links = files.map(([name, text], i) => make("a", { href: urls[i], download: name }, text));
      const close = make("button", { type: "button", className: "tool", title: "Remove", "aria-label": "Remove", onclick: () => drop(item) }, icon("close"));
      const item = make("figure", {}, picture, make("figcaption", {}, make("span", {}, caption), ...links, close));
      addresses.set(item, urls);
      root.prepend(item);
      while (root.childElementCount > MOST) drop(root.lastElementChild);
      return urls;
    },
    clear() {
      for (const item of [...root.children]) drop(item);
    },
  };
}
