// The two ends of the line to count at: dragged, or moved with the arrow keys.
import { make } from "./make.mjs";
import { clamp } from "./parts.mjs";

const STEP = 0.01; // share of the picture that an arrow key moves an end

// `moved(ends)` hears every change, `dropped(ends)` the last of a drag.
export function create(view, { moved, dropped }) {
  let ends = null;
  const handles = [0, 1].map((i) => {
    const title = `${i ? "End" : "Start"} of the line: drag it, or move it with the arrow keys`;
    const handle = make("button", { type: "button", className: "end", title, "aria-label": title });
    const put = (x, y) => {
      const next = [...ends];
      [next[2 * i], next[2 * i + 1]] = [clamp(x, 0, 1), clamp(y, 0, 1)].map((v) => Math.round(v * 1000) / 1000);
      if (next[0] === next[2] && next[1] === next[3]) return;
      ends = next;
      place();
      moved(ends);
    };
    let held = false;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus({ preventScroll: true });
      handle.setPointerCapture(event.pointerId);
      held = true;
    });
    handle.addEventListener("pointermove", (event) => {
      if (!held) return;
      const field = view.getBoundingClientRect();
      put((event.clientX - field.left) / field.width, (event.clientY - field.top) / field.height);
    });
    const drop = () => {
      if (held) dropped(ends);
      held = false;
    };
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", drop);
    handle.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      put(ends[2 * i] + STEP * way[0], ends[2 * i + 1] + STEP * way[1]);
    });
    handle.addEventListener("keyup", (event) => event.key.startsWith("Arrow") && dropped(ends));
    handle.isHeld = () => held;
    view.append(handle);
    return handle;
  });
  const place = () =>
    handles.forEach((handle, i) => {
      // At the edge a handle stays whole, or a hand could not get hold of it.
      const within = (share) => `clamp(14px, ${100 * share}%, calc(100% - 14px))`;
      Object.assign(handle.style, { left: within(ends[2 * i]), top: within(ends[2 * i + 1]) });
    });
  return {
    get ends() {
      return ends;
    },
    // The line as the page has it; a hand that holds an end knows better.
    set(line, fixed) {
      if (handles.some((handle) => handle.isHeld())) return;
      ends = line;
      for (const handle of handles) handle.hidden = !line || fixed;
      if (line) place();
    },
  };
}
