// Two inks with the same strokes: one on a canvas, one that writes SVG. So a picture is drawn once.
const SVG = "http://www.w3.org/2000/svg";
const BASELINE = 0.35; // of the size of a letter, from its middle down

export function onCanvas(pen, fonts) {
  pen.textAlign = "center";
  pen.textBaseline = "alphabetic";
  pen.direction = "ltr"; // a sign at a time, in the order in which the net reads
  let font = "";
  const write = (text, x, y, size, colour, family, align) => {
    const wanted = `${size}px ${family}`;
    if (font !== wanted) pen.font = font = wanted;
    if (pen.textAlign !== align) pen.textAlign = align;
    pen.fillStyle = colour;
    pen.fillText(text, x, y + size * BASELINE);
  };
  return {
    rect(x, y, width, height, colour) {
      pen.fillStyle = colour;
      pen.fillRect(x, y, width, height);
    },
    sign: (text, x, y, size, colour, faint) => {
      if (faint) pen.globalAlpha = 0.5;
      write(text, x, y, size, colour, fonts.mono, "center");
      if (faint) pen.globalAlpha = 1;
    },
    word: (text, x, y, size, colour, align = "left") => write(text, x, y, size, colour, fonts.words, align),
    frame(x, y, width, height, colour, thick) {
      pen.strokeStyle = colour;
      pen.lineWidth = thick;
      pen.strokeRect(x, y, width, height);
    },
    line(points, colour, thick = 1, dash = []) {
      pen.strokeStyle = colour;
      pen.lineWidth = thick;
      pen.setLineDash(dash);
      pen.beginPath();
      for (let i = 0; i < points.length; i += 2) {
        if (points[i] !== points[i]) continue;
        if (i === 0 || points[i - 2] !== points[i - 2]) pen.moveTo(points[i], points[i + 1]);
        else pen.lineTo(points[i], points[i + 1]);
      }
      pen.stroke();
      if (dash.length) pen.setLineDash([]);
    },
  };
}

const round = (value) => Math.round(value * 100) / 100;
const ANCHORS = { left: "start", center: "middle", right: "end" };
// Without what no XML may hold.
const clean = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, " ").toWellFormed();

export function node(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, typeof value === "number" ? round(value) : value);
  made.append(...children.map((child) => (typeof child === "string" ? clean(child) : child)));
  return made;
}

// "rgb(1 2 3 / 1)" is not known to every program that opens a drawing.
const plain = (colour) => {
  const [, r, g, b] = /^rgb\((\d+) (\d+) (\d+) \/ 1\)$/.exec(colour) ?? [];
  return r === undefined ? colour : `#${[r, g, b].map((v) => Number(v).toString(16).padStart(2, "0")).join("")}`;
};

export function onSvg(root, fonts) {
  const text = (family, align, faint) => (words, x, y, size, colour) =>
    root.append(node("text", { x, y: y + size * BASELINE, "font-size": size, "font-family": family, fill: plain(colour),
      "text-anchor": ANCHORS[align], ...(faint ? { "fill-opacity": 0.5 } : {}) }, words));
  return {
    rect: (x, y, width, height, colour) => root.append(node("rect", { x, y, width, height, fill: plain(colour) })),
    sign: (words, x, y, size, colour, faint) => text(fonts.mono, "center", faint)(words, x, y, size, colour),
    word: (words, x, y, size, colour, align = "left") => text(fonts.words, align)(words, x, y, size, colour),
    frame: (x, y, width, height, colour, thick) =>
      root.append(node("rect", { x, y, width, height, fill: "none", stroke: plain(colour), "stroke-width": thick })),
    line(points, colour, thick = 1, dash = []) {
      let path = "";
      for (let i = 0; i < points.length; i += 2) {
        if (points[i] !== points[i]) continue;
        path += `${i === 0 || points[i - 2] !== points[i - 2] ? "M" : "L"}${round(points[i])} ${round(points[i + 1])}`;
      }
      root.append(node("path", { d: path, fill: "none", stroke: plain(colour), "stroke-width": thick, ...(dash.length ? { "stroke-dasharray": dash.join(" ") } : {}) }));
    },
  };
}
