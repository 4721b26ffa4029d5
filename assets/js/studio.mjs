// The studio: the line to the server, the tools, and the views that draw what it sends.
import { short, whole } from "./axis.mjs";
import { create as createCurves, percent } from "./curves.mjs";
import { create as createDiagram } from "./diagram.mjs";
import { icon } from "./icons.mjs";
import { handle, HELP } from "./keys.mjs";
import { make } from "./make.mjs";
import { button, clamp, write } from "./parts.mjs";
import { menu } from "./picture.mjs";
import { create as createPlane } from "./plane.mjs";
import { meant } from "./pointing.mjs";
import { line, parse } from "./socket.mjs";
import { STYLE } from "./studio_style.mjs";
import { read } from "./theme.mjs";
import { create as createWarp } from "./warp.mjs";
import { unpack } from "./wire.mjs";

const studios = new WeakMap();
const CALM = 600; // ms without a change until the link is told
const SOON = 40; // ms until the page is told that another run is shown
const FASTEST = 1e6; // examples a second at the end of the slider, before "max"
const TOOLS = [
  ["add", "Add points", "a"], ["brush", "Paint points", "b"], ["move", "Move points", "m"], ["erase", "Remove points", "x"],
];

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  const [header] = unpack(data);
  let studio = studios.get(parentElement);
  if (!studio) studios.set(parentElement, (studio = build(parentElement.querySelector(".studio"), header.view)));
  studio.component = component;
  studio.dress(header);
  studio.line.to(header.path, header.token);
}

export function release(parentElement) {
  studios.get(parentElement)?.release();
  studios.delete(parentElement);
}

function build(root, view) {
  const studio = {
    root, state: { arrays: {}, shapes: {} }, colours: null, diverging: null, view,
    send: (message) => studio.line.send(message),
    lane: () => studio.state.lanes?.[studio.state.lane],
    announce: (text) => write(studio.live, text),
    zoom: (by, at) => studio.plane.zoom(by, at),
  };
  const part = (name) => make("div", { className: name });
  const [left, right, under, curves, diagram] = ["pane plane", "pane warp", "under", "curves", "diagram"].map(part);
  studio.live = make("div", { className: "unseen", role: "status", "aria-live": "polite" });
  studio.note = make("div", { className: "note", hidden: true, role: "status" });
  studio.trouble = make("div", { className: "trouble", hidden: true, role: "alert" });
  left.append(tools(studio));
  right.append(make("div", { className: "row head" }, make("b", {}, "What the net makes of it")));
  root.replaceChildren(make("style", {}, STYLE), studio.live, bar(studio), studio.note, studio.trouble,
    make("div", { className: "stages-row" }, left, right, under), curves, diagram);
  studio.dress = (header) => dress(studio, header);
  studio.open = () => {
    studio.plane = createPlane(left, studio);
    studio.warp = createWarp(right, studio, under);
    studio.curves = createCurves(curves, studio);
    studio.diagram = createDiagram(diagram, studio);
    studio.views = [studio.plane, studio.warp, studio.curves, studio.diagram];
  };
  studio.line = line(hears(studio));
  studio.changed = later(() => tellLink(studio), CALM);
  const press = (event) => handle(studio, event);
  document.addEventListener("keydown", press, true);
  studio.release = () => {
    document.removeEventListener("keydown", press, true);
    studio.line.close();
    studio.changed.cancel();
    cancelAnimationFrame(studio.painting);
    for (const each of studio.views ?? []) each.release?.();
  };
  return studio;
}

function later(act, calm) {
  let timer = 0;
  const ask = (wait = calm) => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
  ask.cancel = () => clearTimeout(timer);
  return ask;
}

// Colours of the moment: the component is rendered again when the theme changes.
function dress(studio, header) {
  const colours = { ...read(studio.root, header), lanes: header.colours.lanes };
  const same = JSON.stringify(colours) === JSON.stringify(studio.colours);
  Object.assign(studio, { colours, diverging: header.diverging, used: header.point });
  studio.plane?.view.draw();
  if (!studio.views) studio.open();
  else if (!same) for (const each of studio.views) each.theme();
  if (!same) chips(studio);
}

