// Mouse, finger, pen and keys on the plane: add, paint, move, remove, look elsewhere.
import { each, frame, setWindow } from "./plane.mjs";
import { soon } from "./parts.mjs";

const NEAR = { mouse: 12, pen: 14, touch: 22 }; // css pixels within which a point is meant
const LONG = 500; // ms of a long press
const SLACK = 6; // css pixels that a click may move
const APART = 9; // css pixels between the points of the brush

let strokes = 0;
export const stroke = () => Date.now() * 1000 + (strokes++ % 1000);

export function listen(view) {
  const { canvas } = view;
  const hand = { fingers: new Map(), act: null };
  canvas.addEventListener("pointerdown", (e) => down(view, hand, e));
  canvas.addEventListener("pointermove", (e) => move(view, hand, e));
  canvas.addEventListener("pointerup", (e) => up(view, hand, e));
  canvas.addEventListener("pointercancel", (e) => drop(view, hand, e));
  canvas.addEventListener("pointerleave", (e) => e.pointerType !== "touch" && hover(view, null));
  canvas.addEventListener("contextmenu", (e) => {
    e.preventDefault();
    if (e.pointerType !== "touch") remove(view, e);
  });
  canvas.addEventListener("dblclick", (e) => e.preventDefault());
  canvas.addEventListener("wheel", (e) => wheel(view, e), { passive: false });
  canvas.addEventListener("keydown", (e) => key(view, e));
  canvas.addEventListener("blur", () => {
    view.cursor = null;
    view.draw();
  });
}

const at = (event) => [event.offsetX, event.offsetY];
const far = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

function nearest(view, event) {
  const place = frame(view);
  let [best, least] = [null, NEAR[event.pointerType] ?? 12];
  each(view, (x, y, c, held, index) => {
    if (index === null) return;
    const d = far(place.to(x, y), at(event));
    if (d <= least) [best, least] = [{ index, x, y }, d];
  });
  return best;
}

// The point that is pointed at, also one that came under a pointer at rest; else the last one that was.
export function meant(view) {
  const here = view.cursor ?? view.hovered;
  if (!here) return view.touched;
  const [offsetX, offsetY] = frame(view).to(...here);
  return nearest(view, { offsetX, offsetY, pointerType: "touch" })?.index ?? view.touched;
}

function down(view, hand, event) {
  if (event.button > 1) return;
  view.canvas.focus({ preventScroll: true });
  view.canvas.setPointerCapture(event.pointerId);
  hand.fingers.set(event.pointerId, at(event));
  clearTimeout(hand.press);
  if (hand.fingers.size === 2) {
    hand.act = pinch(view, hand);
    return;
  }
  const place = frame(view);
  if (!place.inside(...at(event))) return;
  const found = nearest(view, event);
  if (found) view.touched = found.index;
  // An event tells its place only while it is delivered; what comes later needs a copy.
  const { offsetX, offsetY, pointerType } = event;
  const here = { offsetX, offsetY, pointerType };
  const pans = event.button === 1 || event.shiftKey;
  if (pans) hand.act = pan(view, here);
  else if (view.tool === "erase") hand.act = erase(view, event);
  else if (view.tool === "brush") hand.act = brush(view, event);
  else if (found) hand.act = drag(view, found, event);
  else hand.act = tap(view, here);
  if (event.pointerType === "touch" && view.tool !== "brush") {
    hand.press = setTimeout(() => {
      hand.act?.stop?.();
      hand.act = null;
      remove(view, here);
    }, LONG);
  }
}

function move(view, hand, event) {
  if (hand.fingers.has(event.pointerId)) {
    const began = hand.fingers.get(event.pointerId);
    if (far(began, at(event)) > SLACK) clearTimeout(hand.press);
    if (hand.act?.two) hand.fingers.set(event.pointerId, at(event));
    hand.act?.move?.(event, began);
  }
  if (event.pointerType !== "touch" && !hand.act?.two) hover(view, event);
}

function up(view, hand, event) {
  clearTimeout(hand.press);
  const began = hand.fingers.get(event.pointerId);
  hand.fingers.delete(event.pointerId);
  if (began && !hand.act?.two) hand.act?.up?.(event, began);
  hand.act?.stop?.();
  hand.act = null;
}

function drop(view, hand, event) {
  clearTimeout(hand.press);
  hand.fingers.delete(event.pointerId);
  hand.act?.stop?.();
  hand.act = null;
}

function freeze(view) {
  view.frozen = view.window();
  return () => {
    view.frozen = null;
    view.draw();
  };
}

// A click adds; what moves further was meant to move the window.
function tap(view, here) {
  let panning = null;
  return {
    move(e, began) {
      if (!panning && far(began, at(e)) > SLACK) panning = pan(view, here);
      panning?.move(e);
    },
    up: (e, began) => !panning && view.tool === "add" && far(began, at(e)) <= SLACK && add(view, [frame(view).from(...began)], stroke()),
  };
}

