// A text that is told while it is written: 120 ms after the last key, and never halfway through a
// character that an input method is still composing. State lives per parent element: Streamlit calls
// render again for every change of data or theme, without an earlier cleanup.
const pads = new WeakMap();
const WAIT = 120; // ms

export function render(component) {
  const { data, parentElement } = component;
  if (!data) return;
  let pad = pads.get(parentElement);
  if (!pad) pads.set(parentElement, (pad = build(parentElement)));
  pad.component = component;
  pad.label.textContent = data.label;
  pad.area.maxLength = data.most;
  if (pad.epoch === data.epoch) return; // the text that is being written is newer
  pad.epoch = data.epoch;
  clearTimeout(pad.timer);
  pad.area.value = data.text;
}

export function release(parentElement) {
  const pad = pads.get(parentElement);
  if (!pad) return;
  clearTimeout(pad.timer);
  pads.delete(parentElement);
}

function build(parent) {
  const area = parent.querySelector(".pad textarea");
  const label = parent.querySelector(".pad span");
  const pad = { area, label, epoch: null, timer: null, composing: false };
  const tell = () => pad.component.setStateValue("written", [pad.epoch, area.value]);
  const soon = () => {
    clearTimeout(pad.timer);
    if (!pad.composing) pad.timer = setTimeout(tell, WAIT);
  };
  area.addEventListener("input", soon);
  area.addEventListener("compositionstart", () => {
    pad.composing = true;
    clearTimeout(pad.timer);
  });
  area.addEventListener("compositionend", () => {
    pad.composing = false;
    soon();
  });
  return pad;
}
