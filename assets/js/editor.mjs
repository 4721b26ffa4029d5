// A text that is coloured while it is written. A transparent textarea lies over its coloured image,
// so caret, selection, undo and input methods are the browser's own. State lives per parent element:
// Streamlit calls render again for every change of data or theme, without an earlier cleanup.
import { fill, said, tips } from "./editor_marks.mjs";
import { CSS, LINE } from "./editor_style.mjs";
import { drawn, place, tokens } from "./editor_tokens.mjs";
import { make } from "./make.mjs";

const editors = new WeakMap();
const WAIT = 400; // ms after the last key until the text is told
const PLAIN = 80_000; // characters from which there are no colours
const LINES = 2500; // and lines
const PASTED = 5000; // characters from which a browser takes long to insert them itself

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  let editor = editors.get(parentElement);
  if (!editor) editors.set(parentElement, (editor = build(parentElement)));
  editor.component = component;
  editor.data = data;
  editor.area.setAttribute("aria-label", data.label);
  editor.area.maxLength = data.most;
  editor.area.readOnly = data.length > 0;
  editor.host.classList.toggle("long", data.length > 0);
  if (editor.epoch !== data.epoch || data.length) {
    editor.epoch = data.epoch;
    clearTimeout(editor.timer);
    editor.waits = false;
    if (editor.area.value !== data.text) {
      editor.area.value = data.text;
      editor.area.setSelectionRange(0, 0);
      editor.scroll.scrollTop = 0;
    }
  }
  // Messages about a text that is older than what stands here would be in the wrong places.
  if (editor.area.value === data.text) mark(editor);
  paint(editor);
}

export function release(parentElement) {
  const editor = editors.get(parentElement);
  if (!editor) return;
  clearTimeout(editor.timer);
  document.removeEventListener("selectionchange", editor.moved);
  editors.delete(parentElement);
}

function build(parent) {
  const host = parent.querySelector(".editor");
  const [gutter, ink] = [make("div", { className: "gutter", "aria-hidden": "true" }), make("div", { className: "ink", "aria-hidden": "true" })];
  const area = make("textarea", {
    spellcheck: false, autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-describedby": "editor-status",
  });
  const scroll = make("div", { className: "scroll" },
    make("div", { className: "sheet" }, gutter, make("div", { className: "paper" }, ink, area)));
  const status = make("div", { className: "status", id: "editor-status", role: "status" });
  const hint = make("div", { className: "hint" });
  const list = make("ul", { className: "problems" });
  const frame = make("div", { className: "frame" }, scroll);
  host.append(make("style", {}, CSS), frame, make("div", { className: "foot" }, status, hint), list);
  const editor = { area, gutter, ink, scroll, status, hint, list, host, frame, epoch: null, timer: 0,
    waits: false, composing: false, problems: [], shown: [], hide: tips(frame, area) };

  area.addEventListener("input", () => {
    paint(editor);
    editor.waits = true;
    editor.status.textContent = "…";
    clearTimeout(editor.timer);
    if (!editor.composing) editor.timer = setTimeout(() => tell(editor), WAIT);
  });
  area.addEventListener("compositionstart", () => {
    editor.composing = true;
    clearTimeout(editor.timer);
  });
  area.addEventListener("compositionend", () => {
    editor.composing = false;
    clearTimeout(editor.timer);
    editor.timer = setTimeout(() => tell(editor), WAIT);
  });
  area.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replaceAll("\r\n", "\n");
    if (text.length < PASTED || area.readOnly) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = area;
    const whole = value.slice(0, selectionStart) + text + value.slice(selectionEnd);
    if (whole.length > editor.data.editable) return tell(editor, whole.slice(0, editor.data.most));
    area.setRangeText(text, selectionStart, selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  });
  area.addEventListener("blur", () => editor.waits && tell(editor)); // a button wants the newest
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      tell(editor);
    }
    event.stopPropagation(); // Streamlit has keys of its own
  });
  editor.moved = () => here(editor);
  document.addEventListener("selectionchange", editor.moved);
  for (const name of ["keyup", "pointerup", "focus", "blur"]) area.addEventListener(name, editor.moved);
  return editor;
}

