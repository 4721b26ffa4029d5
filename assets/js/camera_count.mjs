// Counting: a line whose ends can be dragged, and what was seen and crossed so far.
import { make } from "./make.mjs";
import { clamp, write } from "./parts.mjs";

const FIRST = [0.5, 0.08, 0.5, 0.92]; // the line at first, in shares of the picture
const STEP = 0.02; // of an arrow key

// `changed(ends)` hears of the line when it rests, `moved()` whenever it moves.
export function create({ changed, moved, mirrored }) {
  const ends = [...FIRST];
  let on = false;
  const handles = [0, 1].map((i) => {
    const handle = make("button", { type: "button", className: "end", "aria-label": `end ${i + 1} of the line: arrow keys move it` });
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      event.preventDefault();
      handle.focus();
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const box = handle.parentElement.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width;
      put(i, mirrored() ? 1 - x : x, (event.clientY - box.top) / box.height);
    });
    handle.addEventListener("pointerup", () => changed([...ends]));
    handle.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
      if (!step) return;
      event.preventDefault();
      put(i, ends[2 * i] + (mirrored() ? -step[0] : step[0]), ends[2 * i + 1] + step[1]);
      changed([...ends]);
    });
    return handle;
  });
  const body = make("tbody");
  const crossings = make("th", {}, "crossed the line");
  const list = make("table", { className: "counts", hidden: true },
    make("thead", {}, make("tr", {}, make("th", {}, "what"), make("th", {}, "seen so far"), crossings)), body);

  function put(i, x, y) {
    const next = [...ends];
    [next[2 * i], next[2 * i + 1]] = [clamp(x, 0, 1), clamp(y, 0, 1)];
    if (Math.hypot(next[2] - next[0], next[3] - next[1]) < 0.03) return; // a line has two ends
    ends.splice(0, 4, ...next);
    place();
    moved();
  }

  function place() {
    handles.forEach((handle, i) => {
      const x = mirrored() ? 1 - ends[2 * i] : ends[2 * i];
      Object.assign(handle.style, { left: `${100 * x}%`, top: `${100 * ends[2 * i + 1]}%` });
      handle.hidden = !on;
    });
  }

  place();
  return {
    handles, list, place,
    get line() {
      return on ? [...ends] : null;
    },
    turn(to) {
      on = to;
      place();
      changed(on ? [...ends] : null);
    },
    show({ seen, crossed = {} }) {
      list.hidden = !seen;
      crossings.hidden = !on;
      const mark = JSON.stringify([seen, crossed, on]);
      if (!seen || list.dataset.mark === mark) return;
      list.dataset.mark = mark;
      const names = Object.keys(seen).sort((a, b) => seen[b] - seen[a]);
      body.replaceChildren(...names.map((name) => {
        const [what, count, both] = [make("td", {}, name), make("td"), make("td", { hidden: !on })];
        const [one, other] = crossed[name] ?? [0, 0];
        write(count, String(seen[name]));
        write(both, `${one} one way, ${other} the other`);
        return make("tr", {}, what, count, both);
      }));
      if (!names.length) body.append(make("tr", {}, make("td", { colSpan: 3 }, "nothing yet")));
    },
  };
}
