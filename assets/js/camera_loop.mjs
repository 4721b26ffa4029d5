// From the camera's picture to boxes on it: sent when it is time, drawn when they come.
import { draw } from "./camera_draw.mjs";
import { pen as sized } from "./make.mjs";
import { write } from "./parts.mjs";

export const CHANNEL = "The direct line is blocked on the way, so pictures go through the page itself: fewer, and a little later.";
const YOUNG = 15; // ms on the screen: about half of the time that a picture is there
const TOLD = 100; // ms between two times that the page is told

// `act(now, facts)` at the next new picture; where a browser can't tell, at the screen's next.
function atNext(video, act) {
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(act);
  else requestAnimationFrame((now) => act(now, {}));
}

// Looks at every new picture of the camera.
export function watch(camera) {
  const mine = (camera.watching = {});
  const next = (now, facts) => {
    if (camera.watching !== mine) return;
    atNext(camera.video, next);
    camera.frames += 1;
    camera.shown.add(now);
    fit(camera);
    camera.film?.paint();
    if (camera.answer.trails) paint(camera);
    if (!camera.straight) arrived(camera, null, facts.captureTime ?? now);
  };
  atNext(camera.video, next);
}

// A new picture: of the <video> itself, or straight from the camera.
export function arrived(camera, picture, taken) {
  forget(camera);
  camera.fresh = { picture, taken, at: performance.now() };
  send(camera);
}

// A picture that is not sent is given back, or the camera runs out of them.
export function forget(camera) {
  camera.fresh?.picture?.close();
  camera.fresh = null;
}

// Sends the newest picture, if it is time for one.
function send(camera) {
  const { fresh, line } = camera;
  if (camera.state !== "live" || camera.encoding || !fresh || !line?.ready() || document.hidden) return;
  const now = performance.now();
  const between = 1000 / Math.max(5, camera.shown.at(now));
  if (camera.pace.may(now, Math.min(camera.most, line.most), between)) grab(camera, fresh);
}

// An answer made room for one more. Who wants most answers sends a picture that is still young; who
// wants the least latency waits for the next.
function follow(camera) {
  const { fresh, most } = camera;
  if (most > 1 && fresh && performance.now() - fresh.at < YOUNG) send(camera);
}

// While the picture is held none comes by itself; a snapshot of it has to be asked for.
export function unpaused(camera) {
  const wanted = camera.state === "paused" && camera.waiting.some(({ n }) => n === null);
  if (wanted && !camera.encoding && !camera.pace.size && camera.line.ready()) grab(camera, { picture: null, taken: performance.now() });
}

async function grab(camera, { picture, taken }) {
  const { encoder: made, line } = camera;
  const n = (camera.n += 1);
  const facts = { taken, began: (camera.moved = performance.now()) };
  [camera.encoding, camera.fresh] = [true, null];
  camera.pace.take(n, facts);
  const kept = camera.waiting.some(({ n: of }) => of === null);
  if (kept) facts.bitmap = copied(picture?.clone() ?? camera.video);
  const jpeg = await made.encode(camera.video, camera.width, picture);
  camera.encoding = false;
  if (camera.encoder !== made || camera.line !== line || !line.ready()) return camera.pace.clear();
  for (const each of camera.waiting) each.n ??= n;
  facts.sent = performance.now();
  line.send(n, jpeg);
}

async function copied(source) {
  const bitmap = await createImageBitmap(source);
  source.close?.();
  return bitmap;
}

export function answered(camera, message) {
  if (message.trouble) say(camera, message.trouble);
  if (message.n === undefined) return;
  const now = performance.now();
  const { seconds = {} } = message;
  const ms = Object.fromEntries(Object.entries(seconds).map(([name, s]) => [name, 1000 * s]));
  const there = Object.values(ms).reduce((a, b) => a + b, 0);
  const facts = camera.pace.back(message.n, now);
  if (message.trouble || !facts) return;
  camera.answers.add(now);
  camera.total += 1;
  camera.answer = message;
  if (message.error) say(camera, message.error);
  else if (message.loading) say(camera, `${message.loading} is being loaded; ${message.title} goes on until then.`);
  else if (camera.said) say(camera, camera.transport === "channel" ? CHANNEL : "");
  camera.motion.learn(message, facts.taken);
  camera.count.show(message);
  paint(camera);
  const drawn = performance.now();
  const stages = { ...ms, camera: facts.began - facts.taken, encode: facts.sent - facts.began, travel: now - facts.sent - there, draw: drawn - now };
  camera.figures.add(stages);
  if (!message.error) camera.pace.learn(stages, 1000 * message.turn);
  for (const each of camera.waiting.filter(({ n }) => n !== null && n <= message.n)) {
    camera.waiting.splice(camera.waiting.indexOf(each), 1);
    if (each.n === message.n && facts.bitmap) facts.bitmap.then((bitmap) => each.done(bitmap, message));
    else each.retry();
  }
  unpaused(camera);
  follow(camera);
  if (now - camera.told > TOLD) camera.tell();
}

export function paint(camera) {
  const { overlay, frame, answer, mirrored } = camera;
  const [width, height] = [frame.clientWidth, frame.clientHeight];
  const live = camera.state === "live" || camera.state === "paused";
  const line = live && camera.following ? camera.count.line : null;
  const empty = !live || (!answer.boxes.length && !line);
  if (!width || (empty && camera.blank)) return;
  const pen = sized(overlay, width, height);
  camera.blank = empty;
  if (empty) return;
  const now = performance.now();
  draw(pen, answer, { width, height, mirrored, one: 1, line, gone: (id) => (camera.state === "live" ? camera.motion.gone(id, now) : [0, 0]) });
}

// The frame takes the shape of the picture.
function fit(camera) {
  const { videoWidth, videoHeight } = camera.video;
  const shape = `${videoWidth} / ${videoHeight}`;
  if (!videoWidth || camera.shape === shape) return;
  camera.shape = shape;
  camera.frame.style.aspectRatio = shape;
  camera.frame.style.setProperty("--ratio", videoWidth / videoHeight);
  paint(camera);
}

export function say(camera, text) {
  camera.said = text;
  camera.note.hidden = !text;
  write(camera.note, text);
}
