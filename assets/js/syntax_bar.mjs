// The row of buttons above the trees: how they are drawn, and the tools that change one by hand.
import { make } from "./make.mjs";
import * as edit from "./syntax_edit.mjs";

const MOST = 12; // levels to choose from

export function bar(view, { show, act, undo, level }) {
  const button = (text, title, onclick) => make("button", { type: "button", title, onclick }, text);
  const turned = (name) => () => {
    view[name] = !view[name];
    show(view);
  };
  view.turn = button("Sideways", "Root at the left, words below each other", turned("sideways"));
  view.even = button("Words in a row", "All words on one line", turned("level"));
  view.tint = button("Colours", "A colour for each kind of category", turned("coloured"));
  view.levels = make("select", { "aria-label": "Levels that are open", title: "Close what lies deeper",
    onchange: () => level(view, Number(view.levels.value)) });
  view.change = button("Change by hand", "Rename, delete, add and move nodes of the first tree", () => {
    view.editing = !view.editing;
    view.taking = false;
    if (view.editing) view.picked ??= view.trees[0].root;
    show(view);
  });
  view.name = make("input", { type: "text", maxLength: 60, "aria-label": "Category of the chosen node", onkeydown: (event) => {
    event.stopPropagation();
    if (event.key === "Enter") act(view, () => edit.rename(view.picked, view.name.value));
  } });
  view.refusal = make("span", { className: "refusal", role: "status" });
  view.tools = make("div", { className: "bar edits", hidden: true },
    view.name,
    button("Rename", "Give the chosen node this name", () => act(view, () => edit.rename(view.picked, view.name.value))),
    button("Delete", "The chosen node goes, what is below it moves up", () => act(view, () => edit.remove(view.picked), true)),
    button("Add above", "A new node over the chosen one, with the name at the left", () => act(view, () => edit.wrap(view.picked, view.name.value.trim() || "X"))),
    view.take = button("Attach to \u2026", "Then click the node that it shall hang below", () => {
      view.taking = !view.taking;
      show(view);
    }),
    view.back = button("Undo", "Take the last change back", () => undo(view)),
    view.refusal);
  return [make("div", { className: "bar" }, view.turn, view.even, view.tint, view.levels, view.change), view.tools];
}

// As the state of the moment has it.
export function shown(view) {
  const press = (button, on) => button.setAttribute("aria-pressed", Boolean(on));
  press(view.turn, view.sideways);
  press(view.even, view.level);
  press(view.tint, view.coloured);
  press(view.change, view.editing);
  press(view.take, view.taking);
  view.change.hidden = !view.data.editable;
  view.tools.hidden = !(view.data.editable && view.editing);
  view.back.disabled = !view.undone.length;
  if (view.picked) view.name.value = view.picked.text;
  if (!view.told) {
    view.refusal.textContent = !view.editing ? "" : view.taking
      ? `Now click the node that ${view.picked.text} shall hang below.`
      : "Click a node of the first tree, then say what becomes of it.";
  }
  view.refusal.classList.toggle("wrong", Boolean(view.told));
  const deepest = Math.min(MOST, Math.max(...view.trees.map((tree) => tree.deepest)));
  if (view.levels.childElementCount === deepest) return;
  const option = (value, text) => make("option", { value }, text);
  view.levels.replaceChildren(option(0, "All levels"), option(-1, "Some levels"),
    ...Array.from({ length: Math.max(0, deepest - 2) }, (_, k) => option(k + 2, `${k + 2} levels`)));
  view.levels.options[1].hidden = true;
}
