// What the net says at one place: how likely each class is, and every unit's answer on the way.
import { figure } from "./axis.mjs";
import { make } from "./make.mjs";
import { along, css, signed } from "./ramp.mjs";

const WRITTEN = 8; // units of a stage whose answers are written out; of more only the colour

export function create(field, studio) {
  const root = make("div", { className: "readout", hidden: true, "aria-hidden": "true" });
  field.append(root);
  let at = [0, 0]; // of the pointer
  // Beside the pointer, inside the studio. Only what is seen has a size.
  const place = () => {
    if (root.hidden) return;
    const [x, y] = at;
    const [bounds, here] = [studio.root.getBoundingClientRect(), field.getBoundingClientRect()];
    const least = bounds.left - here.left;
    const most = bounds.right - here.left - root.offsetWidth;
    const right = x + 18 <= most;
    root.style.left = `${Math.max(least, Math.min(most, right ? x + 18 : x - 18 - root.offsetWidth))}px`;
    const lowest = Math.max(0, bounds.bottom - here.top - root.offsetHeight);
    root.style.top = `${Math.min(lowest, Math.max(0, y - root.offsetHeight / 2))}px`;
  };
  return {
    // hover: the header's field, or null
    frame(hover) {
      root.hidden = !hover;
      if (!hover) return;
      root.replaceChildren(...rows(studio, hover));
      place();
    },
    place(x, y) {
      at = [x, y];
      place();
    },
  };
}

function rows(studio, { x, y, probabilities, stages }) {
  const { state, colours } = studio;
  const stops = signed(studio);
  const classes = probabilities.map((p, k) => {
    const bar = make("i");
    bar.style.width = `${Math.round((p ?? 0) * 64)}px`;
    bar.style.background = colours.classes[k];
    return make("div", { className: "class" }, make("span", {}, state.classes[k] ?? `${k}`), bar,
      make("span", {}, p === null ? "?" : `${Math.round(p * 100)} %`));
  });
  const layers = stages.slice(1, -1).map(({ name, values }) => {
    const most = Math.max(1, ...values.map((v) => Math.abs(v ?? 0)));
    const cells = values.map((value) => {
      const cell = make("i", {}, values.length > WRITTEN || value === null ? "" : figure(value));
      const colour = along(stops, 0.5 + (value ?? 0) / most / 2);
      cell.style.background = css(colour);
      cell.style.color = 0.21 * colour[0] + 0.72 * colour[1] + 0.07 * colour[2] > 128 ? "#111" : "#fff";
      return cell;
    });
    return make("div", { className: values.length > WRITTEN ? "layer many" : "layer" }, make("span", {}, name), make("div", { className: "cells" }, ...cells));
  });
  return [make("b", {}, `x1 ${figure(x)}, x2 ${figure(y)}`), ...classes, ...layers];
}
