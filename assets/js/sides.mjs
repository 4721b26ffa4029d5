// What every run makes of the plane, side by side: as soon as there are two.
import { figure } from "./axis.mjs";
import { percent } from "./chart.mjs";
import { make, pen } from "./make.mjs";
import { write } from "./parts.mjs";
import { dots } from "./points.mjs";
import { palette, shade } from "./shade.mjs";

const SIDE = 154; // css pixels of a picture
const SMALL = 0.55; // size of a point here, in those of the plane

export function create(host, studio) {
  const root = make("div", { className: "sides", hidden: true });
  host.append(root);

  function draw() {
    const { lanes, lane, arrays, shapes } = studio.state;
    const shown = lanes?.length > 1 && shapes.sides?.[0] === lanes.length;
    root.hidden = !shown;
    if (!shown) return;
    if (root.childElementCount !== lanes.length) {
      root.replaceChildren(...lanes.map((_, i) => card(() => studio.send({ do: "lane", pick: i }))));
    }
    const [, planes, side] = shapes.sides;
    const size = planes * side * side;
    const inks = palette(studio.state.net.classes, studio.colours);
    lanes.forEach((told, i) => {
      const button = root.children[i];
      button.className = i === lane ? "on" : "";
      button.setAttribute("aria-pressed", i === lane);
      const image = new ImageData(side, side);
      shade(arrays.sides.subarray(i * size, (i + 1) * size), inks, image.data);
      const sheet = new OffscreenCanvas(side, side);
      sheet.getContext("2d").putImageData(image, 0, 0);
      paint(button.firstChild, sheet);
      write(button.children[1], told.name);
      write(button.children[2], sentence(told));
    });
  }

  function paint(canvas, sheet) {
    const { arrays, extent } = studio.state;
    const [x0, x1, y0, y1] = extent;
    const ink = pen(canvas, SIDE, SIDE);
    ink.drawImage(sheet, 0, 0, SIDE, SIDE);
    const by = SIDE / SMALL; // points are drawn for a canvas of this size, then made smaller with it
    ink.scale(SMALL, SMALL);
    dots(ink, studio, (act) => {
      for (let i = 0; i < arrays.classes.length; i++) {
        act(((arrays.points[2 * i] - x0) / (x1 - x0)) * by, ((y1 - arrays.points[2 * i + 1]) / (y1 - y0)) * by,
          arrays.classes[i], arrays.held[i]);
      }
    });
  }

  return { draw };
}

function card(pick) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  return make("button", { type: "button", title: "Show this run", onclick: pick }, canvas, make("b"), make("div"));
}

function sentence({ loss, accuracy }) {
  const said = `loss ${Number.isFinite(loss[0]) ? figure(loss[0]) : "none"}, ${percent(accuracy[0])}`;
  return accuracy[1] === null ? said : `${said}, test ${percent(accuracy[1])}`;
}
