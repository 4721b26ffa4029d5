// The points as both canvases show them.
import { lay, press, sheet, stamp } from "./raster.mjs";

export const EDGE = { left: 34, right: 6, top: 6, bottom: 24 }; // css pixels around a picture

const MANY = 500; // points above which pixels are set by hand: a path of thousands takes too long
const stamps = new Map();

// Learned from: discs; held for testing: squares. `each` calls act(x, y, class, held) for every one,
// in css pixels. One path a class and kind: thousands are drawn in a frame.
export function dots(ink, { state, colours }, each) {
  const count = state.arrays.classes?.length ?? 0;
  const size = count > 1500 ? 1.8 : count > 500 ? 2.6 : count > 200 ? 3.6 : 4.6;
  if (count > MANY) {
    const to = ink.getTransform();
    const made = sheet(ink);
    each((x, y, c, held) => press(made, pixels(colours, 2 * c + held, size, to.a), to.a * x + to.e, to.d * y + to.f));
    lay(ink, made);
    return;
  }
  const paths = new Map();
  each((x, y, c, held) => {
    const key = 2 * c + held;
    if (!paths.has(key)) paths.set(key, new Path2D());
    trace(paths.get(key), x, y, held, size);
  });
  for (const [key, path] of paths) dot(ink, colours, key, size, path);
}

function trace(path, x, y, held, size) {
  if (held) path.rect(x - size * 0.85, y - size * 0.85, size * 1.7, size * 1.7);
  else {
    path.moveTo(x + size, y);
    path.arc(x, y, size, 0, 7);
  }
}

function dot(ink, colours, key, size, path) {
  const colour = colours.classes[key >> 1];
  ink.fillStyle = key & 1 ? colours.background : colour;
  ink.strokeStyle = key & 1 ? colour : colours.background;
  ink.lineWidth = key & 1 ? (size > 3 ? 2 : 1.2) : size > 3 ? 1.3 : 0.7;
  ink.fill(path);
  ink.stroke(path);
}

// One dot, drawn once.
function pixels(colours, key, size, dense) {
  const name = `${colours.classes[key >> 1]} ${colours.background} ${key} ${size} ${dense}`;
  if (!stamps.has(name)) {
    if (stamps.size > 200) stamps.clear();
    const side = Math.ceil((size + 1.5) * dense) * 2 + 1;
    stamps.set(name, stamp(side, (ink) => {
      ink.scale(dense, dense);
      const path = new Path2D();
      trace(path, side / dense / 2, side / dense / 2, key & 1, size);
      dot(ink, colours, key, size, path);
    }));
  }
  return stamps.get(name);
}
