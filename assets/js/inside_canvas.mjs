// A photograph on a canvas as wide as its host, and boxes on it, in pixels of the photograph.
import { pen } from "./make.mjs";

const HALO = "rgba(0, 0, 0, 0.55)"; // around lines, that they are seen on any picture

// {ink, scale}: a pen whose unit is a pixel of the photograph, and css pixels to that; the
// photograph is drawn already, darkened by `dim` 0..1. Null while there is no room.
export function stage(canvas, { bitmap, size: [width, height] }, dim = 0) {
  const across = Math.floor(canvas.closest(".picture").clientWidth - 6); // less its padding
  if (!across) return null;
  // A tall picture must not fill more than the window.
  const most = Math.max(240, 0.72 * window.innerHeight);
  const scale = Math.min(across / width, most / height);
  const ink = pen(canvas, width * scale, height * scale);
  ink.scale(scale, scale);
  ink.drawImage(bitmap, 0, 0, width, height);
  if (dim) {
    ink.fillStyle = `rgba(0, 0, 0, ${dim})`;
    ink.fillRect(0, 0, width, height);
  }
  return { ink, scale, width };
}

export const box = (boxes, i) => boxes.subarray(4 * i, 4 * i + 4);

export function outline({ ink, scale }, [x0, y0, x1, y1], colour, thick, { dash = [], halo = false } = {}) {
  ink.setLineDash(dash.map((v) => v / scale));
  if (halo) {
    ink.strokeStyle = HALO;
    ink.lineWidth = (thick + 2) / scale;
    ink.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
  ink.strokeStyle = colour;
  ink.lineWidth = thick / scale;
  ink.strokeRect(x0, y0, x1 - x0, y1 - y0);
  ink.setLineDash([]);
}

// A label on a strip of colour, above the box or inside its top where there is no room. Where `taken`,
// a list of strips, has one in the way it is left out; else it joins them.
export function tag({ ink, scale, width }, [x0, y0], text, colour, on, taken = null) {
  const one = 1 / scale;
  ink.font = `600 ${12.5 * one}px sans-serif`;
  const across = ink.measureText(text).width + 10 * one;
  const left = Math.max(0, Math.min(x0, width - across));
  const top = y0 > 19 * one ? y0 - 18 * one : y0;
  if (taken?.some(([l, t, w]) => l < left + across && left < l + w && t < top + 18 * one && top < t + 18 * one)) return;
  taken?.push([left, top, across]);
  ink.fillStyle = colour;
  ink.fillRect(left, top, across, 18 * one);
  ink.fillStyle = on;
  ink.fillText(text, left + 5 * one, top + 13 * one);
}

export const count = (n) => n.toLocaleString("en");

// .83, as the papers write shares.
export const share = (value) => value.toFixed(2).replace(/^0/, "");

// Where the pointer is, in pixels of the photograph.
export function at(event, canvas, { size: [width] }) {
  const scale = canvas.clientWidth / width;
  return [event.offsetX / scale, event.offsetY / scale];
}
