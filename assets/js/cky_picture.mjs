// The chart to take home: the drawing with its looks written into it, or that as pixels.
import { make } from "./make.mjs";
import { node } from "./reader_ink.mjs";

const LOOKS = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity", "font-size", "font-weight", "font-style", "text-anchor"];
const DENSE = 2; // pixels of a PNG for one of the page
const MOST = 8000; // pixels of a side

function drawing(svg, ground) {
  const copy = svg.cloneNode(true);
  const [from, to] = [svg, copy].map((root) => [...root.querySelectorAll("rect, line, text, tspan, g")]);
  from.forEach((element, k) => {
    const style = getComputedStyle(element);
    to[k].removeAttribute("style");
    for (const look of LOOKS) {
      const value = style.getPropertyValue(look);
      if (element.localName === "g" ? look === "opacity" && value !== "1" : value && value !== "none" && value !== "normal") to[k].setAttribute(look, value);
      else if (value === "none" && (look === "fill" || look === "stroke")) to[k].setAttribute(look, value);
    }
  });
  copy.setAttribute("font-family", "sans-serif");
  copy.removeAttribute("style");
  copy.prepend(node("rect", { width: svg.getAttribute("width"), height: svg.getAttribute("height"), fill: ground }));
  return new XMLSerializer().serializeToString(copy);
}

export const svg = (drawn, ground) => new Blob([drawing(drawn, ground)], { type: "image/svg+xml" });

export async function png(drawn, ground) {
  const [width, height] = ["width", "height"].map((side) => Number(drawn.getAttribute(side)));
  const dense = Math.min(DENSE, MOST / Math.max(width, height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing(drawn, ground))}`;
  await image.decode();
  const sheet = make("canvas", { width: Math.round(width * dense), height: Math.round(height * dense) });
  sheet.getContext("2d").drawImage(image, 0, 0, sheet.width, sheet.height);
  return new Promise((done) => sheet.toBlob(done, "image/png"));
}
