// Loss and accuracy of every run over time, the gap between train and test named; and underneath the
// timeline: back, play again from there, go on from there with other settings.
import { decades, figure, short, ticks, whole } from "./axis.mjs";
import { make, painter, pen } from "./make.mjs";
import { clamp, soon, write } from "./parts.mjs";
import { palette, shade } from "./shade.mjs";

const HEIGHT = 190;
const PAD = { left: 46, right: 10, top: 18, bottom: 26 };
const NARROW = 560; // css pixels below which the panels stand one above the other
const DASH = [5, 4];
const [LOSS, ACCURACY] = [1, 3]; // columns of a curve: train; test follows

export function create(host, studio) {
  const canvas = make("canvas", { role: "img", "data-view": "curves" });
  const tip = make("div", { className: "tip", hidden: true });
  const field = make("div", { className: "field" }, canvas, tip);
  const view = { studio, canvas, tip, field, log: true, pointer: null };
  view.chips = make("div", { className: "row lanes" });
  view.sides = make("div", { className: "sides", hidden: true });
  host.append(view.chips, field, timeline(view), view.sides);
  view.painter = painter(field, () => draw(view), 90);
  canvas.addEventListener("pointermove", (e) => {
    view.pointer = [e.offsetX, e.offsetY];
    view.painter.ask();
  });
  canvas.addEventListener("pointerleave", () => {
    view.pointer = null;
    view.painter.ask();
  });
  return {
    canvas,
    frame(f) {
      chips(view);
      follow(view);
      if (f.fresh.has("sides")) sides(view);
      view.sides.hidden = studio.state.lanes.length < 2;
      view.painter.ask();
    },
    theme: () => view.painter.ask(),
    release: () => view.painter.stop(),
  };
}

export const laneColour = ({ colours }, lane) => [colours.text, colours.classes[2], colours.classes[3], colours.classes[4]][lane];

// The runs

function chips(view) {
  const { studio, chips: row } = view;
  const { lanes, lane } = studio.state;
  const mark = JSON.stringify([lanes.map(({ name }) => name), lane, studio.colours.dark, view.log]);
  if (row.dataset.mark === mark) return;
  row.dataset.mark = mark;
  const made = lanes.map(({ name }, i) => {
    const dot = make("i");
    dot.style.background = laneColour(studio, i);
    const pick = make("button", { type: "button", className: i === lane ? "chip on" : "chip", title: `Show run ${name}`,
      "aria-pressed": i === lane, onclick: () => studio.send({ do: "lane", pick: i }) }, dot, name);
    pick.dataset.lane = i;
    const shut = make("button", { type: "button", className: "chip x", title: `Close run ${name}`, "aria-label": `Close run ${name}`,
      onclick: () => studio.send({ do: "close", lane: i }) }, "\u00d7");
    return make("span", { className: "pair" }, pick, ...(lanes.length > 1 ? [shut] : []));
  });
  const scale = make("button", { type: "button", className: "chip", "aria-pressed": view.log, title: "Logarithmic or linear loss",
    onclick: () => {
      view.log = !view.log;
      chips(view);
      view.painter.ask();
    } }, view.log ? "log loss" : "linear loss");
  row.replaceChildren(...made, make("span", { className: "key" }, "solid: training, dashed: test"), scale);
}

function sides(view) {
  const { studio } = view;
  const { lanes, lane, arrays, shapes, net } = studio.state;
  const [, planes, side] = shapes.sides;
  if (view.sides.childElementCount !== lanes.length) {
    view.sides.replaceChildren(...lanes.map((_, i) => {
      const sheet = make("canvas", { width: side, height: side });
      const said = make("span");
      return make("button", { type: "button", onclick: () => studio.send({ do: "lane", pick: i }) }, sheet, said);
    }));
  }
  const ink = palette(net.classes, studio.colours);
  lanes.forEach(({ name, loss, accuracy }, i) => {
    const button = view.sides.children[i];
    button.className = i === lane ? "on" : "";
    const image = new ImageData(side, side);
    const size = planes * side * side;
    shade(arrays.sides.subarray(i * size, (i + 1) * size), ink, image.data);
    button.firstChild.getContext("2d").putImageData(image, 0, 0);
    const tested = accuracy[1] === null ? "" : `, test ${percent(accuracy[1])}`;
    write(button.lastChild, `${name}: loss ${number(loss[0])}, ${percent(accuracy[0])}${tested}`);
  });
}

const number = (value) => (value === null || value === undefined ? "none" : figure(value));
export const percent = (value) => (value === null || value === undefined ? "?" : `${Math.round(value * 1000) / 10} %`);

// The timeline

