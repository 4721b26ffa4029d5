// Boxes, trails and the line over the moving picture; the same pen draws snapshots and recordings.
const TAG = 20; // height of a label, in css pixels
const SLOW = 25; // px/s of a thing that is taken to stand still
const FADING = 120; // ms after which a speed is no longer believed: things turn
const WHITE = "#ffffff";

// Where things were and how fast they go, by their ids: boxes between two answers go on moving.
export function motion() {
  let before = { at: 0, boxes: new Map() };
  return {
    // `at`: ms, when the picture of `answer` was taken.
    learn(answer, at) {
      const boxes = new Map();
      for (const { id, box } of answer.boxes) {
        if (!id) continue;
        const centre = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
        const was = before.boxes.get(id);
        const spent = at - before.at;
        const speed = was && spent > 0 ? [0, 1].map((i) => (was.speed[i] + (centre[i] - was.centre[i]) / spent) / 2) : [0, 0];
        boxes.set(id, { centre, speed });
      }
      before = { at, boxes };
    },
    // How far thing `id` has gone by `now`, in pixels of the picture.
    gone(id, now) {
      const speed = before.boxes.get(id)?.speed;
      if (!speed || Math.hypot(...speed) * 1000 < SLOW) return [0, 0];
      const spent = FADING * (1 - Math.exp(-Math.max(0, now - before.at) / FADING));
      return speed.map((v) => v * spent);
    },
  };
}

// Draws `answer` with `pen` on a field of width x height; `one` is the size of a css pixel in it.
export function draw(pen, answer, { width, height, mirrored, one, gone = () => [0, 0], line = null }) {
  const [across, down] = [width / answer.size[0], height / answer.size[1]];
  const place = ([x, y]) => [mirrored ? width - x * across : x * across, y * down];
  pen.lineJoin = "round";
  for (const { id, colour } of answer.boxes) {
    const way = id && answer.trails?.[id];
    if (way) trail(pen, way.map(place), colour, one);
  }
  // The weakest first, so that the best lie on top.
  for (const found of [...answer.boxes].reverse()) {
    const [dx, dy] = gone(found.id);
    const [x0, y0, x1, y1] = found.box;
    const [a, b] = [place([x0 + dx, y0 + dy]), place([x1 + dx, y1 + dy])];
    outline(pen, found, [Math.min(a[0], b[0]), a[1], Math.max(a[0], b[0]), b[1]], width, one);
  }
  if (line) count(pen, line, answer.crossed ?? {}, { width, height, mirrored, one });
}

function trail(pen, way, colour, one) {
  pen.strokeStyle = colour;
  pen.lineWidth = 3 * one;
  way.forEach((p, i) => {
    if (!i) return;
    pen.globalAlpha = i / way.length;
    pen.beginPath();
    pen.moveTo(...way[i - 1]);
    pen.lineTo(...p);
    pen.stroke();
  });
  pen.globalAlpha = 1;
}

function outline(pen, { id, label, score, colour, ink }, [x0, y0, x1, y1], width, one) {
  pen.lineWidth = 3 * one;
  pen.strokeStyle = colour;
  pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  const text = `${id ? `${id} ` : ""}${label} ${score.toFixed(2)}`;
  pen.font = `600 ${13 * one}px sans-serif`;
  const wide = pen.measureText(text).width + 10 * one;
  const left = Math.max(0, Math.min(x0 - 1.5 * one, width - wide));
  const top = y0 > TAG * one ? y0 - (TAG - 1) * one : y0;
  pen.fillStyle = colour;
  pen.fillRect(left, top, wide, TAG * one);
  pen.fillStyle = ink;
  pen.fillText(text, left + 5 * one, top + 14.5 * one);
}

// The line [x0, y0, x1, y1] in shares, and on either side of it how many arrived there.
function count(pen, line, crossed, { width, height, mirrored, one }) {
  const at = (x, y) => [(mirrored ? 1 - x : x) * width, y * height];
  const [a, b] = [at(line[0], line[1]), at(line[2], line[3])];
  pen.lineWidth = 3 * one;
  pen.strokeStyle = WHITE;
  pen.shadowColor = "rgba(0, 0, 0, .8)";
  pen.shadowBlur = 4 * one;
  pen.beginPath();
  pen.moveTo(...a);
  pen.lineTo(...b);
  pen.stroke();
  pen.font = `600 ${15 * one}px sans-serif`;
  pen.fillStyle = WHITE;
  pen.textAlign = "center";
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const far = (26 * one) / Math.max(1, Math.hypot(dx, dy));
  const sums = Object.values(crossed).reduce(([r, l], [right, left]) => [r + right, l + left], [0, 0]);
  sums.forEach((sum, i) => {
    // To the right of the way from a to b, y down, lies (-dy, dx); a mirror swaps the sides.
    const side = (i === 0) === !mirrored ? 1 : -1;
    pen.fillText(String(sum), (a[0] + b[0]) / 2 - side * dy * far, (a[1] + b[1]) / 2 + side * dx * far + 5 * one);
  });
  pen.textAlign = "start";
  pen.shadowBlur = 0;
}
