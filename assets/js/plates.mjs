// Plate diagrams that play: each model's story of a document, draw by draw. Data: pages/_kit/stage/plates.py.
// State lives per parent element: Streamlit calls render again for every change of data or theme.
import { make } from "./make.mjs";
import { diagram, light } from "./plates_draw.mjs";
import { letters } from "./plates_math.mjs";
import { bars, lines, product, shareRows, shareTitle, wordRows, written } from "./plates_side.mjs";
import { done, LEVELS, moments, place, STORIES } from "./plates_story.mjs";
import { STYLE } from "./plates_style.mjs";
import { SPEEDS, tools } from "./plates_tools.mjs";
import { read } from "./theme.mjs";

const FIRST = 3; // moments that are done at first sight: a mixture, a topic, a word
const views = new WeakMap();

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, (view = build(parentElement)));
  const before = view.data;
  Object.assign(view, { component, data, theme: read(view.root, { colours: data.palette, diverging: [] }) });
  view.root.classList.toggle("dark", view.theme.dark);
  view.root.setAttribute("aria-label", `${data.name}. Space plays, comma and full stop step, N makes another document.`);
  view.moments = moments(data.stories);
  const kinds = data.stories.map(({ kind }) => kind).join(" ");
  if (view.kinds !== kinds) cards(view, kinds);
  if (before && before.base !== data.base) {
    stop(view);
    view.at = view.asked ? 0 : Math.min(FIRST, view.moments.length);
    if (view.asked && !calm()) play(view);
    else if (view.asked) view.at = view.moments.length;
    view.asked = false;
  } else view.at = before ? Math.min(view.at, view.moments.length) : Math.min(FIRST, view.moments.length);
  draw(view);
}

