// A video with what was found in it: plays, scrubs, and keeps boxes, table and counts in step.
import * as bars from "./clip_bar.mjs";
import { counts, read, rowAt, things, trail } from "./clip_data.mjs";
import { draw } from "./clip_draw.mjs";
import * as lines from "./clip_line.mjs";
import * as sides from "./clip_side.mjs";
import { STYLE } from "./clip_style.mjs";
import { icon } from "./icons.mjs";
import { make } from "./make.mjs";
import { button, clamp, offer, select, soon, write } from "./parts.mjs";
import { read as themed } from "./theme.mjs";
import { unpack } from "./wire.mjs";

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const UNTOLD = 1000; // ms without word of a picture after which the video's own clock is asked
const stages = new WeakMap();

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  const [scene, payload] = unpack(data);
  let stage = stages.get(parentElement);
  if (!stage) stages.set(parentElement, (stage = build(parentElement)));
  stage.component = component;
  stage.scene = scene;
  stage.view.style.aspectRatio = `${scene.size[0]} / ${scene.size[1]}`;
  stage.line.set(scene.line, scene.fixed);
  const playing = scene.kind === "clip";
  for (const part of [stage.video, stage.bar.root, stage.tools, stage.side.root]) part.hidden = !playing;
  stage.picture.hidden = playing;
  stage.main.classList.toggle("alone", !playing);
  if (playing) film(stage, payload);
  else still(stage, payload);
  stage.redraw();
}

export function release(parentElement) {
  const stage = stages.get(parentElement);
  if (!stage) return;
  stages.delete(parentElement);
  stage.gone = true;
  stage.size.disconnect();
  stage.redraw.cancel();
  stage.video.removeAttribute("src");
  stage.video.load();
}

function film(stage, payload) {
  stage.data = read(stage.scene, payload);
  const address = new URL(stage.scene.address, document.baseURI).href;
  if (stage.video.src === address) return;
  stage.trouble.hidden = true;
  stage.video.src = address;
  stage.video.playbackRate = stage.speed;
}

function still(stage, payload) {
  stage.data = null;
  if (stage.video.src) {
    stage.video.removeAttribute("src");
    stage.video.load();
  }
  const turn = (stage.turn += 1);
  createImageBitmap(new Blob([payload])).then((bitmap) => {
    if (turn === stage.turn && !stage.gone) {
      [stage.picture.width, stage.picture.height] = [bitmap.width, bitmap.height];
      stage.picture.getContext("2d").drawImage(bitmap, 0, 0);
      stage.picture.dataset.turn = turn;
    }
    bitmap.close();
  });
}

function build(parent) {
  const root = parent.querySelector(".clip");
  const stage = { lit: null, boxes: true, trails: true, speed: 1, t: 0, turn: 0, data: null, gone: false };
  stage.picture = make("canvas", { className: "picture" });
  stage.video = make("video", { muted: true, playsInline: true, preload: "auto", "aria-label": "The video" });
  stage.canvas = make("canvas", { className: "over", role: "img" });
  stage.view = make("div", { className: "view" }, stage.picture, stage.video, stage.canvas);
  stage.line = lines.create(stage.view, {
    moved: () => stage.redraw(),
    dropped: (ends) => stage.component.setStateValue("line", ends),
  });
  stage.bar = bars.create((t) => seek(stage, t));
  stage.side = sides.create((index) => light(stage, index));
  stage.trouble = make("p", { className: "trouble", hidden: true }, "This browser could not play the video; what was found in it can still be downloaded.");
  stage.tools = tools(stage);
  stage.main = make("div", { className: "main" }, stage.view, stage.bar.root, stage.tools, stage.trouble);
  const whole = make("div", { className: "whole" }, stage.main, stage.side.root);
  root.replaceChildren(make("style", {}, STYLE), whole);
  whole.addEventListener("keydown", (event) => key(stage, event));
  stage.redraw = soon(() => show(stage));
  stage.size = new ResizeObserver(() => stage.redraw());
  stage.size.observe(stage.view);
  listen(stage);
  return stage;
}