// The line

function hears(studio) {
  return {
    opened() {
      restore(studio);
      const { plane, warp } = studio;
      studio.send({ do: "view", window: plane.view.zoomed, hover: null, unit: null,
        stage: warp.view.stage, units: warp.view.units.slice(0, warp.view.mode === "pair" ? 2 : 3), mode: warp.view.mode });
    },
    frame(buffer) {
      if (studio.lost) studio.note.hidden = !(studio.lost = false);
      const { header, arrays, shapes } = parse(buffer);
      const fresh = new Set(Object.keys(arrays));
      studio.state = { ...header, arrays: { ...studio.state.arrays, ...arrays }, shapes: { ...studio.state.shapes, ...shapes } };
      const drawn = () => studio.send({ do: "drawn", frame: header.frame });
      // While this frame waits to be painted the server may make the next, but no more than that.
      // A page that can't be seen paints nothing, confirms nothing, and so is sent nothing.
      if (!studio.painting) {
        studio.fresh = fresh;
        studio.painting = requestAnimationFrame(() => {
          studio.painting = 0;
          paint(studio, { ...studio.state, fresh: studio.fresh });
          studio.owed?.();
          studio.owed = null;
        });
        drawn();
      } else {
        for (const name of fresh) studio.fresh.add(name);
        studio.owed = drawn;
      }
    },
    said: ({ error }) => say(studio, error),
    lost(attempts) {
      if (attempts < 2) return;
      studio.lost = true;
      say(studio, "The line to the server is lost; trying again.");
    },
  };
}

function say(studio, text) {
  studio.note.hidden = false;
  const close = make("button", { type: "button", className: "tool", "aria-label": "Close", onclick: () => (studio.note.hidden = true) }, icon("close"));
  studio.note.replaceChildren(text, close);
  studio.announce(text);
}

// Where the link said to look; once.
function restore(studio) {
  if (!studio.view) return;
  const [stage, mode, units, window] = studio.view.split("~");
  studio.view = null;
  if (stage) studio.warp.look(Number(stage), units.split("-").map(Number), mode);
  if (window) studio.plane.setWindow(window.split(",").map(Number));
}

// What the link must hold, told when all has been quiet for a while and only if it is news.
function tellLink(studio) {
  const { version, seed, settings } = studio.state;
  if (version === undefined) return;
  const { stage, mode, units } = studio.warp.view;
  const { zoomed } = studio.plane.view;
  const look = stage === null && !zoomed ? "" : [
    stage === null ? "" : `${Math.round(stage * 100) / 100}`,
    mode, units.slice(0, mode === "pair" ? 2 : 3).join("-"),
    zoomed ? zoomed.map((v) => Number(v.toPrecision(5))).join(",") : "",
  ].join("~");
  const link = JSON.stringify({ version, seed, settings, view: look, use: studio.use });
  if (link === studio.told) return;
  studio.told = link;
  studio.component.setStateValue("link", link);
}

// A frame

function paint(studio, f) {
  const began = performance.now();
  const { state, root } = studio;
  // Settings of the shown run that are not those of the sidebar: it must follow at once.
  const { version, seed, settings } = state;
  const mark = `${version} ${seed} ${settings}`;
  if (studio.mark === undefined) {
    studio.told = JSON.stringify({ version, seed, settings, view: "" });
  } else if (studio.strayed !== settings) studio.changed(SOON);
  else if (studio.mark !== mark) studio.changed();
  Object.assign(studio, { mark, strayed: settings });
  toolbar(studio);
  for (const each of studio.views) each.frame(f);
  const lane = studio.lane();
  Object.assign(root.dataset, {
    frames: Number(root.dataset.frames ?? 0) + 1,
    frame: state.frame, playing: state.playing, points: state.total, stage: state.stage ?? "", sizes: state.net?.sizes.join("-") ?? "",
    lanes: state.lanes.length, examples: lane?.examples ?? 0, accuracy: lane?.accuracy[0] ?? "", at: lane?.at ?? "",
    pace: state.pace, ms: (performance.now() - began).toFixed(2),
  });
}

