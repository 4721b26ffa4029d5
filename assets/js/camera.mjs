// The live camera: picture, boxes, figures, and everything around them.
import { create as createCount } from "./camera_count.mjs";
import { cover, offerStill } from "./camera_cover.mjs";
import { motion } from "./camera_draw.mjs";
import { encoder } from "./camera_encode.mjs";
import { create as createFigures } from "./camera_figures.mjs";
import { straight } from "./camera_frames.mjs";
import { line as createLine } from "./camera_line.mjs";
import { answered, arrived, CHANNEL, forget, paint, say, unpaused, watch } from "./camera_loop.mjs";
import { pace as createPace, rate } from "./camera_pace.mjs";
import { film, snapshot } from "./camera_take.mjs";
import { tools } from "./camera_tools.mjs";
import { shelf } from "./camera_shelf.mjs";
import { list, open, stop } from "./camera_stream.mjs";
import { STYLE } from "./camera_style.mjs";
import { make } from "./make.mjs";
import { write } from "./parts.mjs";
import { unpack } from "./wire.mjs";

const cameras = new WeakMap();
const TICK = 500; // ms between two looks at the figures
const GIVEN_UP = 30000; // ms without an answer until one more picture is sent
const NOTHING = { size: [4, 3], boxes: [] };

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  const [header] = unpack(data);
  let camera = cameras.get(parentElement);
  if (!camera) cameras.set(parentElement, (camera = build(parentElement.querySelector(".camera"))));
  camera.component = component;
  camera.header = header;
  if (camera.line) camera.line.to(header.path, header.token);
  camera.line?.carried(header.answer);
}

export function release(parentElement) {
  const camera = cameras.get(parentElement);
  if (!camera) return;
  cameras.delete(parentElement);
  camera.gone = true;
  halt(camera);
  camera.shelf.clear();
  camera.size.disconnect();
  navigator.mediaDevices?.removeEventListener?.("devicechange", camera.plugged);
}

function build(root) {
  const camera = {
    root, state: "idle", reason: null, answer: NOTHING, mirrored: true, most: 2, width: 640, following: false,
    device: null, facing: null, n: Date.now(), shown: rate(), answers: rate(), frames: 0, total: 0, told: 0, waiting: [],
  };
  camera.video = make("video", { muted: true, playsInline: true, "aria-label": "your camera" });
  camera.overlay = make("canvas", { role: "img", "aria-label": "boxes over the picture" });
  camera.cover = make("div", { className: "start" });
  camera.filming = make("div", { className: "filming", hidden: true });
  camera.held = make("div", { className: "held", hidden: true }, "paused");
  camera.note = make("div", { className: "note", hidden: true, role: "status" });
  camera.figures = createFigures();
  camera.shelf = shelf();
  camera.count = createCount({
    changed: (ends) => camera.line?.tell({ do: "line", ends }), moved: () => paint(camera), mirrored: () => camera.mirrored,
  });
  camera.frame = make("div", { className: "frame" }, camera.video, camera.overlay, ...camera.count.handles);
  camera.view = make("div", { className: "view" }, camera.frame, camera.held, camera.filming, camera.cover);
  camera.act = {
    start: () => start(camera), stop: () => halt(camera), pause: () => pause(camera), mirror: () => mirror(camera),
    snapshot: () => snapshot(camera), record: () => film(camera), follow: () => follow(camera), line: () => countAt(camera),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : camera.view.requestFullscreen()),
    choose: (device) => start(camera, { device }), flip: () => start(camera, { facing: camera.facing === "environment" ? "user" : "environment" }),
    again: () => camera.line?.tell({ do: "again" }),
  };
  camera.unpaused = () => unpaused(camera);
  camera.tell = () => tell(camera);
  camera.tools = tools(camera);
  camera.plugged = () => cameraList(camera);
  navigator.mediaDevices?.addEventListener?.("devicechange", camera.plugged);
  camera.size = new ResizeObserver(() => paint(camera));
  camera.size.observe(camera.frame);
  root.replaceChildren(make("style", {}, STYLE), camera.view, camera.tools.root, camera.note, camera.figures.root, camera.count.list, camera.shelf.root);
  turn(camera, "idle");
  return camera;
}

// Starting and stopping

async function start(camera, which = {}) {
  const attempt = (camera.attempt = {});
  const { device = null, facing = null } = which;
  Object.assign(camera, { device, facing: facing ?? camera.facing });
  if (camera.state === "live" || camera.state === "paused") letGo(camera);
  turn(camera, "starting");
  let stream;
  try {
    stream = await open({ device, facing: camera.facing });
  } catch (error) {
    if (camera.attempt !== attempt || camera.gone) return;
    if (!error.reason) throw error;
    halt(camera);
    turn(camera, "failed", error.reason);
    return;
  }
  if (camera.attempt !== attempt || camera.gone) return stop(stream);
  const [track] = stream.getVideoTracks();
  const settings = track.getSettings();
  camera.stream = stream;
  camera.device = settings.deviceId ?? device;
  if (settings.facingMode) camera.facing = settings.facingMode;
  track.onended = () => {
    if (camera.stream !== stream) return;
    halt(camera);
    turn(camera, "failed", "lost");
  };
  look(camera, camera.wanted ?? camera.facing !== "environment");
  camera.video.srcObject = stream;
  await camera.video.play().catch(() => {}); // refused where it was stopped meanwhile
  if (camera.stream !== stream) return;
  if (camera.component && camera.asked) offerStill(camera, null);
  camera.encoder ??= encoder();
  camera.pace ??= createPace();
  camera.motion = motion();
  connect(camera);
  turn(camera, "live");
  camera.straight = straight(stream, (picture, taken) => arrived(camera, picture, taken));
  cameraList(camera);
  camera.timer ??= setInterval(() => figures(camera), TICK);
  if (!camera.watching) watch(camera);
}

