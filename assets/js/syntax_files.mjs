// A tree to take home: as a drawing, as pixels, or as brackets in the clipboard.
import * as picture from "./cky_picture.mjs";
import { make } from "./make.mjs";
import { brackets } from "./syntax_tree.mjs";

// plain: gives the drawing without what is pointed at; root: where it gets its looks; said: tells what was done.
export function files(root, { name, title, plain, tree, said }) {
  const ground = () => getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
  // Its looks are read from where it stands, before anybody sees it there.
  const standing = (act) => {
    const copy = plain();
    root.append(copy);
    const made = act(copy);
    copy.remove();
    return made;
  };
  const button = (text, about, onclick) => make("button", { type: "button", title: about, "aria-label": `${about}, ${title}`, onclick }, text);
  return make("span", { className: "files" },
    button("SVG", "Save as SVG", () => save(standing((copy) => picture.svg(copy, ground())), `${name}.svg`)),
    button("PNG", "Save as PNG", async () => save(await standing((copy) => picture.png(copy, ground())), `${name}.png`)),
    button("Copy", "Copy as brackets", async () => {
      said(await copied(root, brackets(tree.root)) ? "Copied: the tree in brackets." : "The browser does not let this page copy: use the buttons below.");
    }));
}

function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Pages without https have no clipboard of their own, but a marked text can be copied.
async function copied(root, text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", { value: text, readOnly: true, style: "position: fixed; opacity: 0" });
    root.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
