// From all places over the candidates to the answer, frame by frame: the threshold of the score, then
// non-maximum suppression, one box taken at a time.
import { box, count, outline, share, stage, tag } from "./inside_canvas.mjs";
import { icon } from "./icons.mjs";
import { make } from "./make.mjs";

const FADE = 450; // ms from one frame to the next
const MELT = 1600; // ms for candidates below the threshold to go
const [PAUSE, LONGEST] = [1100, 14_000]; // ms a step of suppression, and of all of them at most
const TAGS = 10; // overlaps written on the picture at once
const GREY = "#9aa4ac"; // places
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function create(host) {
  const view = { frame: 1, from: 1, began: 0, playing: false, timer: 0, request: 0, scene: null };
  view.canvas = make("canvas", { role: "img" });
  view.stations = make("div", { className: "stations", role: "group", "aria-label": "Stages" });
  view.buttons = Object.fromEntries([
    ["first", "epoch", "To the first frame", () => go(view, 0)],
    ["previous", "step", "One frame back", () => go(view, view.frame - 1)],
    ["play", "play", "Play", () => play(view, !view.playing)],
    ["next", "step", "One frame on", () => go(view, view.frame + 1)],
  ].map(([name, picture, title, act]) => {
    const button = make("button", { type: "button", className: name, title, "aria-label": title, onclick: () => {
      if (name !== "play") play(view, false);
      act();
    } }, icon(picture));
    return [name, button];
  }));
  view.slider = make("input", { type: "range", min: 0, step: 1, "aria-label": "Frame", oninput: () => {
    play(view, false);
    go(view, Number(view.slider.value));
  } });
  view.says = make("p", { className: "says", "aria-live": "polite" });
  host.className = "melt";
  host.append(make("h3", {}, "From candidates to the answer"), view.stations,
    make("div", { className: "picture" }, view.canvas),
    make("div", { className: "player" }, ...Object.values(view.buttons), view.slider), view.says);
  return {
    show(scene) {
      play(view, false);
      view.scene = scene;
      view.frames = frames(scene);
      view.slider.max = view.frames.length - 1;
      view.from = view.frame = Math.min(1, view.frames.length - 1);
      view.began = 0;
      stations(view);
      say(view);
      draw(view);
    },
    draw: () => draw(view),
    stop: () => {
      play(view, false);
      cancelAnimationFrame(view.request);
    },
  };
}

// What is to be seen in each frame, and the sentence below it.
function frames({ places, total, found, alone, voted, kept, steps, threshold, measure, limit, answers, windows, noun }) {
  const shown = total > found + alone ? `, of which the best ${count(found)} are drawn` : "";
  const list = [
    { stage: "places", label: "places", count: places,
      text: `It looks at ${count(places)} ${noun}. Some of them are drawn; all are below.` },
    { stage: "found", label: "candidates", count: total,
      text: `${count(total)} candidates come back${shown}. Fainter lines: lower scores.` },
  ];
  if (voted) {
    list.push({ stage: "voted", label: "with company", count: found,
      text: `${count(alone)} windows stand too much alone: a find must be seen by several windows that nearly agree. They go.` });
  }
  list.push({ stage: "kept", label: `of score ${share(threshold)} or more`, count: kept.length,
    text: `${count(kept.length)} have a score of at least ${share(threshold)}. The others melt away.` });
  steps.forEach((step, s) => list.push({ stage: "step", step: s, text: told(step, s) }));
  const answer = windows && answers ? " Dashed: the detector's own answer, which averages each group of windows." : "";
  list.push({ stage: "answer", label: steps.length === 1 ? "box left" : "boxes left", count: steps.length,
    text: `${count(steps.length)} ${steps.length === 1 ? "box is" : "boxes are"} left.${answer}` });
  return list;

  function told({ taken, label, score, falls, overlaps }, s) {
    const start = `Step ${s + 1} of ${steps.length}: the best box left is taken, a ${label} of score ${share(score)}.`;
    if (!falls.length) return `${start} No other ${label} overlaps it by more than ${share(limit)}.`;
    const some = overlaps.slice(0, 6).map(share).join(", ") + (overlaps.length > 6 ? ", …" : "");
    const those = falls.length === 1 ? "One other falls" : `${count(falls.length)} others fall`;
    return `${start} ${those}: ${measure} ${some}, more than ${share(limit)}.`;
  }
}

function stations(view) {
  const made = view.frames.flatMap((frame, index) => (frame.label === undefined ? [] : [make("button", {
    type: "button", onclick: () => {
      play(view, false);
      go(view, index);
    } }, make("b", {}, count(frame.count)), make("span", {}, frame.label))]));
  view.stops = view.frames.flatMap((frame, index) => (frame.label === undefined ? [] : [index]));
  view.stations.replaceChildren(...made);
}

function go(view, frame) {
  const next = Math.max(0, Math.min(view.frames.length - 1, frame));
  if (next === view.frame) return;
  view.from = view.frame;
  view.frame = next;
  view.began = still() ? 0 : performance.now();
  say(view);
  draw(view);
}

function play(view, on) {
  clearTimeout(view.timer);
  view.playing = on;
  const { play: button } = view.buttons;
  button.replaceChildren(icon(on ? "pause" : "play"));
  button.title = on ? "Pause" : "Play";
  button.setAttribute("aria-label", button.title);
  if (!on) return;
  if (view.frame === view.frames.length - 1) go(view, 0);
  const steps = Math.max(1, view.scene.steps.length);
  const tick = () => {
    if (view.frame >= view.frames.length - 1) return play(view, false);
    go(view, view.frame + 1);
    const { stage: name } = view.frames[view.frame];
    const pause = name === "step" ? Math.min(PAUSE, LONGEST / steps) : lasts(view) + 700;
    view.timer = setTimeout(tick, pause);
  };
  view.timer = setTimeout(tick, 500);
}