function halt(camera) {
  camera.attempt = null;
  camera.film?.stop();
  letGo(camera);
  camera.stream = camera.video.srcObject = null;
  camera.line?.close();
  camera.encoder?.close();
  camera.pace?.clear();
  clearInterval(camera.timer);
  camera.watching = camera.line = camera.encoder = camera.timer = null;
  Object.assign(camera, { answer: NOTHING, encoding: false, waiting: [] });
  camera.note.hidden = true;
  for (const each of [camera.shown, camera.answers, camera.figures]) each.clear();
  if (!camera.gone) turn(camera, "idle");
}

function letGo(camera) {
  camera.straight?.();
  camera.straight = null;
  forget(camera);
  stop(camera.stream);
}

function connect(camera) {
  if (camera.line) return;
  camera.line = createLine({
    answer: (message) => answered(camera, message),
    way(name) {
      camera.transport = name;
      camera.pace.clear();
      say(camera, name === "channel" ? CHANNEL : "");
      if (camera.following) camera.line.tell({ do: "follow", on: true });
      if (camera.following && camera.count.line) camera.line.tell({ do: "line", ends: camera.count.line });
      tell(camera);
    },
    lost(attempts) {
      camera.transport = "";
      camera.pace.clear();
      if (attempts > 1) say(camera, "The line to the server is lost; trying again.");
      tell(camera);
    },
    failed(text) {
      halt(camera);
      turn(camera, "failed", "line");
      if (text) say(camera, text);
    },
  }, () => camera.component);
  camera.line.to(camera.header.path, camera.header.token);
}

function turn(camera, state, reason = null) {
  Object.assign(camera, { state, reason });
  cover(camera);
  camera.tools.show();
  camera.figures.root.hidden = state !== "live" && state !== "paused";
  if (camera.figures.root.hidden) camera.count.show({});
  camera.held.hidden = state !== "paused";
  paint(camera);
  tell(camera);
}

// What one can switch

function pause(camera) {
  if (camera.state === "live") {
    camera.video.pause();
    turn(camera, "paused");
  } else if (camera.state === "paused") {
    camera.video.play();
    turn(camera, "live");
  }
}

function look(camera, mirrored) {
  camera.mirrored = mirrored;
  camera.view.classList.toggle("mirrored", mirrored);
  camera.count.place();
}

function mirror(camera) {
  look(camera, (camera.wanted = !camera.mirrored));
  turn(camera, camera.state, camera.reason);
}

function follow(camera) {
  camera.following = !camera.following;
  camera.line?.tell({ do: "follow", on: camera.following });
  if (!camera.following && camera.count.line) camera.count.turn(false);
  if (!camera.following) camera.count.show({});
  turn(camera, camera.state, camera.reason);
}

function countAt(camera) {
  const on = !camera.count.line;
  if (on && !camera.following) follow(camera);
  camera.count.turn(on);
  turn(camera, camera.state, camera.reason);
}

async function cameraList(camera) {
  camera.tools.cameras(await list(), camera.device);
}

// What is told

function figures(camera) {
  const now = performance.now();
  camera.figures.show({ fps: camera.shown.at(now), answers: camera.answers.at(now), found: camera.answer.boxes.length });
  camera.tools.sharing(camera.answer.sharing ?? 1);
  if (camera.pace.size && now - camera.moved > GIVEN_UP) camera.pace.clear();
  if (camera.film) write(camera.filming, clock(camera.film.seconds()));
  camera.filming.hidden = !camera.film;
  tell(camera);
}

const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

function tell(camera) {
  const now = (camera.told = performance.now());
  const { answer, root } = camera;
  Object.assign(root.dataset, {
    state: camera.state, reason: camera.reason ?? "", transport: camera.transport ?? "", frames: camera.frames, answers: camera.total,
    fps: camera.shown.at(now).toFixed(1), rate: camera.answers.at(now).toFixed(2), latency: camera.figures.latency.toFixed(1),
    underway: camera.pace?.size ?? 0, answered: answer.n ?? "", boxes: answer.boxes.length, title: answer.title ?? "", loading: answer.loading ?? "",
    sharing: answer.sharing ?? "", mirrored: camera.mirrored, following: camera.following, dropped: answer.dropped ?? "",
    first: answer.boxes.length ? JSON.stringify(answer.boxes[0].box) : "", size: answer.size.join("x"), seen: JSON.stringify(answer.seen ?? null),
    stages: JSON.stringify(camera.figures.stages), filming: camera.film ? "true" : "false", connected: camera.line?.opened ?? 0,
  });
}
