// Small pictures for buttons, drawn here so that nothing has to be fetched: lines on a 20 x 20 field.
const SVG = "http://www.w3.org/2000/svg";

const LINES = {
  play: "M6.5 4.2v11.6L16 10z",
  pause: "M6 4.5h2.6v11H6zM11.4 4.5H14v11h-2.6z",
  step: "M5 5v10l7-5zM14.5 5v10",
  epoch: "M3.5 5v10l5.5-5zM10 5v10l5.5-5zM17 5v10",
  reset: "M4.2 8.2A6.2 6.2 0 1 1 4 12M4 4v4.4h4.4",
  fresh: "M4 4h12v12H4zM7.4 7.4h.01M12.6 7.4h.01M10 10h.01M7.4 12.6h.01M12.6 12.6h.01",
  add: "M10 4.5v11M4.5 10h11",
  brush: "M15.8 3.6 9 10.4M8.2 11.2a2.6 2.6 0 0 0-3.6 2.2c0 1.4-.7 2-1.6 2.4 2.8 1.4 6.9.4 7-2.5a2.3 2.3 0 0 0-1.8-2.1z",
  move: "M10 3v14M3 10h14M7.8 5.2 10 3l2.2 2.2M7.8 14.8 10 17l2.2-2.2M5.2 7.8 3 10l2.2 2.2M14.8 7.8 17 10l-2.2 2.2",
  erase: "M8 16.2h8.6M4 12.4l6.9-7.6a1.4 1.4 0 0 1 2 0l3.2 3a1.4 1.4 0 0 1 0 2l-5.9 6.4H7.3L4 13.6a.9.9 0 0 1 0-1.2zM8 8.2l5 4.6",
  undo: "M7.6 4.4 4 8l3.6 3.6M4 8h8a4 4 0 0 1 0 8H8",
  redo: "M12.4 4.4 16 8l-3.6 3.6M16 8H8a4 4 0 0 0 0 8h4",
  clear: "M4.5 6h11M8 6V4.2h4V6M6 6l.7 10h6.6L14 6M8.6 8.8v4.6M11.4 8.8v4.6",
  use: "M10 6.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2zM10 2.6v2.6M10 14.8v2.6M2.6 10h2.6M14.8 10h2.6",
  fit: "M4 7.4V4h3.4M12.6 4H16v3.4M16 12.6V16h-3.4M7.4 16H4v-3.4M8.2 8.2h3.6v3.6H8.2z",
  sharp: "M4 4h12v12H4zM4 16 16 4",
  keys: "M2.8 5.6h14.4v8.8H2.8zM5.6 8.4h.01M8.5 8.4h.01M11.4 8.4h.01M14.3 8.4h.01M6.6 11.6h6.8",
  camera: "M3 6.5h3.2l1.4-2h4.8l1.4 2H17v9.5H3zM10 8.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z",
  snapshot: "M3.5 4.5h13v11h-13zM3.5 13l3.6-3.8 3 3 2.4-2.2 4 4M13.2 7.6h.01",
  record: "M10 4.4a5.6 5.6 0 1 1 0 11.2 5.6 5.6 0 0 1 0-11.2z",
  stop: "M5 5h10v10H5z",
  mirror: "M10 3.2v13.6M7.4 6 3.2 14h4.2zM12.6 6l4.2 8h-4.2z",
  flip: "M4 9a6.2 6.2 0 0 1 11-2.6M15.6 3.4v3.4h-3.4M16 11a6.2 6.2 0 0 1-11 2.6M4.4 16.6v-3.4h3.4",
  full: "M3.6 7.6v-4h4M12.4 3.6h4v4M16.4 12.4v4h-4M7.6 16.4h-4v-4",
  follow: "M3.4 15.6c2.6-.2 2.2-4.2 4.6-4.6s2.2-4 5-4.4M11 3.4h5.4V9H11z",
  line: "M5.6 14.4 14.4 5.6M4.4 17a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8zM15.6 5.8a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8z",
  close: "M5.5 5.5l9 9M14.5 5.5l-9 9",
};
const SOLID = new Set(["play", "pause", "record", "stop"]);
const DOTTED = new Set(["fresh", "keys", "snapshot"]); // round ends make a line without length a dot

export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 20 20");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", LINES[name]);
  path.setAttribute("fill", SOLID.has(name) ? "currentColor" : "none");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-width", DOTTED.has(name) ? "1.9" : "1.6");
  path.setAttribute("stroke-linecap", "round");
  path.setAttribute("stroke-linejoin", "round");
  picture.append(path);
  return picture;
}
