// Pictures of a <video> as JPEG, small enough for the line.
const QUALITY = 0.8;

// encode(video, width, picture): the JPEG, one at a time; never wider than the video itself. `picture`
// is a VideoFrame of its camera, which is closed; without one, what the video shows.
export function encoder() {
  const worker = start();
  let canvas = null;

  async function encode(video, wanted, picture) {
    const width = Math.min(wanted, video.videoWidth);
    const height = Math.max(1, Math.round((video.videoHeight * width) / video.videoWidth));
    return worker ? away(picture ?? (await grab(video)), width, height) : here(video, width, height, picture);
  }

  function away(picture, width, height) {
    return new Promise((done, failed) => {
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = failed;
      worker.postMessage({ picture, width, height, quality: QUALITY }, [picture]);
    });
  }

  // Where a worker can't draw: on the page's own canvas.
  async function here(video, width, height, picture) {
    canvas ??= document.createElement("canvas");
    Object.assign(canvas, { width, height });
    canvas.getContext("2d").drawImage(picture ?? video, 0, 0, width, height);
    picture?.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob.arrayBuffer();
  }

  return { encode, close: () => worker?.terminate() };
}

function start() {
  if (!("OffscreenCanvas" in window && OffscreenCanvas.prototype.convertToBlob)) return null;
  return new Worker(new URL("camera_encoder.mjs", import.meta.url), { type: "module" });
}

// Handed over without a copy where the browser can.
function grab(video) {
  if ("VideoFrame" in window) {
    try {
      return new VideoFrame(video);
    } catch {
      // not from this source, not in this state: by way of a bitmap
    }
  }
  return createImageBitmap(video);
}