function timeline(view) {
  const { studio } = view;
  view.range = make("input", { type: "range", min: 0, max: 0, step: 1, className: "film", "aria-label": "moment of the run" });
  view.range.dataset.do = "scrub";
  const scrub = soon(() => studio.send({ do: "scrub", at: Number(view.range.value) }));
  view.range.addEventListener("input", () => {
    view.held = true;
    scrub();
  });
  view.range.addEventListener("change", () => (view.held = false));
  view.when = make("span", { className: "when" });
  const act = (name, label, title, message) => {
    const made = make("button", { type: "button", className: "chip", title, onclick: () => studio.send(message()) }, label);
    made.dataset.do = name;
    return made;
  };
  const at = () => studio.lane()?.at ?? null;
  view.now = act("now", "Back to now", "Show the newest moment", () => ({ do: "scrub", at: null }));
  view.rewind = act("rewind", "Rewind to here", "Forget what came after this moment, and go on from it", () => ({ do: "rewind", at: at() }));
  view.fork = act("fork", "Fork from here", "A second run goes on from this moment; change its settings and compare", () => ({ do: "fork", at: at() }));
  return make("div", { className: "timeline" },
    make("div", { className: "row" }, make("span", { className: "label" }, "Timeline"), view.range, view.when),
    make("div", { className: "row" }, view.fork, view.rewind, view.now));
}

function follow(view) {
  const lane = view.studio.lane();
  if (!lane) return;
  view.range.max = Math.max(0, lane.records - 1);
  if (!view.held) view.range.value = lane.at ?? lane.records - 1;
  const place = lane.at === null ? "now" : "here";
  write(view.when, `${place}: ${short(lane.examples)} examples, epoch ${whole(lane.epochs)}`);
  view.now.hidden = view.rewind.hidden = lane.at === null;
  view.fork.disabled = view.studio.state.lanes.length >= 4;
}

// The chart

function draw(view) {
  const { state } = view.studio;
  const across = view.field.clientWidth;
  if (!across || !state.lanes?.length) return;
  const stacked = across < NARROW;
  const ink = pen(view.canvas, across, stacked ? 2 * HEIGHT : HEIGHT);
  ink.font = `11px ${view.studio.colours.font}`;
  const curves = state.lanes.map((_, i) => state.arrays[`curve${i}`]).map((curve) => curve ?? new Float32Array(0));
  const most = Math.max(1, ...curves.map((c) => (c.length ? c[c.length - 5] : 0)));
  const half = stacked ? across : across / 2;
  const panels = [
    { column: LOSS, title: lossName(state), x: 0, y: 0, ...lossRange(view, curves) },
    { column: ACCURACY, title: "accuracy", x: stacked ? 0 : half, y: stacked ? HEIGHT : 0, lo: 0, hi: 1, log: false },
  ];
  let said = null;
  for (const panel of panels) {
    Object.assign(panel, { wide: half - PAD.left - PAD.right, high: HEIGHT - PAD.top - PAD.bottom, most });
    axes(view, ink, panel);
    curves.forEach((curve, i) => line(view, ink, panel, curve, i));
    moment(view, ink, panel);
    said = pointed(view, ink, panel, curves) ?? said;
  }
  view.tip.hidden = !said;
  if (said) hang(view, said);
  const picked = state.lanes[state.lane];
  view.canvas.setAttribute("aria-label", `Loss ${number(picked.loss[0])}, training accuracy ${percent(picked.accuracy[0])} after ${whole(picked.examples)} examples`);
}

const lossName = ({ net }) => (net?.loss === "squared error" ? "loss, mean squared error" : "loss, nats");

function lossRange(view, curves) {
  let [lo, hi] = [Infinity, 0];
  for (const curve of curves) {
    for (let i = 0; i < curve.length; i += 5) {
      for (const v of [curve[i + 1], curve[i + 2]]) {
        if (v > hi && v < Infinity) hi = v;
        if (v > 0 && v < lo) lo = v;
      }
    }
  }
  if (!(hi > 0)) return { lo: 0.01, hi: 1, log: view.log };
  if (!view.log) return { lo: 0, hi: hi * 1.05, log: false };
  return { lo: Math.min(lo * 0.8, hi / 10), hi: hi * 1.25, log: true };
}

const left = (panel) => panel.x + PAD.left;
const top = (panel) => panel.y + PAD.top;
const across = (panel, examples) => left(panel) + (examples / panel.most) * panel.wide;

function down(panel, value) {
  const { lo, hi, log } = panel;
  const share = log ? Math.log(Math.max(value, lo) / lo) / Math.log(hi / lo) : (value - lo) / (hi - lo);
  return top(panel) + (1 - clamp(share, 0, 1)) * panel.high;
}

function axes(view, ink, panel) {
  const { colours } = view.studio;
  ink.fillStyle = colours.text;
  ink.strokeStyle = colours.border;
  ink.lineWidth = 1;
  ink.textBaseline = "middle";
  ink.textAlign = "right";
  const powers = panel.log ? decades(panel.lo, panel.hi, 4) : [];
  const marks = powers.length > 1 ? powers : ticks(panel.lo, panel.hi, 4);
  for (const t of marks) {
    const y = Math.round(down(panel, t)) + 0.5;
    ink.globalAlpha = 0.6;
    ink.beginPath();
    ink.moveTo(left(panel), y);
    ink.lineTo(left(panel) + panel.wide, y);
    ink.stroke();
    ink.globalAlpha = 0.75;
    ink.fillText(panel.column === ACCURACY ? `${Math.round(t * 100)} %` : short(t), left(panel) - 6, y);
  }
  ink.textBaseline = "top";
  ink.textAlign = "center";
  const low = top(panel) + panel.high + 6;
  for (const t of ticks(0, panel.most, Math.max(2, panel.wide / 110))) {
    if (across(panel, t) < left(panel) + panel.wide - 70) ink.fillText(short(t), across(panel, t), low);
  }
  ink.textAlign = "right";
  ink.fillText("examples", left(panel) + panel.wide, low);
  ink.textAlign = "left";
  ink.fillText(panel.title, left(panel), panel.y + 2);
  ink.globalAlpha = 1;
}

