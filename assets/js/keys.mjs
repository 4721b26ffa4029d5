// Keys of the studio: they work anywhere on the page, but where somebody writes.
import { fit, hurry, ink, toggleHelp, toggleSharp, use, usePoint } from "./studio.mjs";

export const HELP = [
  ["space", "play or pause"], [".", "one update"], ["e", "one epoch"],
  ["r", "begin again, same seed"], ["n", "begin again, new seed"], ["[  ]", "slower, faster"],
  ["1 \u2026 9, 0", "class of new points"], ["a  b  m  x", "add, paint, move, remove"],
  ["z  y", "undo, redo"], ["+  \u2212", "closer, further away"], ["f", "all data in view"], ["s", "sharp regions"],
  ["u", "one update by hand of this point"],
  ["click, drag, right click", "add, move, remove a point"], ["ctrl and wheel", "zoom"],
];

const ACTS = {
  " ": (s) => s.send({ do: s.state.playing ? "pause" : "play" }),
  ".": (s) => s.send({ do: "step" }),
  e: (s) => s.send({ do: "epoch" }),
  r: (s) => s.send({ do: "reset", fresh: false }),
  n: (s) => s.send({ do: "reset", fresh: true }),
  "[": (s) => hurry(s, -6),
  "]": (s) => hurry(s, 6),
  z: (s) => s.send({ do: "undo" }),
  Z: (s) => s.send({ do: "redo" }),
  y: (s) => s.send({ do: "redo" }),
  a: (s) => use(s, "add"),
  b: (s) => use(s, "brush"),
  m: (s) => use(s, "move"),
  x: (s) => use(s, "erase"),
  f: fit,
  u: usePoint,
  s: toggleSharp,
  "+": (s) => s.zoom(0.7),
  "-": (s) => s.zoom(1.4),
  "?": toggleHelp,
};
const WRITES = "input:not([type=range]), textarea, select, [contenteditable=true], [role=combobox], [role=slider]";

export function handle(studio, event) {
  if (event.defaultPrevented || event.altKey || event.metaKey) return;
  const place = event.composedPath()[0];
  if (place instanceof Element && place.closest(WRITES)) return;
  if (event.key === " " && place instanceof Element && place.closest("button, a, summary, [role=tab], [role=radio]")) return;
  const act = event.ctrlKey ? (event.key.toLowerCase() === "z" ? ACTS[event.shiftKey ? "Z" : "z"] : null) : ACTS[event.key];
  const digit = !event.ctrlKey && /^[0-9]$/.test(event.key);
  if (!act && !digit) return;
  event.preventDefault();
  event.stopPropagation(); // Streamlit has keys of its own
  if (digit) ink(studio, (Number(event.key) + 9) % 10);
  else act(studio);
}