// The toolbar

function bar(studio) {
  const act = (name, title, key, message, picture = name) => button({ name, picture, title, key, act: () => studio.send(message()) });
  studio.play = act("play", "Play or pause", "space", () => ({ do: studio.state.playing ? "pause" : "play" }));
  studio.play.classList.add("main");
  studio.speed = make("input", { type: "range", min: 0, max: 100, step: 1, "aria-label": "speed", title: "Speed ([ and ])" });
  studio.speed.dataset.do = "speed";
  studio.speed.addEventListener("input", () => studio.send({ do: "speed", value: speedAt(Number(studio.speed.value)) }));
  studio.pace = make("span", { className: "pace" });
  studio.facts = Object.fromEntries(["epoch", "examples", "loss", "train", "test"].map((name) => [name, make("b")]));
  const facts = Object.entries(studio.facts).map(([name, place]) => make("span", { className: `fact ${name}` }, `${name} `, place));
  const keys = button({ name: "keys", title: "Keys", key: "?", act: () => toggleHelp(studio) });
  studio.help = make("dl", { className: "help", hidden: true }, ...HELP.flatMap(([key, text]) => [make("dt", {}, key), make("dd", {}, text)]));
  return make("div", { className: "bar" },
    make("div", { className: "row" }, studio.play,
      act("step", "One update", ".", () => ({ do: "step" })),
      act("epoch", "One epoch", "e", () => ({ do: "epoch" })),
      act("reset", "Begin again from the same seed", "r", () => ({ do: "reset", fresh: false })),
      act("fresh", "Begin again from a new seed", "n", () => ({ do: "reset", fresh: true })),
      studio.speed, studio.pace, keys, menu(studio)),
    make("div", { className: "row facts" }, ...facts), studio.help);
}

export function toggleHelp(studio) {
  studio.help.hidden = !studio.help.hidden;
}

// 0 .. 99 of the slider: 10 .. a million examples a second, evenly in logarithm; 100: no limit.
const speedAt = (place) => (place >= 100 ? 0 : Math.round(10 * (FASTEST / 10) ** (place / 99)));
const placeOf = (speed) => (speed === 0 ? 100 : clamp(Math.round((Math.log(speed / 10) / Math.log(FASTEST / 10)) * 99), 0, 99));

export function hurry(studio, by) {
  studio.send({ do: "speed", value: speedAt(clamp(placeOf(studio.state.speed) + by, 0, 100)) });
}

function toolbar(studio) {
  const { state } = studio;
  const lane = studio.lane();
  // Without a point to learn from nothing runs, whatever was pressed.
  const picture = state.playing && state.learns ? "pause" : "play";
  studio.play.disabled = !state.learns;
  if (studio.play.dataset.picture !== picture) {
    studio.play.dataset.picture = picture;
    studio.play.replaceChildren(icon(picture));
  }
  if (studio.speed.getRootNode().activeElement !== studio.speed) studio.speed.value = placeOf(state.speed);
  const wanted = state.speed ? `${short(state.speed)}/s` : "as fast as it can";
  write(studio.pace, !state.learns ? "nothing to learn from" : state.playing ? `${wanted}, now ${short(Number(state.pace.toPrecision(2)))}/s` : `${wanted}, paused`);
  const { facts } = studio;
  write(facts.epoch, lane && state.learns ? whole(lane.epochs) : "?");
  write(facts.examples, lane ? whole(lane.examples) : "?");
  write(facts.loss, lane?.loss[0] === null || !lane ? "?" : lane.loss[0].toFixed(4));
  write(facts.train, percent(lane?.accuracy[0]));
  facts.test.parentElement.hidden = (lane?.accuracy[1] ?? null) === null;
  write(facts.test, percent(lane?.accuracy[1]));
  studio.undo.disabled = !state.can.undo;
  studio.redo.disabled = !state.can.redo;
  if (studio.palette.dataset.mark !== JSON.stringify([state.classes, state.net?.classes])) chips(studio);
  fault(studio, lane);
}

