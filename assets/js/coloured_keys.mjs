// Walking over the words of a text by keys.
import { told } from "./coloured_tip.mjs";

export function keys(view) {
  view.text.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const words = view.text.querySelectorAll(".w");
    if (event.key === "Escape") view.tip.close();
    else if (event.key === "Enter" || event.key === " ") {
      if (!view.here) return;
      view.pick(view.here);
    } else {
      const next = target(view, [...words], event.key);
      if (!next) return;
      go(view, next);
    }
    event.preventDefault();
    event.stopPropagation(); // Streamlit has keys of its own
  });
  view.text.addEventListener("blur", () => {
    view.here?.classList.remove("here");
    view.tip.close();
  });
  view.text.addEventListener("focus", () => view.here?.classList.add("here"));
}

function target(view, words, key) {
  const at = view.here ? words.indexOf(view.here) : -1;
  if (key === "Home") return words[0];
  if (key === "End") return words.at(-1);
  const [back, on] = getComputedStyle(view.text).direction === "rtl" ? ["ArrowRight", "ArrowLeft"] : ["ArrowLeft", "ArrowRight"];
  if (key === on) return words[Math.min(at + 1, words.length - 1)];
  if (key === back) return words[Math.max(at - 1, 0)];
  if (key === "ArrowDown" || key === "ArrowUp") return at < 0 ? words[0] : line(words, at, key === "ArrowDown" ? 1 : -1);
  return null;
}

// The word of the next line with words that stands nearest.
function line(words, at, step) {
  const here = words[at].getClientRects()[0];
  const centre = (here.left + here.right) / 2;
  let [best, nearest, top] = [null, Infinity, null];
  for (let k = at + step; k >= 0 && k < words.length; k += step) {
    const box = words[k].getClientRects()[0];
    if (Math.abs(box.top - here.top) < here.height / 2) continue;
    top ??= box.top;
    if (Math.abs(box.top - top) > here.height / 2) break;
    const far = Math.abs((box.left + box.right) / 2 - centre);
    if (far < nearest) [best, nearest] = [words[k], far];
  }
  return best;
}

function go(view, element) {
  view.here?.classList.remove("here");
  view.here = element;
  element.classList.add("here");
  element.scrollIntoView({ block: "nearest" });
  view.says.textContent = told(view, element);
  view.tip.show(element);
}
