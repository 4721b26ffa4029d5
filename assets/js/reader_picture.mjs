// Pictures to take home: the view as it is, in pixels, or the text as a drawing with letters.
import { make } from "./make.mjs";
import { draw, legend } from "./reader_draw.mjs";
import { node, onCanvas, onSvg } from "./reader_ink.mjs";
import { laid, measured } from "./reader_layout.mjs";

const DENSE = 2; // pixels of a PNG for one of the page
const MOST = 2000; // characters of a drawing
const HEAD = 34; // css pixels for the caption
const FOOT = 60; // and at least for the scales
const MARGIN = 12;

export async function png(view) {
  const { layout, scroller } = view;
  const frame = { left: scroller.scrollLeft, top: scroller.scrollTop, width: scroller.clientWidth, height: scroller.clientHeight };
  const wide = frame.width + 2 * MARGIN;
  const sheet = make("canvas", { width: wide * DENSE, height: (frame.height + HEAD + foot(view, wide) + MARGIN) * DENSE });
  const pen = sheet.getContext("2d");
  pen.setTransform(DENSE, 0, 0, DENSE, 0, 0);
  const ink = onCanvas(pen, view.fonts);
  ink.rect(0, 0, sheet.width, sheet.height, view.theme.background);
  words(ink, view, view.scene.count, wide);
  pen.save();
  pen.translate(MARGIN, HEAD);
  pen.beginPath();
  pen.rect(0, 0, frame.width, frame.height);
  pen.clip();
  draw(ink, view, layout, frame);
  pen.restore();
  legend(onCanvas(pen, view.fonts), view, MARGIN, HEAD + frame.height + MARGIN, wide);
  return new Promise((done) => sheet.toBlob(done, "image/png"));
}

export function svg(view) {
  const { settings, scene, layout } = view;
  const codes = scene.codes.slice(0, MOST);
  const text = measured(codes);
  const whole = laid(text, codes, { mode: settings.mode, zoom: settings.zoom, width: layout.width, gutter: layout.gutter,
    strips: view.under.length, lanes: view.lanes.length });
  const [width, height] = [Math.max(layout.width, whole.total[0]), whole.total[1]];
  const [wide, high] = [width + 2 * MARGIN, height + HEAD + foot(view, width) + MARGIN];
  const root = node("svg", { viewBox: `0 0 ${wide} ${high}`, width: wide, height: high, "xml:space": "preserve" });
  root.append(node("title", {}, scene.name));
  const ink = onSvg(root, view.fonts);
  ink.rect(0, 0, wide, high, view.theme.background);
  words(ink, view, codes.length, wide);
  const group = node("g", { transform: `translate(${MARGIN} ${HEAD})` });
  root.append(group);
  draw(onSvg(group, view.fonts), { ...view, looked: null }, whole, { left: 0, top: 0, width, height });
  legend(ink, view, MARGIN, HEAD + height + MARGIN, width);
  return new Blob([new XMLSerializer().serializeToString(root)], { type: "image/svg+xml" });
}

// Room for the scales: drawn to nowhere, to know how high they are.
const NOWHERE = { rect() {}, word() {} };
const foot = (view, width) => Math.max(FOOT, MARGIN + legend(NOWHERE, view, MARGIN, 0, width));

function words(ink, { scene, theme, base }, count, wide) {
  const some = count < scene.count ? `the first ${count.toLocaleString("en")} of ${scene.count.toLocaleString("en")}` : count.toLocaleString("en");
  const told = `${scene.name}: ${some} characters${base ? `, coloured by ${base.title}` : ""}`;
  ink.word(told.slice(0, Math.floor((wide - 2 * MARGIN) / 6)), MARGIN, HEAD / 2, 13, theme.text);
}
