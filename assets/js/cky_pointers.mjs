// Which cells of the chart stand out, and where the chosen number is from.
import { DOWN } from "./cky_data.mjs";
import { line, mark } from "./cky_draw.mjs";

// Which cells stand out, and the lines between them.
export function pointers(view) {
  const { chart, steps, drawn, chosen, data } = view;
  const done = (c) => steps.end[c] <= view.at;
  const marks = new Map();
  const put = (c, name) => c >= 0 && marks.set(c, `${marks.get(c) ?? ""} ${name}`);
  const { tree } = view.settings;
  if (tree) for (const c of view.trunk) if (done(c)) put(c, "tree");
  put(chosen.c, "chosen");
  const lines = [];
  const link = (from, left, right) => {
    for (const [to, side] of [[left, "left"], [right, "right"]]) {
      if (to < 0 || to === from) continue;
      put(to, side);
      lines.push(line(view, from, to, `pointer ${side}`));
    }
  };
  const { i, j } = chart.cell(chosen.c);
  const home = (e) => (e >= 0 ? chart.home[e] : -1);
  if (view.pointed) link(view.pointed.above === undefined ? chosen.c : chart.home[view.pointed.above], home(view.pointed.one.left), home(view.pointed.one.right));
  else if (view.now !== null && view.now >= 0) link(chosen.c, chart.at(i, view.now), chart.at(view.now + 1, j));
  else if (!view.blank && !DOWN[data.values]) {
    const found = best(view);
    if (found) link(chosen.c, home(found.left), home(found.right));
  }
  mark(drawn, marks);
  drawn.under.replaceChildren(...(tree ? view.branches.filter(([from]) => done(from)).map(([from, to]) => line(view, from, to, "branch")) : []));
  drawn.over.replaceChildren(...lines);
}

// The way that the chosen number is from, chains followed down to what they stand on.
export function best(view) {
  const { chart, data, chosen, split } = view;
  const shown = chart.shown(chosen.c, data.values, split);
  if (!shown.length) return null;
  let e = shown.some(([one]) => one === chosen.e) ? chosen.e : shown[0][0];
  const top = (ways) => ways.reduce((a, b) => (a && chart.product(a) >= chart.product(b) - 1e-9 ? a : b), null);
  const done = split >= chart.cell(chosen.c).j - 1;
  let found = top(chart.waysOf(e).filter((one) => (one.split < 0 ? done : one.split <= split)));
  if (found?.chain) {
    e = found.left;
    found = top(chart.waysOf(e).filter((one) => !one.chain));
  }
  return found;
}

// A large chart is moved under its frame until the cell is seen; the page stays where it is.
export function reveal({ field, chart, layout }, c) {
  const { i, j } = chart.cell(c);
  const move = (at, size, from, room) => (at - size / 2 < from ? at - size / 2 - 8 : at + size / 2 > from + room ? at + size / 2 + 8 - room : from);
  const left = move(layout.x(i, j), layout.wide, field.scrollLeft, field.clientWidth);
  const top = move(layout.y(i, j), layout.high, field.scrollTop, field.clientHeight);
  if (left !== field.scrollLeft) field.scrollLeft = left;
  if (top !== field.scrollTop) field.scrollTop = top;
}