function tell(editor, text = editor.area.value) {
  clearTimeout(editor.timer);
  editor.waits = false;
  if (editor.area.readOnly) return;
  if (text === editor.data.text) mark(editor); // nothing new, so no answer will come
  else editor.status.textContent = "Reading …";
  editor.component.setStateValue("written", [editor.epoch, text]);
}

function mark(editor) {
  const { problems, more, length } = editor.data;
  editor.problems = problems;
  editor.status.textContent = said(problems, more);
  const beginning = `Only the beginning is shown: ${length.toLocaleString("en")} characters are too many to change here.`;
  editor.hint.textContent = length ? beginning : "Ctrl + Enter reads it at once";
  editor.area.setAttribute("aria-invalid", problems.some((problem) => problem[3]));
  fill(editor.list, problems, more, (problem) => go(editor, problem));
  paint(editor);
}

// Draws the lines that changed.
function paint(editor) {
  const { area, ink, gutter, shown } = editor;
  const text = area.value;
  const lines = text.length > PLAIN ? [] : text.split("\n");
  const plain = text.length > PLAIN || lines.length > LINES;
  editor.host.classList.toggle("plain", plain);
  if (plain) {
    ink.replaceChildren();
    gutter.replaceChildren();
    editor.shown = [];
    return;
  }
  const of = Map.groupBy(editor.problems, (problem) => problem[0]);
  const wanted = lines.map((line, k) => [line, of.get(k + 1) ?? []]);
  const keys = wanted.map(([line, marks]) => line + (marks.length ? `\n${JSON.stringify(marks)}` : ""));
  let [top, low] = [0, 0];
  const most = Math.min(keys.length, shown.length);
  while (top < most && keys[top] === shown[top]) top += 1;
  while (low < most - top && keys[keys.length - 1 - low] === shown[shown.length - 1 - low]) low += 1;
  const fresh = wanted.slice(top, keys.length - low).map(([line, marks]) => drawn(line, marks));
  for (let k = shown.length - low - 1; k >= top; k--) ink.children[k].remove();
  const next = ink.children[top] ?? null;
  for (const line of fresh) ink.insertBefore(line, next);
  editor.shown = keys;
  while (gutter.children.length > keys.length) gutter.lastChild.remove();
  while (gutter.children.length < keys.length) gutter.append(make("div", {}, `${gutter.children.length + 1}`));
  wanted.forEach(([, marks], k) => {
    const kind = marks.some((one) => one[3]) ? "fatal" : marks.length ? "warns" : "";
    const number = gutter.children[k];
    if (number.className !== kind) number.className = kind;
  });
  here(editor);
}

// The line of the caret, and what is said about it, stand out.
function here({ area, ink, list }) {
  const focused = ink.children.length > 0 && area.getRootNode().activeElement === area;
  const line = focused ? area.value.slice(0, area.selectionStart).split("\n").length : 0;
  ink.querySelector(".here")?.classList.remove("here");
  ink.children[line - 1]?.classList.add("here");
  for (const button of list.querySelectorAll("button[data-line]"))
    button.classList.toggle("here", Number(button.dataset.line) === line);
}

// Puts the caret to what a message is about.
function go({ area, scroll, host }, [line, column]) {
  const lines = area.value.split("\n");
  if (line > lines.length) return;
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const at = place(lines[line - 1], column);
  const token = tokens(lines[line - 1]).find(([, text, first]) => at < first + text.length);
  area.focus({ preventScroll: true });
  area.setSelectionRange(before + at, before + (token ? token[2] + token[1].length : at));
  const scroller = host.classList.contains("plain") ? area : scroll;
  scroller.scrollTop = Math.max(0, line * LINE - scroller.clientHeight / 2);
}
