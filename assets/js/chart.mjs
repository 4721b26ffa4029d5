// The curves of all runs in two panels, loss and accuracy, with the gap between training and test
// named at the moment that is shown.
import { decades, figure, short, ticks } from "./axis.mjs";
import { clamp } from "./parts.mjs";

const HEIGHT = 190; // css pixels of a panel
const PAD = { left: 46, right: 62, top: 20, bottom: 26 }; // on the right the gap has its name
const NARROW = 560; // css pixels below which the panels stand one above the other
const DASH = [5, 4];
const ROW = 5; // numbers in a record: examples, then these, each followed by its test value
const [LOSS, ACCURACY] = [1, 3];

export const height = (across) => (across < NARROW ? 2 * HEIGHT : HEIGHT);

export const percent = (value) => (Number.isFinite(value) ? `${Math.round(value * 1000) / 10}\u00a0%` : "?");

export const laneColour = ({ colours }, lane) => colours.lanes[lane];

// Draws all of it; gives what is to be said about the place at `pointer`, or null.
export function draw(ink, studio, { across, log, pointer }) {
  const { state, colours } = studio;
  const curves = state.lanes.map((_, i) => state.arrays[`curve${i}`] ?? new Float32Array(0));
  const most = Math.max(1, ...curves.map((c) => (c.length ? c[c.length - ROW] : 0)));
  ink.font = `11px ${colours.font}`;
  let said = null;
  for (const panel of panels(state, curves, across, log)) {
    panel.most = most;
    axes(ink, colours, panel);
    // The shown run last: it lies above the others.
    const order = [...curves.keys()].sort((a, b) => (a === state.lane) - (b === state.lane));
    for (const lane of order) line(ink, studio, panel, curves[lane], lane);
    moment(ink, studio, panel);
    said = pointed(ink, studio, panel, curves, pointer) ?? said;
  }
  return said;
}

function panels(state, curves, across, log) {
  const stacked = across < NARROW;
  const half = stacked ? across : across / 2;
  const unit = state.net?.loss === "squared error" ? "mean squared error" : "nats";
  const size = { wide: half - PAD.left - PAD.right, high: HEIGHT - PAD.top - PAD.bottom };
  return [
    { ...size, column: LOSS, title: `loss, ${unit}`, left: PAD.left, top: PAD.top, ...lossRange(curves, log) },
    { ...size, column: ACCURACY, title: "accuracy", lo: 0, hi: 1, log: false,
      left: PAD.left + (stacked ? 0 : half), top: PAD.top + (stacked ? HEIGHT : 0) },
  ];
}

function lossRange(curves, log) {
  let [lo, hi] = [Infinity, 0];
  for (const curve of curves) {
    for (let i = 0; i < curve.length; i += ROW) {
      for (const v of [curve[i + LOSS], curve[i + LOSS + 1]]) {
        if (v > hi && v < Infinity) hi = v;
        if (v > 0 && v < lo) lo = v;
      }
    }
  }
  if (!(hi > 0)) return { lo: 0.01, hi: 1, log };
  if (!log) return { lo: 0, hi: hi * 1.05, log };
  return { lo: Math.min(lo * 0.8, hi / 10), hi: hi * 1.25, log };
}

const across = ({ left, wide, most }, examples) => left + (examples / most) * wide;

function down({ lo, hi, log, top, high }, value) {
  const share = log ? Math.log(Math.max(value, lo) / lo) / Math.log(hi / lo) : (value - lo) / (hi - lo);
  return top + (1 - clamp(share, 0, 1)) * high;
}

function rule(ink, x0, y0, x1, y1) {
  ink.beginPath();
  ink.moveTo(x0, y0);
  ink.lineTo(x1, y1);
  ink.stroke();
}

function axes(ink, colours, panel) {
  const { left, top, wide, high, most } = panel;
  ink.fillStyle = colours.text;
  ink.strokeStyle = colours.border;
  ink.lineWidth = 1;
  ink.textBaseline = "middle";
  ink.textAlign = "right";
  for (const t of panel.log ? powers(panel.lo, panel.hi) : ticks(panel.lo, panel.hi, 4)) {
    const y = Math.round(down(panel, t)) + 0.5;
    ink.globalAlpha = 0.6;
    rule(ink, left, y, left + wide, y);
    ink.globalAlpha = 0.75;
    ink.fillText(panel.column === ACCURACY ? `${Math.round(t * 100)} %` : small(t), left - 6, y);
  }
  ink.textBaseline = "top";
  ink.textAlign = "center";
  const low = top + high + 6;
  for (const t of ticks(0, most, Math.max(2, wide / 110))) {
    if (across(panel, t) < left + wide - 16) ink.fillText(short(t), across(panel, t), low);
  }
  ink.textAlign = "left";
  ink.fillText("examples", left + wide + 4, low);
  ink.fillText(panel.title, left, top - 17);
  ink.globalAlpha = 1;
}