function fault(studio, lane) {
  const { trouble } = studio;
  const mark = lane?.trouble ? `${studio.state.lane} ${lane.trouble.text}` : "";
  trouble.hidden = !mark;
  if (trouble.dataset.mark === mark) return;
  trouble.dataset.mark = mark;
  if (!mark) return;
  const way = (name, label, cure) => {
    const made = make("button", { type: "button", className: "chip", onclick: () => studio.send({ do: "rescue", cure }) }, label);
    made.dataset.do = name;
    return made;
  };
  const ways = make("div", { className: "row" }, way("rescue", "Rewind", false));
  if (lane.trouble.cure) ways.append(way("cure", lane.trouble.cure, true));
  trouble.replaceChildren(make("b", {}, lane.trouble.title), make("p", {}, lane.trouble.text), ways);
}

// Tools of the plane

function tools(studio) {
  studio.palette = make("div", { className: "chips", role: "group", "aria-label": "class of new points" });
  studio.tools = TOOLS.map(([name, title, key]) => button({ name, title, key, act: () => use(studio, name) }));
  const edit = (name, title, key) => button({ name, title, key, act: () => studio.send({ do: name }) });
  studio.undo = edit("undo", "Undo", "z");
  studio.redo = edit("redo", "Redo", "y");
  const sharp = button({ name: "sharp", title: "Only the likeliest class, or probabilities", key: "s", act: () => toggleSharp(studio) });
  const near = [[0.7, "+", "zoom-in", "Closer"], [1.4, "\u2212", "zoom-out", "Further away"]].map(([by, text, name, title]) =>
    button({ name, picture: null, text, title, key: by < 1 ? "+" : "-", act: () => studio.zoom(by) }));
  return make("div", { className: "row head" }, studio.palette, ...studio.tools, studio.undo, studio.redo,
    button({ name: "use", title: "One update by hand, of the point last pointed at", key: "u", act: () => usePoint(studio) }),
    edit("clear", "Remove all points", ""), sharp, ...near, button({ name: "fit", title: "All data in view", key: "f", act: () => fit(studio) }));
}

export function fit(studio) {
  studio.plane.fit();
  studio.warp.fit();
}

// One update by hand is shown of the point that was last under the pointer.
export function usePoint(studio) {
  const touched = meant(studio.plane.view);
  if (touched === null || touched * studio.state.every >= studio.state.total) {
    say(studio, "Point at one of the points first.");
    return;
  }
  studio.used = touched * studio.state.every;
  studio.use = [studio.used, (studio.use?.[1] ?? 0) + 1];
  studio.plane.view.draw();
  studio.changed(SOON);
}

export function toggleSharp(studio) {
  studio.plane.view.sharp = !studio.plane.view.sharp;
  studio.plane.theme();
}

export function use(studio, tool) {
  studio.plane.view.tool = tool;
  for (const made of studio.tools) made.setAttribute("aria-pressed", made.dataset.do === tool);
}

export function ink(studio, index) {
  if (index >= studio.palette.childElementCount) return;
  studio.plane.view.class = index;
  for (const [i, chip] of [...studio.palette.children].entries()) chip.setAttribute("aria-pressed", i === index);
}

function chips(studio) {
  const { state, palette, colours } = studio;
  palette.dataset.mark = JSON.stringify([state.classes, state.net?.classes]);
  const count = state.net?.classes ?? state.classes?.length ?? 0;
  palette.replaceChildren(...Array.from({ length: count }, (_, i) => {
    const name = state.classes[i] ?? `${i}`;
    const dot = make("i");
    dot.style.background = colours.classes[i];
    const made = make("button", { type: "button", className: "chip", title: `Class ${name} (${(i + 1) % 10})`, onclick: () => ink(studio, i) }, dot, name.slice(0, 12));
    made.dataset.do = `class-${i}`;
    return made;
  }));
  ink(studio, Math.min(studio.plane.view.class, Math.max(0, count - 1)));
  use(studio, studio.plane.view.tool);
}
