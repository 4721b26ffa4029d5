// The messages about a text: a list under it, and one beside the pointer.
import { make } from "./make.mjs";

const FIRST = 6; // messages that are shown at once

// Fills `list` with messages [line, column, message, fatal]; `go` is called with the one clicked.
export function fill(list, problems, more, go, all = false) {
  const some = all ? problems : problems.slice(0, FIRST);
  const rows = some.map((problem) => {
    const [line, column, message, fatal] = problem;
    const where = make("b", {}, `${line}:${column}`);
    const button = make("button", { type: "button", className: fatal ? "fatal" : "warns", onclick: () => go(problem) },
      where, make("span", {}, message));
    button.setAttribute("aria-label", `Line ${line}, column ${column}: ${message}`);
    button.dataset.line = line;
    return make("li", {}, button);
  });
  if (some.length < problems.length) {
    const rest = problems.length - some.length;
    rows.push(make("li", {}, make("button", {
      type: "button", className: "rest", onclick: () => fill(list, problems, more, go, true),
    }, `Show ${rest} more`)));
  } else if (more) rows.push(make("li", { className: "rest" }, `And ${more.toLocaleString("en")} more.`));
  list.replaceChildren(...rows);
}

export function said(problems, more) {
  const count = problems.length + more;
  if (!count) return "Nothing to complain about.";
  const fatal = problems.filter((problem) => problem[3]).length;
  const all = count === 1 ? "1 message" : `${count.toLocaleString("en")} messages`;
  return fatal ? `${all}. The grammar cannot be read yet.` : `${all}. The grammar can be used as it is.`;
}

// What the token under the pointer is told to be, in a box below it.
export function tips(host, area) {
  const tip = make("div", { className: "tip", hidden: true, "aria-hidden": "true" });
  host.append(tip);
  const hide = () => (tip.hidden = true);
  area.addEventListener("pointermove", (event) => {
    const under = area.getRootNode().elementsFromPoint(event.clientX, event.clientY);
    const marked = under.find((one) => one.dataset?.tip);
    if (!marked) return hide();
    tip.textContent = marked.dataset.tip;
    tip.hidden = false;
    const [box, here] = [marked.getBoundingClientRect(), host.getBoundingClientRect()];
    const left = Math.min(box.left - here.left, host.clientWidth - tip.offsetWidth - 4);
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${box.bottom - here.top + 4}px`;
  });
  area.addEventListener("pointerleave", hide);
  area.addEventListener("input", hide);
  return hide;
}
