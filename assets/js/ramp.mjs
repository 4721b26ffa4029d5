// Numbers to colours: signed ones from blue over nothing to orange, outputs in their class's.
import { rgb } from "./theme.mjs";

export const mix = (a, b, share) => a.map((v, i) => v + (b[i] - v) * share);

export const css = (colour, alpha = 1) => `rgb(${colour.map(Math.round).join(" ")} / ${alpha})`;

// Stops for -1 .. 1. On a dark page zero is dark and the ends shine, so that strong stays strong.
export function signed(studio) {
  const ramp = studio.diverging.map(rgb);
  if (!studio.colours.dark) return ramp;
  const ground = rgb(studio.colours.secondary);
  const half = (end, bright) => [bright, end, mix(ground, end, 0.45)];
  return [...half(ramp[1], ramp[3]), ground, ...half(ramp[8], ramp[6]).reverse()];
}

export function along(stops, share) {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  return mix(stops[low], stops[low + 1], place - low);
}

// One colour for "negative" and one for "positive", for lines and dots.
export function poles(studio) {
  const ramp = studio.diverging.map(rgb);
  return studio.colours.dark ? [ramp[2], ramp[6]] : [ramp[1], ramp[8]];
}

// A colour as ImageData holds it in 32 bits, on the little-endian machines there are.
export const pixel = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

// 256 pixels for bytes that stand for lo .. hi; the middle of the stops is zero, wherever that lies.
export function signedTable(stops, lo, hi) {
  const most = Math.max(Math.abs(lo), Math.abs(hi)) || 1;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const value = lo + ((hi - lo) * byte) / 255;
    return pixel(along(stops, 0.5 + value / most / 2));
  });
}

// The same for an output: from the page's background to the colour of its class.
export function classTable(colours, index) {
  const ends = [rgb(colours.background), rgb(colours.classes[index])];
  return Uint32Array.from({ length: 256 }, (_, byte) => pixel(mix(...ends, byte / 255)));
}