export function release(parentElement) {
  const view = views.get(parentElement);
  if (view) stop(view);
  views.delete(parentElement);
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function build(parentElement) {
  const root = parentElement.querySelector(".plates");
  root.setAttribute("role", "group");
  root.tabIndex = 0;
  const view = { root, at: 0, pace: SPEEDS[1], timer: null, asked: false };
  view.tools = tools(view.pace, {
    play: () => (view.timer ? stop(view) : play(view)),
    by: (way) => look(view, view.at + way),
    to: (at) => look(view, at),
    pace: (pace) => {
      view.pace = pace;
      if (view.timer) play(view);
    },
    again: () => again(view),
  });
  view.field = make("div", { className: "cards" });
  view.legend = make("div", { className: "levels" }, ...Object.entries(LEVELS).map(([level, text]) => make("span", { className: level }, make("i"), text)),
    make("span", { className: "seen" }, make("i"), "shaded: seen"), make("span", { className: "tell", "aria-live": "polite" }, "Click a circle to hear what it is."));
  view.explain = view.legend.lastChild;
  root.replaceChildren(make("style", {}, STYLE), view.tools.root, view.legend, view.field);
  root.addEventListener("keydown", (event) => key(view, event));
  return view;
}

// A card for each story; what is in them changes with every draw.
function cards(view, kinds) {
  view.kinds = kinds;
  const { stories } = view.data;
  view.cards = stories.map(({ kind }) => {
    const drawn = diagram(kind, (text) => (view.explain.textContent = text));
    const [told, panels, text, sum, head] = [lines(kind), "panels", "document", "product", "sofar"].map((name) => (typeof name === "string" ? make("div", { className: name }) : name));
    text.setAttribute("role", "group");
    const title = make("div", { className: "title" }, make("b", {}, STORIES[kind].title), make("span", {}, STORIES[kind].about));
    const root = make("section", { className: "card", "aria-label": STORIES[kind].title }, title, make("div", { className: "top" }, drawn.svg, told.root), panels, head, text, sum);
    root.dataset.kind = kind;
    return { kind, root, drawn, told, panels, text, sum, head };
  });
  view.field.replaceChildren(...view.cards.map(({ root }) => root));
  view.field.classList.toggle("several", stories.length > 1);
}

function draw(view) {
  const { data, moments: all, at } = view;
  data.stories.forEach((story, k) => one(view, view.cards[k], story));
  view.root.dataset.step = `${at} of ${all.length}`;
  view.tools.show({ at, count: all.length, playing: Boolean(view.timer), text: says(view) });
}

// One card at the moment that the view is at.
function one(view, card, story) {
  const { data, moments: all, at } = view;
  const count = done(story, all, at);
  const draws = story.draws.slice(0, count);
  const last = draws.at(-1) ?? null;
  const now = last && place(last) === all[at - 1] ? last : null;
  const colour = (z) => (z < 0 || data.colours[z] < 0 ? (z < 0 ? "" : "var(--grey)") : view.theme.classes[data.colours[z]]);
  const topic = draws.findLast(([what]) => what === "z");
  const z = topic ? topic[2] : null;
  const word = last?.[0] === "w" ? last : null;
  light(card.drawn, now, values(data, story, draws, colour));
  card.told.light(now);
  const many = data.stories.length > 1 ? 5 : 8; // bars
  const sides = [];
  if (story.kind !== "unigram") sides.push(bars(shareTitle(story.kind), draws.length || story.kind === "mixture" ? shareRows(data, story, z, colour, many) : [], "Not drawn yet."));
  if (story.kind === "unigram") sides.push(bars(letters("p(w), words of all documents"), wordRows(story, -1, word, colour, many), ""));
  else sides.push(bars(z === null ? letters("p(w | z), the words of a topic") : [...letters("p(w | z = "), `${data.topics[z][0]}), ${data.topics[z][1]}`], z === null ? [] : wordRows(story, z, word, colour, many), "No topic is drawn yet."));
  card.panels.replaceChildren(...sides);
  const words = written(story, count, (moment) => look(view, all.indexOf(moment) + 1), colour, word ? word[1] : -1);
  card.head.replaceChildren(`The document so far, ${words.length} of ${data.words} word${data.words === 1 ? "" : "s"}`, ...(story.document && count ? [make("span", {}, ` · topics as in “${story.document}”`)] : []));
  card.text.replaceChildren(...(words.length ? words : [make("span", { className: "empty" }, "Nothing yet. Press play.")]));
  if (word) card.text.scrollTop = card.text.scrollHeight * (word[1] / data.words) - 40;
  card.sum.replaceChildren(...product(story, draws));
}

// What the circles hold, by what was drawn.
function values(data, story, draws, colour) {
  const found = {};
  for (const draw of draws) {
    const [what, n, value, , word] = draw;
    if (what === "theta") found.theta = { shares: story.shares.map((p, k) => ({ p, colour: colour(k) })).sort((a, b) => b.p - a.p) };
    if (what === "document") found.document = { text: story.document };
    if (what === "z") found.z = { text: `topic ${data.topics[value][0]}`, colour: `color-mix(in srgb, ${colour(value)} 55%, var(--st-background-color))` };
    // a topic was drawn for the next word: the old one is gone
    if (what === "z" && n >= 0) delete found.w;
    if (what === "w") found.w = { text: word };
  }
  return found;
}

// In words, what the newest draw was.
function says({ data, moments: all, at }) {
  if (at === 0) return "Nothing is drawn yet.";
  const told = data.stories.flatMap((story) => {
    const draw = story.draws[done(story, all, at) - 1];
    if (!draw || place(draw) !== all[at - 1]) return [];
    const [what, n, value, , word] = draw;
    const named = data.stories.length > 1 ? `${STORIES[story.kind].title}: ` : "";
    if (what === "theta") return [`${named}a mixture of topics`];
    if (what === "document") return [`${named}a document, “${story.document}”`];
    if (what === "z") return [`${named}topic ${data.topics[value][0]}${n >= 0 ? ` for word ${n + 1}` : ""}`];
    return [`${named}word ${n + 1}, “${word}”`];
  });
  return `${at} of ${all.length}: ${told.join("; ")}`;
}

function look(view, at) {
  stop(view);
  view.at = Math.max(0, Math.min(view.moments.length, at));
  draw(view);
}

function play(view) {
  stop(view);
  if (view.at >= view.moments.length) view.at = 0;
  view.timer = setInterval(() => {
    view.at = Math.min(view.moments.length, view.at + 1);
    if (view.at >= view.moments.length) stop(view);
    draw(view);
  }, 1000 / view.pace);
  draw(view);
}

function stop(view) {
  clearInterval(view.timer);
  view.timer = null;
  if (view.tools && view.moments) view.tools.show({ at: view.at, count: view.moments.length, playing: false, text: says(view) });
}

function again(view) {
  view.asked = true;
  view.component.setStateValue("again", Date.now());
}

function key(view, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("select, input")) return;
  const by = { ",": -1, ".": 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (event.key === " " && !event.target.closest("button")) view.timer ? stop(view) : play(view);
  else if (by) look(view, view.at + by);
  else if (event.key === "Home") look(view, 0);
  else if (event.key === "End") look(view, view.moments.length);
  else if (event.key === "n" || event.key === "N") again(view);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