function line(view, ink, panel, curve, lane) {
  const { studio } = view;
  ink.strokeStyle = laneColour(studio, lane);
  ink.globalAlpha = lane === studio.state.lane ? 1 : 0.65;
  ink.lineWidth = lane === studio.state.lane ? 1.8 : 1.3;
  ink.lineJoin = "round";
  for (const test of [0, 1]) {
    ink.setLineDash(test ? DASH : []);
    ink.beginPath();
    let on = false;
    for (let i = 0; i < curve.length; i += 5) {
      const value = curve[i + panel.column + test];
      if (Number.isNaN(value)) {
        on = false;
        continue;
      }
      const place = [across(panel, curve[i]), down(panel, value)];
      if (on) ink.lineTo(...place);
      else ink.moveTo(...place);
      on = true;
    }
    ink.stroke();
  }
  ink.setLineDash([]);
  ink.globalAlpha = 1;
}

// Where the shown moment is, and how far training and test lie apart there.
function moment(view, ink, panel) {
  const { studio } = view;
  const lane = studio.lane();
  const values = panel.column === LOSS ? lane.loss : lane.accuracy;
  const x = Math.round(across(panel, Math.min(lane.examples, panel.most))) + 0.5;
  ink.strokeStyle = ink.fillStyle = studio.colours.text;
  if (lane.at !== null) {
    ink.globalAlpha = 0.5;
    ink.beginPath();
    ink.moveTo(x, top(panel));
    ink.lineTo(x, top(panel) + panel.high);
    ink.stroke();
    ink.globalAlpha = 1;
  }
  if (values[0] === null || values[1] === null) return;
  const [a, b] = values.map((v) => down(panel, v));
  ink.lineWidth = 1.5;
  ink.beginPath();
  ink.moveTo(x - 5, a);
  ink.lineTo(x, a);
  ink.lineTo(x, b);
  ink.lineTo(x - 5, b);
  ink.stroke();
  const gap = values[1] - values[0];
  const text = panel.column === LOSS ? `gap ${figure(gap)}` : `gap ${figure(gap * 100)} points`;
  const right = x - 10 - ink.measureText(text).width > left(panel);
  ink.textAlign = right ? "right" : "left";
  ink.textBaseline = "middle";
  ink.lineWidth = 3;
  ink.strokeStyle = studio.colours.background;
  const place = [right ? x - 9 : x + 7, clamp((a + b) / 2, top(panel) + 6, top(panel) + panel.high - 6)];
  ink.strokeText(text, ...place);
  ink.fillText(text, ...place);
}

// The numbers under the pointer, of every run.
function pointed(view, ink, panel, curves) {
  const { studio, pointer } = view;
  if (!pointer) return null;
  const [x, y] = pointer;
  if (x < left(panel) || x > left(panel) + panel.wide || y < top(panel) || y > top(panel) + panel.high) return null;
  ink.strokeStyle = studio.colours.text;
  ink.globalAlpha = 0.4;
  ink.beginPath();
  ink.moveTo(x, top(panel));
  ink.lineTo(x, top(panel) + panel.high);
  ink.stroke();
  ink.globalAlpha = 1;
  const examples = ((x - left(panel)) / panel.wide) * panel.most;
  const rows = curves.map((curve, i) => {
    const row = nearestRow(curve, examples);
    if (row === null) return "";
    const say = (v) => (panel.column === LOSS ? figure(v) : percent(v));
    const test = curve[row + panel.column + 1];
    return `${studio.state.lanes[i].name.split(":")[0]}: ${say(curve[row + panel.column])}${Number.isNaN(test) ? "" : `, test ${say(test)}`}`;
  });
  return [`${short(examples)} examples`, ...rows].join("\n");
}

function nearestRow(curve, examples) {
  let [best, least] = [null, Infinity];
  for (let i = 0; i < curve.length; i += 5) {
    const d = Math.abs(curve[i] - examples);
    if (d < least) [best, least] = [i, d];
  }
  return best;
}

function hang({ tip, pointer, field }, text) {
  write(tip, text);
  const [x, y] = pointer;
  const before = x + 14 + tip.offsetWidth > field.clientWidth;
  tip.style.left = `${Math.max(0, before ? x - 12 - tip.offsetWidth : x + 14)}px`;
  tip.style.top = `${y + 8}px`;
}
