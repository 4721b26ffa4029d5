// Where a detector looks: the cells of one of its maps, and the boxes that belong to a cell.
import { at, box, count, outline, stage } from "./inside_canvas.mjs";
import { make } from "./make.mjs";

const COLOURS = ["#56b4e9", "#e69f00", "#2cc295", "#f0e442", "#de94bd", "#e8782f"];
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

export function create(host) {
  const view = { scene: null, layer: 0, cell: [0, 0] };
  view.canvas = make("canvas", { tabIndex: 0, role: "application",
    onpointermove: (event) => point(view, event), onpointerdown: (event) => point(view, event),
    onkeydown: (event) => {
      const move = MOVES[event.key];
      if (!move) return;
      event.preventDefault();
      choose(view, [view.cell[0] + move[0], view.cell[1] + move[1]]);
    } });
  view.choice = make("select", { onchange: () => pick(view, Number(view.choice.value)) });
  view.all = make("input", { type: "checkbox", onchange: () => draw(view) });
  view.says = make("p", { className: "says" });
  host.className = "places";
  host.append(make("h3", {}, "Where it looks"),
    make("div", { className: "tools" }, make("label", {}, "Map ", view.choice), make("label", {}, view.all, " all boxes at once")),
    make("div", { className: "picture" }, view.canvas), view.says);
  return {
    show(scene) {
      view.scene = scene;
      host.hidden = !scene.layers.length;
      view.choice.replaceChildren(...scene.layers.map(({ name }, i) => make("option", { value: i }, name)));
      if (scene.layers.length) pick(view, Math.min(scene.layers.length - 1, Math.floor(scene.layers.length / 2)));
    },
    draw: () => draw(view),
    stop() {},
  };
}

function pick(view, layer) {
  view.layer = layer;
  view.choice.value = layer;
  const [rows, columns] = view.scene.layers[layer].grid;
  choose(view, [Math.floor(rows / 2), Math.floor(columns / 2)]);
}

function choose(view, [row, column]) {
  const [rows, columns] = view.scene.layers[view.layer].grid;
  view.cell = [Math.max(0, Math.min(rows - 1, row)), Math.max(0, Math.min(columns - 1, column))];
  say(view);
  draw(view);
}

const first = ({ grid: [, columns], per }, [row, column]) => (row * columns + column) * per;

function middle(boxes, i) {
  const [x0, y0, x1, y1] = box(boxes, i);
  return [(x0 + x1) / 2, (y0 + y1) / 2];
}

// The cell whose middle is nearest.
function point(view, event) {
  if (!view.scene?.layers.length) return;
  const [x, y] = at(event, view.canvas, view.scene);
  const layer = view.scene.layers[view.layer];
  const boxes = view.scene.arrays[`layer${view.layer}`];
  let [best, least] = [view.cell, Infinity];
  for (let row = 0; row < layer.grid[0]; row++) {
    for (let column = 0; column < layer.grid[1]; column++) {
      const [mx, my] = middle(boxes, first(layer, [row, column]));
      const far = (mx - x) ** 2 + (my - y) ** 2;
      if (far < least) [best, least] = [[row, column], far];
    }
  }
  if (best[0] !== view.cell[0] || best[1] !== view.cell[1]) choose(view, best);
}

function say(view) {
  const layer = view.scene.layers[view.layer];
  const boxes = view.scene.arrays[`layer${view.layer}`];
  const sides = Array.from({ length: layer.per }, (_, k) => {
    const [x0, y0, x1, y1] = box(boxes, first(layer, view.cell) + k);
    return `${Math.round(x1 - x0)} × ${Math.round(y1 - y0)}`;
  });
  const drawn = layer.count > boxes.length / 4 ? `; ${count(boxes.length / 4)} of them can be pointed at` : "";
  const some = sides.slice(0, 9).join(", ") + (sides.length > 9 ? ", …" : "");
  view.says.textContent = `${count(layer.count)} boxes on this map${drawn}. Here: ${some} pixels. Point at the picture, or use the arrow keys.`;
  view.canvas.setAttribute("aria-label", `${layer.name}: row ${view.cell[0] + 1}, column ${view.cell[1] + 1}; boxes of ${some} pixels`);
}

function draw(view) {
  if (!view.scene?.layers.length) return;
  const on = stage(view.canvas, view.scene, 0.35);
  if (!on) return;
  const layer = view.scene.layers[view.layer];
  const boxes = view.scene.arrays[`layer${view.layer}`];
  const cells = layer.grid[0] * layer.grid[1];
  if (view.all.checked) {
    on.ink.globalAlpha = Math.max(0.12, Math.min(0.6, 50 / cells));
    for (let i = 0; i < boxes.length / 4; i++) outline(on, box(boxes, i), "#ffffff", 1);
  }
  on.ink.globalAlpha = 0.75;
  on.ink.fillStyle = "#ffffff";
  const dot = Math.max(0.8, Math.min(2.2, 40 / Math.sqrt(cells))) / on.scale;
  for (let i = 0; i < cells; i++) {
    const [x, y] = middle(boxes, i * layer.per);
    on.ink.fillRect(x - dot, y - dot, 2 * dot, 2 * dot);
  }
  on.ink.globalAlpha = 1;
  for (let k = layer.per - 1; k >= 0; k--) outline(on, box(boxes, first(layer, view.cell) + k), COLOURS[k % COLOURS.length], 2.5, { halo: true });
}