// Powers of ten; where these are few, twice and five times them as well.
function powers(lo, hi) {
  const tens = decades(lo, hi, 4);
  if (tens.length > 2) return tens;
  const first = Math.floor(Math.log10(lo));
  const all = [0, 1, 2].flatMap((k) => [1, 2, 5].map((m) => Number((m * 10 ** (first + k)).toPrecision(3))));
  return all.filter((t) => t >= lo && t <= hi);
}

// A loss of 0.00001 needs less room than its zeros.
const small = (t) => (t > 0 && t < 1e-3 ? `1e\u2212${Math.round(-Math.log10(t))}` : short(t));

function line(ink, studio, panel, curve, lane) {
  const picked = lane === studio.state.lane;
  ink.strokeStyle = laneColour(studio, lane);
  ink.globalAlpha = picked ? 1 : 0.65;
  ink.lineWidth = picked ? 1.8 : 1.3;
  ink.lineJoin = "round";
  for (const test of [0, 1]) {
    ink.setLineDash(test ? DASH : []);
    ink.beginPath();
    let on = false; // where a value is none the line has a hole
    for (let i = 0; i < curve.length; i += ROW) {
      const value = curve[i + panel.column + test];
      const known = !Number.isNaN(value);
      if (known) ink[on ? "lineTo" : "moveTo"](across(panel, curve[i]), down(panel, value));
      on = known;
    }
    ink.stroke();
  }
  ink.setLineDash([]);
  ink.globalAlpha = 1;
}

// Where the shown moment is, and how far training and test lie apart there.
function moment(ink, studio, panel) {
  const lane = studio.lane();
  const { colours } = studio;
  const loss = panel.column === LOSS;
  const [train, test] = loss ? lane.loss : lane.accuracy;
  const x = Math.round(across(panel, Math.min(lane.examples, panel.most))) + 0.5;
  ink.strokeStyle = colours.text;
  ink.lineWidth = 1;
  if (lane.at !== null) {
    ink.globalAlpha = 0.5;
    rule(ink, x, panel.top, x, panel.top + panel.high);
    ink.globalAlpha = 1;
  }
  if (train === null) return;
  const places = [train, test ?? train].map((v) => down(panel, v));
  ink.fillStyle = laneColour(studio, studio.state.lane);
  ink.beginPath();
  ink.arc(x, places[0], 3, 0, 7);
  ink.fill();
  if (test === null) return;
  bracket(ink, x + 5, places);
  // More than nothing wherever training does better than test.
  const gap = loss ? figure(test - train) : `${((train - test) * 100).toFixed(1).replace("-", "\u2212")} pts`;
  named(ink, colours, ["gap", gap], x + 13, beside(panel, places, lane.at !== null));
}

// The height of the gap's name: level with its middle, but above or below where curves go on.
function beside({ top, high }, places, among) {
  const [upper, lower] = [Math.min(...places), Math.max(...places)];
  const level = (upper + lower) / 2;
  const clear = !among || lower - upper > 40 ? level : upper - top > 40 ? upper - 22 : lower + 22;
  return clamp(clear, top + 12, top + high - 12);
}

function bracket(ink, x, [a, b]) {
  ink.lineWidth = 1.5;
  ink.beginPath();
  ink.moveTo(x - 3, a);
  ink.lineTo(x + 2, a);
  ink.lineTo(x + 2, b);
  ink.lineTo(x - 3, b);
  ink.stroke();
}

function named(ink, colours, lines, x, y) {
  ink.fillStyle = colours.text;
  ink.strokeStyle = colours.background;
  ink.lineWidth = 4;
  ink.textAlign = "left";
  ink.textBaseline = "middle";
  lines.forEach((text, i) => {
    const at = y + (i - (lines.length - 1) / 2) * 13;
    ink.strokeText(text, x, at);
    ink.fillText(text, x, at);
  });
}

// The numbers of every run level with the pointer.
function pointed(ink, studio, panel, curves, pointer) {
  if (!pointer) return null;
  const [x, y] = pointer;
  const { left, top, wide, high } = panel;
  if (x < left || x > left + wide || y < top || y > top + high) return null;
  ink.strokeStyle = studio.colours.text;
  ink.lineWidth = 1;
  ink.globalAlpha = 0.4;
  rule(ink, x, top, x, top + high);
  ink.globalAlpha = 1;
  const examples = ((x - left) / wide) * panel.most;
  const say = panel.column === LOSS ? figure : percent;
  const rows = curves.flatMap((curve, i) => {
    if (!curve.length) return [];
    const at = nearest(curve, examples) + panel.column;
    const name = studio.state.lanes[i].name.split(":")[0];
    const tested = Number.isNaN(curve[at + 1]) ? "" : `, test ${say(curve[at + 1])}`;
    return [`${name}: ${say(curve[at])}${tested}`];
  });
  return [`${short(examples)} examples`, ...rows].join("\n");
}

function nearest(curve, examples) {
  let [best, least] = [0, Infinity];
  for (let i = 0; i < curve.length; i += ROW) {
    const far = Math.abs(curve[i] - examples);
    if (far < least) [best, least] = [i, far];
  }
  return best;
}
