// The points as both canvases show them.

export const EDGE = { left: 34, right: 6, top: 6, bottom: 24 }; // css pixels around a picture

// Learned from: discs; held for testing: squares. `each` calls act(x, y, class, held) for every one,
// in css pixels. One path a class and kind: thousands are drawn in a frame.
export function dots(ink, { state, colours }, each) {
  const count = state.arrays.classes?.length ?? 0;
  const size = count > 1500 ? 1.8 : count > 500 ? 2.6 : count > 200 ? 3.6 : 4.6;
  const paths = new Map();
  each((x, y, c, held) => {
    const key = 2 * c + held;
    if (!paths.has(key)) paths.set(key, new Path2D());
    const path = paths.get(key);
    if (held) path.rect(x - size * 0.85, y - size * 0.85, size * 1.7, size * 1.7);
    else {
      path.moveTo(x + size, y);
      path.arc(x, y, size, 0, 7);
    }
  });
  for (const [key, path] of paths) {
    const colour = colours.classes[key >> 1];
    ink.fillStyle = key & 1 ? colours.background : colour;
    ink.strokeStyle = key & 1 ? colour : colours.background;
    ink.lineWidth = key & 1 ? 2 : size > 3 ? 1.3 : 0.7;
    ink.fill(path);
    ink.stroke(path);
  }
}