function tools(stage) {
  stage.play = button({ name: "play", title: "Play or pause", key: "space", act: () => toggle(stage) });
  const back = button({ name: "back", picture: "step", title: "The picture looked at before", key: "left", act: () => step(stage, -1) });
  back.classList.add("back");
  const on = button({ name: "on", picture: "step", title: "The next picture that was looked at", key: "right", act: () => step(stage, 1) });
  const flag = (name, title, text) => {
    const made = button({ name, picture: null, title, text, act: () => {
      stage[name] = !stage[name];
      made.setAttribute("aria-pressed", stage[name]);
      stage.redraw();
    } });
    made.setAttribute("aria-pressed", stage[name]);
    return made;
  };
  const speed = select("Speed", (value) => (stage.video.playbackRate = stage.speed = Number(value)));
  offer(speed, SPEEDS.map((v) => [String(v), `${v} ×`]), "1");
  stage.when = make("span", { className: "when" });
  return make("div", { className: "tools" }, back, stage.play, on, speed,
    flag("boxes", "Show the boxes", "Boxes"), flag("trails", "Show where things have been", "Trails"), stage.when);
}

function listen(stage) {
  const { video } = stage;
  const moved = (t) => {
    stage.t = t;
    show(stage);
  };
  // In step to the picture where the browser tells which one it shows; it does not tell of a video
  // out of sight, nor of a picture that it shows already.
  let told = 0;
  if (video.requestVideoFrameCallback) {
    const next = () => video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (stage.gone) return;
      told = performance.now();
      if (stage.data) moved(mediaTime);
      next();
    });
    next();
  }
  video.addEventListener("timeupdate", () => {
    if (stage.data && !video.seeking && performance.now() - told > UNTOLD) moved(video.currentTime);
  });
  for (const name of ["play", "pause", "ended"]) video.addEventListener(name, () => stage.redraw());
  video.addEventListener("error", () => (stage.trouble.hidden = !stage.data));
}

function toggle({ video }) {
  if (!video.paused) return video.pause();
  if (video.ended) video.currentTime = 0;
  video.play().catch(() => {}); // interrupted by a pause: nothing is wrong
}

function seek(stage, t) {
  stage.t = clamp(t, 0, stage.scene.seconds);
  // A hair later, so that rounding does not show the picture before.
  stage.video.currentTime = stage.t + 5e-4;
  stage.redraw();
}

function step(stage, by) {
  stage.video.pause();
  const { data } = stage;
  const row = clamp(rowAt(data, stage.t) + by, 0, data.rows - 1);
  seek(stage, data.times[row]);
}

function key(stage, event) {
  if (!stage.data || event.altKey || event.ctrlKey || event.metaKey) return;
  const place = event.composedPath()[0];
  if (place.matches?.("select, .end") || (event.key === " " && place.matches?.("button"))) return;
  const act = {
    " ": () => toggle(stage),
    ArrowLeft: () => (event.shiftKey ? seek(stage, stage.t - 1) : step(stage, -1)),
    ArrowRight: () => (event.shiftKey ? seek(stage, stage.t + 1) : step(stage, 1)),
    Home: () => seek(stage, 0),
    End: () => seek(stage, stage.scene.seconds),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function light(stage, index) {
  if (index === stage.lit) return;
  stage.lit = index;
  stage.redraw();
}

function show(stage) {
  const { data, scene, t } = stage;
  const line = stage.line.ends;
  if (!data) {
    stage.canvas.setAttribute("aria-label", "A picture of the video");
    return draw(stage.canvas, { size: scene.size, found: [], lit: null, trails: [], line });
  }
  const row = rowAt(data, t);
  const found = things(data, row, t);
  if (stage.lit !== null && stage.lit >= found.length) stage.lit = null;
  const trails = stage.trails ? found.filter(({ id }) => id).map(({ id, colour, box }) =>
    [colour, [...trail(data, id, row), [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]]]) : [];
  draw(stage.canvas, { size: scene.size, found: stage.boxes ? found : [], lit: stage.lit, trails, line });
  stage.canvas.setAttribute("aria-label", found.map(({ label, id }) => `${label} ${id || ""}`.trim()).join(", ") || "nothing found");
  const number = row < 0 ? 0 : data.numbers[row];
  stage.side.set({ found, counted: counts(data, t), line, ids: data.seen.length > 0, heading: `Picture ${number}, ${t.toFixed(2)} s` });
  stage.side.mark(stage.lit);
  stage.bar.set({ data, seconds: scene.seconds, t, row }, themed(stage.view, { colours: {}, diverging: null }));
  write(stage.when, `${t.toFixed(2)} of ${scene.seconds.toFixed(2)} s`);
  const name = stage.video.paused ? "play" : "pause";
  if (stage.play.dataset.shows !== name) {
    stage.play.dataset.shows = name;
    stage.play.replaceChildren(icon(name));
  }
}
