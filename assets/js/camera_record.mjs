// What one takes home: a picture with its boxes, the boxes as a table, a film with both.
import { draw } from "./camera_draw.mjs";

const COLUMNS = ["label", "score", "x0", "y0", "x1", "y1"];
// A spreadsheet runs a cell that starts with one of these; an apostrophe before it makes it text.
const FORMULA = /^ *[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const KINDS = [["video/mp4;codecs=avc1.42E01F", "mp4"], ["video/mp4", "mp4"], ["video/webm;codecs=vp9", "webm"], ["video/webm;codecs=vp8", "webm"], ["video/webm", "webm"]];
const LONGEST = 600; // seconds of a film
const BITS = 4e6; // a second

// One line a box under a heading; in pixels of a picture `scale` times as wide and high as the answer's.
export function table({ boxes }, scale = 1) {
  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const safe = (label) => cell(FORMULA.test(label) ? `'${label}` : label);
  const followed = boxes.some(({ id }) => id !== undefined);
  const rows = boxes.map(({ label, score, box, id }) =>
    [safe(label), score.toFixed(4), ...box.map((v) => (v * scale).toFixed(2)), ...(followed ? [id || ""] : [])].join(","));
  return [[...COLUMNS, ...(followed ? ["id"] : [])].join(","), ...rows, ""].join("\r\n");
}

// A canvas with the picture `bitmap` and the boxes of `answer`, as they are seen.
export function composed(bitmap, answer, { mirrored, line }) {
  const { width, height } = bitmap;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d", { alpha: false });
  picture(pen, bitmap, width, height, mirrored);
  draw(pen, answer, { width, height, mirrored, line, one: Math.max(1, width / 900) });
  return canvas;
}

export function picture(pen, source, width, height, mirrored) {
  pen.save();
  if (mirrored) pen.setTransform(-1, 0, 0, 1, width, 0);
  pen.drawImage(source, 0, 0, width, height);
  pen.restore();
}

export const stamp = () => new Date(Date.now() - new Date().getTimezoneOffset() * 6e4).toISOString().slice(0, 19).replace("T", "_").replaceAll(":", "-");

// Films what `paint(pen, width, height)` paints; `paint` of what is given back is to be called for
// every new picture. ended(blob, kind, seconds) hears of the end.
export function recorder(width, height, paint, ended) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d", { alpha: false });
  const [type, kind] = KINDS.find(([each]) => window.MediaRecorder?.isTypeSupported(each)) ?? [];
  if (!type) return null;
  paint(pen, width, height);
  const stream = canvas.captureStream(30);
  const film = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: BITS });
  const pieces = [];
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const stop = () => {
    if (film.state !== "inactive") film.stop();
  };
  film.ondataavailable = ({ data }) => data.size && pieces.push(data);
  film.onstop = () => {
    for (const track of stream.getTracks()) track.stop();
    ended(new Blob(pieces, { type: type.split(";")[0] }), kind, seconds());
  };
  film.start(1000);
  return {
    seconds,
    stop,
    paint() {
      if (seconds() > LONGEST) stop();
      else paint(pen, width, height);
    },
  };
}
