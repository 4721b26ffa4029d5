// Pointer and keys: look at a character, pick one, select a span.
import { below, hit } from "./reader_layout.mjs";

const EDGE = 24; // css pixels from which a drag scrolls on
const REST = 250; // ms after the last key until a span is told

// `view` has scene, layout, scroller; `act` look(i), step(i), pick(i), select(span, done).
export function listen(canvas, view, act) {
  let [down, last, timer] = [null, null, 0];
  const at = ({ x, y }, nearest) => {
    if (!view.layout) return null;
    const { scrollLeft, scrollTop } = view.scroller;
    return hit(view.layout, x + scrollLeft, y + scrollTop, nearest);
  };
  const where = (event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const span = (a, b) => [Math.min(a, b), Math.max(a, b) + 1];

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    last = where(event);
    down = { i: at(last), drags: false, mouse: event.pointerType === "mouse" };
    if (down.mouse && down.i !== null) canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    last = where(event);
    if (!down?.mouse || down.i === null) return act.look(at(last));
    const i = at(last, true);
    down.drags ||= i !== down.i;
    if (last.y > canvas.clientHeight - EDGE) view.scroller.scrollTop += EDGE;
    if (last.y < EDGE) view.scroller.scrollTop -= EDGE;
    if (view.layout.mode === "line" && last.x > canvas.clientWidth - EDGE) view.scroller.scrollLeft += EDGE;
    if (view.layout.mode === "line" && last.x < view.layout.gutter) view.scroller.scrollLeft -= EDGE;
    act.look(i);
    if (down.drags) act.select(span(down.i, i), false);
  });
  canvas.addEventListener("pointerup", () => {
    if (!down) return;
    const { i, drags } = down;
    down = null;
    if (drags) act.select(view.span, true);
    else if (i !== null) {
      act.select(null, true);
      act.pick(i);
    }
  });
  canvas.addEventListener("pointercancel", () => (down = null));
  canvas.addEventListener("pointerleave", () => {
    last = null;
    if (!down) act.look(null);
  });
  // Under a pointer at rest the text may have moved.
  let still = 0;
  view.scroller.addEventListener("scroll", () => {
    clearTimeout(still);
    still = setTimeout(() => last && !down && act.look(at(last)), 120);
  });

  canvas.addEventListener("keydown", (event) => {
    const { layout, scene } = view;
    if (!layout || event.ctrlKey || event.metaKey || event.altKey) return;
    const now = view.cursor ?? scene.at ?? 0;
    if (event.key === "Escape") {
      act.select(null, true);
      return;
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      act.pick(now);
      return;
    }
    const next = moved(layout, event.key, now, Math.max(1, Math.floor(canvas.clientHeight / (layout.block ?? 99)) - 1));
    if (next === null) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(Math.min(view.upto, scene.count) - 1, next));
    if (event.shiftKey) {
      view.anchor ??= now;
      act.select(span(view.anchor, to), false);
      clearTimeout(timer);
      timer = setTimeout(() => act.select(view.span, true), REST);
    } else view.anchor = null;
    act.step(to);
  });
  return () => [timer, still].forEach(clearTimeout);
}

function moved(layout, key, i, page) {
  const row = layout.row?.[i] ?? 0;
  switch (key) {
    case "ArrowLeft": return i - 1;
    case "ArrowRight": return i + 1;
    case "ArrowUp": return below(layout, i, -1);
    case "ArrowDown": return below(layout, i, 1);
    case "PageUp": return below(layout, i, -page);
    case "PageDown": return below(layout, i, page);
    case "Home": return layout.starts[row];
    case "End": return layout.starts[row + 1] - 1;
    default: return null;
  }
}
