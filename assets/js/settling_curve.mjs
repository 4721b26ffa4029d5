// The objective over the iterations; the place that is shown is marked and can be dragged.
import { make } from "./make.mjs";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [1000, 100]; // of the field, stretched to what there is

export const figure = (value, digits) => value.toFixed(digits).replace("-", "\u2212");

export function curve(go, hold) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("vector-effect", "non-scaling-stroke");
  svg.append(path);
  const mark = make("i", { className: "mark" });
  const field = make("div", { className: "field" }, svg, mark);
  const [top, bottom, last] = [make("span"), make("span"), make("span", { className: "last" })];
  const root = make("div", { className: "curve" }, make("div", { className: "axis" }, top, bottom), field, last);
  const state = { first: 0, most: 1, film: false };
  const at = (event) => {
    const box = field.getBoundingClientRect();
    const along = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(box.width, 1)));
    go(state.first + along * (state.most - state.first));
  };
  field.addEventListener("pointerdown", (event) => {
    if (!state.film) return;
    field.setPointerCapture(event.pointerId);
    hold(true);
    at(event);
  });
  field.addEventListener("pointermove", (event) => field.hasPointerCapture(event.pointerId) && at(event));
  field.addEventListener("lostpointercapture", () => hold(false));
  return {
    root,
    write({ curve: points, film, rises }) {
      state.film = film;
      field.classList.toggle("film", film);
      root.hidden = points.length < 2;
      if (root.hidden) return;
      state.first = points[0][0];
      state.most = Math.max(state.first + 1, points.at(-1)[0]);
      // Nearly all is gained at first: drawn to scale the rest would be a line along the edge.
      const later = points.length > 20 ? points.slice(Math.ceil(points.length * 0.04)) : points;
      const values = later.map(([, value]) => value);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const span = high - low || 1;
      const y = (value) => HEIGHT - 6 - ((value - low) / span) * (HEIGHT - 12);
      path.setAttribute("d", points.map(([x, value], k) => `${k ? "L" : "M"}${place(x) * WIDTH} ${y(value)}`).join(""));
      top.textContent = figure(high, 3);
      bottom.textContent = figure(low, 3);
      last.textContent = rises ? "higher is better" : "lower is better";
    },
    mark(x) {
      mark.style.left = `${100 * Math.min(1, Math.max(0, place(x)))}%`;
    },
  };
  function place(x) {
    return (x - state.first) / (state.most - state.first);
  }
}