function pan(view, here) {
  const [x0, x1, y0, y1] = view.window();
  const { side } = frame(view);
  const from = at(here);
  return {
    move(e) {
      const dx = ((e.offsetX - from[0]) / side) * (x1 - x0);
      const dy = ((e.offsetY - from[1]) / side) * (y1 - y0);
      setWindow(view, [x0 - dx, x1 - dx, y0 + dy, y1 + dy]);
    },
  };
}

function pinch(view, hand) {
  const [a, b] = [...hand.fingers.values()];
  const place = frame(view);
  const [x0, x1, y0, y1] = view.window();
  const [span, middle] = [far(a, b), place.from((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)];
  return {
    two: true,
    move() {
      const fingers = [...hand.fingers.values()];
      if (fingers.length < 2) return;
      const [c, d] = fingers;
      const by = span / Math.max(20, far(c, d));
      const now = place.from((c[0] + d[0]) / 2, (c[1] + d[1]) / 2);
      const [x, y] = [middle[0] - (now[0] - middle[0]) * by, middle[1] - (now[1] - middle[1]) * by];
      setWindow(view, [
        x - (middle[0] - x0) * by, x + (x1 - middle[0]) * by,
        y - (middle[1] - y0) * by, y + (y1 - middle[1]) * by,
      ]);
    },
  };
}

function drag(view, found, event) {
  const thaw = freeze(view);
  const place = frame(view);
  const mark = stroke();
  const [px, py] = place.to(found.x, found.y);
  const grip = [px - event.offsetX, py - event.offsetY];
  let moved = false;
  const tell = soon(() => {
    const { index, x, y } = view.moved ?? {};
    if (index !== undefined) view.studio.send({ do: "move", index, x, y, stroke: mark });
  });
  return {
    move(e, began) {
      if (!moved && far(began, at(e)) <= 3) return;
      moved = true;
      const [x, y] = place.from(e.offsetX + grip[0], e.offsetY + grip[1]);
      view.moved = { index: found.index, x, y, done: false };
      view.draw();
      tell();
    },
    stop() {
      if (view.moved) view.moved.done = true;
      thaw();
    },
  };
}

function brush(view, event) {
  const thaw = freeze(view);
  const mark = stroke();
  const place = frame(view);
  let last = at(event);
  let waiting = [place.from(...last)];
  const tell = soon(() => {
    if (waiting.length) add(view, waiting, mark);
    waiting = [];
  });
  tell();
  return {
    move(e) {
      for (const step of e.getCoalescedEvents?.() ?? [e]) {
        if (far(last, at(step)) < APART || !place.inside(...at(step))) continue;
        last = at(step);
        waiting.push(place.from(...last));
      }
      tell();
    },
    stop() {
      if (waiting.length) add(view, waiting, mark);
      waiting = [];
      thaw();
    },
  };
}

function erase(view, event) {
  const mark = stroke();
  let asked = -1; // the points as they were when the last one was removed
  const take = (e) => {
    const { version } = view.studio.state;
    if (asked !== version && remove(view, e, mark)) asked = version;
  };
  take(event);
  return { move: take };
}

export function add(view, places, mark) {
  const points = places.map(([x, y]) => [x, y, view.class]);
  view.pending.push(...points);
  view.studio.send({ do: "add", points, stroke: mark });
  view.draw();
}

function remove(view, event, mark = stroke()) {
  const found = nearest(view, event);
  if (found) view.studio.send({ do: "remove", index: found.index, stroke: mark });
  return Boolean(found);
}

function hover(view, event) {
  const place = frame(view);
  const inside = event && place.inside(...at(event));
  view.hovered = inside ? place.from(...at(event)) : null;
  if (inside) view.readout.place(...at(event));
  else view.readout.frame(null);
  const found = inside && nearest(view, event);
  if (found) view.touched = found.index;
  view.canvas.style.cursor = found && view.tool !== "brush" ? "grab" : "crosshair";
  view.point();
  view.draw();
}

function wheel(view, event) {
  if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
  event.preventDefault();
  const [x, y] = frame(view).from(...at(event));
  view.studio.zoom(Math.exp(Math.sign(event.deltaY) * Math.min(0.25, Math.abs(event.deltaY) / 400)), [x, y]);
}

// The keyboard has a cursor of its own, an eightieth of the window a step.
function key(view, event) {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  const [x0, x1, y0, y1] = view.window();
  const here = view.cursor ?? [(x0 + x1) / 2, (y0 + y1) / 2];
  if (way) {
    const by = (event.shiftKey ? 8 : 1) / 80;
    view.cursor = [here[0] + way[0] * by * (x1 - x0), here[1] + way[1] * by * (y1 - y0)];
    view.hovered = view.cursor;
    view.point();
    view.readout.place(...frame(view).to(...view.cursor));
    view.draw();
  } else if (event.key === "Enter") add(view, [here], stroke());
  else if (event.key === "Delete" || event.key === "Backspace") {
    const [offsetX, offsetY] = frame(view).to(...here);
    remove(view, { offsetX, offsetY, pointerType: "touch" });
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
