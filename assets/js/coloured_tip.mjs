// What is told of a word: its likeliest topics, in a box beside it and in words for a screen reader.
import { make } from "./make.mjs";

export const kind = ({ colour }) => (colour < 0 ? "grey" : `c${colour}`);
export const percent = (p) => (p > 0 && p < 0.005 ? "<1%" : `${Math.round(p * 100)}%`);
const named = ({ name, hidden }) => (hidden ? `${name} (hidden)` : name);

// `show` tells of a word; with `stays` it is there until it is closed, with buttons.
export function tip(view) {
  const box = make("div", { className: "tip", hidden: true, "aria-hidden": "true" });
  view.root.append(box);
  box.addEventListener("pointerdown", (event) => event.preventDefault()); // the text keeps the focus, and so the box stays
  let pinned = false;
  const close = () => {
    pinned = false;
    box.hidden = true;
    box.classList.remove("stays");
  };
  const hide = () => pinned || close();
  const show = (element, stays = false) => {
    const w = Number(element.dataset.w);
    pinned = stays;
    box.classList.toggle("stays", stays);
    const { vocabulary, chances } = view.data;
    box.replaceChildren(make("b", { dir: "auto" }, vocabulary[w]), make("span", { className: "sub" }, "p(z | w, d)"), ...chances[w].map((one) => row(view, one)));
    if (stays) box.append(buttons(view, vocabulary[w], close));
    box.hidden = false;
    place(view.root, box, element);
  };
  view.text.addEventListener("pointerover", (event) => {
    if (pinned || event.pointerType === "touch") return;
    const element = event.target.closest(".w");
    if (element) show(element);
    else hide();
  });
  view.text.addEventListener("pointerleave", hide);
  view.text.addEventListener("scroll", close, { passive: true });
  return { show, hide, close };
}

// What can be done with the picked word. Keys find the same below the text.
function buttons(view, word, close) {
  const button = (text, onclick) => make("button", { type: "button", tabIndex: -1, onclick }, text);
  return make("div", { className: "acts" },
    button("Stop this word", () => {
      close();
      view.component.setStateValue("stop", [word, Date.now()]);
    }),
    button("How is this found?", () => {
      close();
      document.querySelector(`.st-key-${CSS.escape(view.data.reveals)}`)?.scrollIntoView({ block: "center" });
    }));
}

export function told(view, element) {
  const w = Number(element.dataset.w);
  const { vocabulary, chances, topics } = view.data;
  return `${vocabulary[w]}: ${chances[w].map(([z, p]) => `${named(topics[z])} ${percent(p)}`).join(", ")}`;
}

function row({ data }, [z, p]) {
  const bar = make("i");
  bar.style.width = `${100 * p}%`;
  return make("div", { className: `row ${kind(data.topics[z])}` }, make("i", { className: "swatch" }),
    make("span", { className: "name", dir: "auto" }, named(data.topics[z])), make("span", { className: "bar" }, bar), make("span", { className: "p" }, percent(p)));
}

// Below the word, or above it where there is no room.
function place(root, box, element) {
  const [word, here] = [element.getClientRects()[0], root.getBoundingClientRect()];
  const left = Math.max(4, Math.min(word.left - here.left, here.width - box.offsetWidth - 4));
  const below = word.bottom + box.offsetHeight + 8 < window.innerHeight;
  box.style.left = `${left}px`;
  box.style.top = `${below ? word.bottom - here.top + 5 : word.top - here.top - box.offsetHeight - 5}px`;
}
