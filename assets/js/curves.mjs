// Everything over time: the runs as chips, their curves, the timeline and the runs side by side.
import { figure, whole } from "./axis.mjs";
import { draw as drawChart, height, laneColour, percent } from "./chart.mjs";
import { make, painter, pen } from "./make.mjs";
import { write } from "./parts.mjs";
import { create as createSides } from "./sides.mjs";
import { create as createTimeline } from "./timeline.mjs";

export { laneColour, percent };

const PAUSE = 90; // ms between two drawings, at least

export function create(host, studio) {
  const canvas = make("canvas", { role: "img", "data-view": "curves" });
  const tip = make("div", { className: "tip", hidden: true });
  const field = make("div", { className: "field" }, canvas, tip);
  const row = make("div", { className: "row lanes" });
  host.append(row, field);
  const view = { studio, canvas, tip, field, row, log: true, pointer: null };
  const timeline = createTimeline(host, studio);
  const sides = createSides(host, studio);
  view.painter = painter(field, () => draw(view), PAUSE);
  const point = (pointer) => {
    view.pointer = pointer;
    view.painter.ask();
  };
  canvas.addEventListener("pointermove", (e) => point([e.offsetX, e.offsetY]));
  canvas.addEventListener("pointerleave", () => point(null));
  return {
    canvas,
    frame(f) {
      row.hidden = field.hidden = !f.lanes.length;
      chips(view);
      timeline.frame();
      if (f.fresh.has("sides") || f.lanes.length < 2) sides.draw();
      view.painter.ask();
    },
    theme() {
      if (!studio.state.lanes) return;
      chips(view);
      sides.draw();
      view.painter.ask();
    },
    release() {
      timeline.release();
      view.painter.stop();
    },
    picture: (scale) => picture(view, scale),
  };
}

// A chip a run: its colour and name pick it, the cross closes it; touched only where they differ.
function chips(view) {
  const { studio, row } = view;
  const { lanes, lane } = studio.state;
  const { sample } = studio.state;
  const mark = JSON.stringify([lanes.map(({ name }) => name), lane, studio.colours.dark, view.log, sample]);
  if (row.dataset.mark === mark) return;
  const focused = focusIn(row);
  row.dataset.mark = mark;
  row.replaceChildren(...lanes.map(({ name }, i) => chip(studio, name, i)),
    make("span", { className: "key" }, `solid: training, dashed: test${sample ? `; of ${whole(sample)} of the points` : ""}`), scale(view));
  if (focused) row.querySelector(focused)?.focus({ preventScroll: true });
}

// What has the keyboard's attention keeps it when the row is made anew.
function focusIn(row) {
  const active = row.getRootNode().activeElement;
  return row.contains(active) && active.dataset.do ? `[data-do="${active.dataset.do}"]` : null;
}

function chip(studio, name, i) {
  const dot = make("i");
  dot.style.background = laneColour(studio, i);
  const on = i === studio.state.lane;
  const pick = make("button", { type: "button", className: on ? "chip on" : "chip", title: `Show run ${name}`, "aria-pressed": on,
    onclick: () => studio.send({ do: "lane", pick: i }) }, dot, name);
  pick.dataset.do = `lane-${i}`;
  pick.dataset.lane = i;
  if (studio.state.lanes.length < 2) return make("span", { className: "pair" }, pick);
  const shut = make("button", { type: "button", className: "chip x", title: `Close run ${name}`, "aria-label": `Close run ${name}`,
    onclick: () => studio.send({ do: "close", lane: i }) }, "\u00d7");
  shut.dataset.do = `close-${i}`;
  return make("span", { className: "pair" }, pick, shut);
}

function scale(view) {
  const made = make("button", { type: "button", className: "chip", "aria-pressed": view.log, title: "Logarithmic or linear loss",
    onclick: () => {
      view.log = !view.log;
      chips(view);
      view.painter.ask();
    } }, "log");
  made.dataset.do = "log";
  return made;
}

function draw(view) {
  const { studio, canvas, field } = view;
  const { lanes, lane } = studio.state;
  const across = field.clientWidth;
  if (!across || !lanes?.length) return;
  const began = performance.now();
  const said = drawChart(pen(canvas, across, height(across)), studio, { across, log: view.log, pointer: view.pointer });
  canvas.dataset.ms = (performance.now() - began).toFixed(2);
  view.tip.hidden = !said;
  if (said) hang(view, said);
  const { loss, accuracy, examples, name } = lanes[lane];
  const lost = Number.isFinite(loss[0]) ? figure(loss[0]) : "none";
  canvas.setAttribute("aria-label",
    `Run ${name}: loss ${lost}, training accuracy ${percent(accuracy[0])} after ${whole(examples)} examples`);
}

// The tip stays inside the chart.
function hang({ tip, pointer, field }, text) {
  write(tip, text);
  const [x, y] = pointer;
  const before = x + 14 + tip.offsetWidth > field.clientWidth;
  tip.style.left = `${Math.max(0, before ? x - 12 - tip.offsetWidth : x + 14)}px`;
  tip.style.top = `${Math.max(0, Math.min(y + 8, field.clientHeight - tip.offsetHeight))}px`;
}

function picture(view, dense) {
  const across = view.field.clientWidth;
  if (!across || !view.studio.state.lanes?.length) return null;
  const sheet = new OffscreenCanvas(1, 1);
  drawChart(pen(sheet, across, height(across), dense), view.studio, { across, log: view.log, pointer: null });
  return sheet;
}
