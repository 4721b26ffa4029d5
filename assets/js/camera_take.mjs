// Snapshots and recordings of the live camera, put onto its shelf.
import { draw } from "./camera_draw.mjs";
import { composed, picture, recorder, stamp, table } from "./camera_record.mjs";
import { make } from "./make.mjs";

const RETRIES = 5;

// The next picture that is looked at, with exactly its own boxes.
export function snapshot(camera, tries = RETRIES) {
  if (!tries) return;
  camera.waiting.push({ n: null, done: (bitmap, answer) => keep(camera, bitmap, answer), retry: () => snapshot(camera, tries - 1) });
  camera.unpaused();
}

async function keep(camera, bitmap, answer) {
  const { mirrored } = camera;
  const canvas = composed(bitmap, answer, { mirrored, line: camera.following ? camera.count.line : null });
  const scale = bitmap.width / answer.size[0];
  bitmap.close();
  const png = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const csv = new Blob([table(answer, scale)], { type: "text/csv" });
  const name = `camera-${stamp()}`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `snapshot with ${answer.boxes.length} boxes`);
  camera.shelf.put(canvas, new Date().toLocaleTimeString(), [[`${name}.png`, "Picture, PNG", png], [`${name}.csv`, "Boxes, CSV", csv]]);
}

// Begins or ends a film of what is seen.
export function film(camera) {
  if (camera.film) return camera.film.stop();
  const { videoWidth, videoHeight } = camera.video;
  const paint = (pen, width, height) => {
    const { mirrored } = camera;
    const now = performance.now();
    picture(pen, camera.video, width, height, mirrored);
    draw(pen, camera.answer, {
      width, height, mirrored, one: Math.max(1, width / 900), line: camera.following ? camera.count.line : null,
      gone: (id) => camera.motion.gone(id, now),
    });
  };
  camera.film = recorder(videoWidth, videoHeight, paint, (blob, kind, seconds) => {
    camera.film = null;
    const shown = make("video", { muted: true, loop: true, controls: true, playsInline: true });
    const [url] = camera.shelf.put(shown, `${seconds.toFixed(0)} s`, [[`camera-${stamp()}.${kind}`, `Film, ${kind.toUpperCase()}`, blob]]);
    shown.src = url;
    camera.filming.hidden = true;
    camera.tools.show();
  });
  camera.tools.show();
}
