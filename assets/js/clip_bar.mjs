// The bar below the video: how much was found when, where it is now, and a place to drag to.
import { make, pen } from "./make.mjs";
import { clamp } from "./parts.mjs";

const HIGH = 40; // css pixels

export function create(seek) {
  const canvas = make("canvas", { tabIndex: 0, role: "slider", "aria-label": "Time in the video", "aria-valuemin": 0 });
  const root = make("div", { className: "density" }, canvas);
  let state = null; // { data, seconds, t }
  const at = (event) => clamp(event.offsetX / canvas.clientWidth, 0, 1) * state.seconds;
  let held = false;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    held = true;
    seek(at(event));
  });
  canvas.addEventListener("pointermove", (event) => held && seek(at(event)));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (held = false));

  function draw(style) {
    if (!state || !root.clientWidth) return;
    const { data, seconds, t } = state;
    const width = root.clientWidth;
    const ink = pen(canvas, width, HIGH);
    ink.fillStyle = style.secondary;
    ink.fillRect(0, 0, width, HIGH);
    ink.fillStyle = style.primary;
    ink.globalAlpha = 0.55;
    const long = Math.max(seconds, 1e-3);
    for (let row = 0; row < data.rows; row++) {
      const x = (data.times[row] / long) * width;
      const next = row + 1 < data.rows ? (data.times[row + 1] / long) * width : width;
      const high = (data.count(row) / data.most) * (HIGH - 8);
      ink.fillRect(x, HIGH - high, Math.max(1, next - x), high);
    }
    ink.globalAlpha = 1;
    ink.fillStyle = style.text;
    for (let i = 0; i < data.crossed.length; i += 3) {
      const x = (data.crossed[i] / long) * width;
      ink.beginPath();
      ink.moveTo(x - 4, 0);
      ink.lineTo(x + 4, 0);
      ink.lineTo(x, 6);
      ink.fill();
    }
    ink.fillRect(clamp((t / long) * width - 1, 0, width - 2), 0, 2, HIGH);
  }

  return {
    root,
    set(next, style) {
      state = next;
      canvas.setAttribute("aria-valuemax", next.seconds.toFixed(2));
      canvas.setAttribute("aria-valuenow", next.t.toFixed(2));
      const row = next.row < 0 ? 0 : next.data.count(next.row);
      canvas.setAttribute("aria-valuetext", `${next.t.toFixed(2)} seconds, ${row} found`);
      draw(style);
    },
  };
}