function say(view) {
  const frame = view.frames[view.frame];
  view.says.textContent = frame.text;
  view.slider.value = view.frame;
  view.slider.setAttribute("aria-valuetext", frame.text);
  view.canvas.setAttribute("aria-label", frame.text);
  view.buttons.first.disabled = view.buttons.previous.disabled = view.frame === 0;
  view.buttons.next.disabled = view.frame === view.frames.length - 1;
  const reached = view.stops.filter((index) => index <= view.frame).length - 1;
  [...view.stations.children].forEach((button, i) => button.toggleAttribute("aria-current", i === reached));
}

const lasts = (view) => (view.frames[view.frame].stage === "kept" && view.from < view.frame ? MELT : FADE);

function draw(view) {
  cancelAnimationFrame(view.request);
  if (!view.scene) return;
  const passed = (performance.now() - view.began) / lasts(view);
  const t = Math.min(1, passed);
  const on = stage(view.canvas, view.scene, 0.28);
  if (!on) return;
  const [from, to] = [view.frames[view.from], view.frames[view.frame]];
  if (t < 1 && to.stage === "kept" && view.from < view.frame) melting(on, view.scene, t);
  else {
    if (t < 1) still_(on, view.scene, from, 1 - t);
    still_(on, view.scene, to, t);
  }
  on.ink.globalAlpha = 1;
  if (t < 1) view.request = requestAnimationFrame(() => draw(view));
  else view.canvas.dataset.frame = view.frame; // it rests
}

// The threshold rises from 0 to where it stands, and what is below it goes.
function melting(on, scene, t) {
  const { arrays, threshold } = scene;
  const level = threshold * t;
  const kept = new Set(scene.kept);
  for (let i = arrays.scores.length - 1; i >= 0; i--) {
    if (arrays.scores[i] < level && !kept.has(i)) continue;
    candidate(on, scene, i, kept.has(i) ? faint(scene, i) + t * (0.9 - faint(scene, i)) : faint(scene, i) * (1 - t * t), 1.4);
  }
}

// The more there are, the fainter each; and the weaker, the fainter.
const faint = ({ arrays }, i) => Math.min(0.75, (0.1 + 14 / Math.sqrt(arrays.scores.length) * 0.05) + 0.65 * arrays.scores[i]);

function candidate(on, scene, i, alpha, thick) {
  on.ink.globalAlpha = alpha;
  outline(on, box(scene.arrays.found, i), colour(scene, i), thick);
}

const colour = (scene, i) => scene.colours[scene.arrays.classes[i]] ?? scene.colours[0];
const inked = (scene, i) => scene.inks[scene.arrays.classes[i]] ?? scene.inks[0];

function still_(on, scene, frame, strength) {
  const { arrays, steps } = scene;
  if (frame.stage === "places") {
    const boxes = arrays.places;
    on.ink.globalAlpha = strength * Math.max(0.08, Math.min(0.5, 60 / (boxes.length / 4)));
    for (let i = 0; i < boxes.length / 4; i++) outline(on, box(boxes, i), GREY, 1);
  } else if (frame.stage === "found" || frame.stage === "voted") {
    for (let i = arrays.scores.length - 1; i >= 0; i--) candidate(on, scene, i, strength * faint(scene, i), 1.2);
    if (frame.stage === "found") {
      on.ink.globalAlpha = 0.45 * strength;
      for (let i = 0; i < arrays.alone.length / 4; i++) outline(on, box(arrays.alone, i), GREY, 1.2, { dash: [4, 3] });
    }
  } else if (frame.stage === "kept") {
    for (const i of scene.kept.toReversed()) candidate(on, scene, i, strength * 0.9, 1.4);
  } else suppress(on, scene, frame.stage === "answer" ? steps.length : frame.step, strength);
}

// Before step `now`: earlier ones are done; in it one is taken, and some fall.
function suppress(on, scene, now, strength) {
  const { arrays, steps } = scene;
  const gone = new Set(steps.slice(0, now).flatMap(({ taken, falls }) => [taken, ...falls]));
  for (const i of scene.kept.toReversed()) if (!gone.has(i)) candidate(on, scene, i, 0.45 * strength, 1.2);
  on.ink.globalAlpha = strength;
  const written = [];
  const named = ({ taken, label, score }) => tag(on, box(arrays.found, taken), `${label} ${share(score)}`, colour(scene, taken), inked(scene, taken), written);
  const done = steps.slice(0, now);
  done.toReversed().forEach(({ taken }) => outline(on, box(arrays.found, taken), colour(scene, taken), 2.5, { halo: true }));
  const step = steps[now];
  if (!step) {
    done.forEach(named);
    for (let i = 0; scene.windows && i < arrays.answers.length / 4; i++) outline(on, box(arrays.answers, i), "#ffffff", 2, { dash: [7, 5], halo: true });
    return;
  }
  step.falls.forEach((i) => outline(on, box(arrays.found, i), "#ff6b4a", 1.8, { dash: [6, 4], halo: true }));
  outline(on, box(arrays.found, step.taken), colour(scene, step.taken), 4.5, { halo: true });
  [step, ...done].forEach(named);
  step.falls.slice(0, TAGS).forEach((i, r) => {
    const [, , x1, y1] = box(arrays.found, i);
    tag(on, [x1 - 26 / on.scale, y1 + 18 / on.scale], share(step.overlaps[r]), "#ff6b4a", "#1a0d08", written);
  });
}
