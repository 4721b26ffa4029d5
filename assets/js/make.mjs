// Elements without markup: make("button", { title: "Close" }, "x"), and canvases that stay crisp.

export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

let wanted = 0; // device pixels a css pixel, where a picture needs more than the screen

// Whatever `act` draws is drawn with so many device pixels a css pixel.
export function finely(dense, act) {
  wanted = dense;
  try {
    return act();
  } finally {
    wanted = 0;
  }
}

// A pen for a canvas of width x height css pixels; sizes it only when that changes. `dense` device
// pixels a css pixel.
export function pen(canvas, width, height, dense = wanted || Math.min(2, window.devicePixelRatio || 1)) {
  const size = [Math.round(width * dense), Math.round(height * dense)];
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    [canvas.width, canvas.height] = size;
    if (canvas.style) Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  }
  const context = canvas.getContext("2d");
  context.setTransform(dense, 0, 0, dense, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// Calls `draw` soon, but not more often than every `pause` ms, and never while it can't be seen.
export function painter(host, draw, pause = 50) {
  let [waiting, last, timer, visible, missed, gone] = [false, 0, 0, true, false, false];
  const run = () => {
    waiting = false;
    if (gone) return;
    last = performance.now();
    draw();
  };
  const ask = () => {
    if (waiting || gone) return;
    if (!visible) {
      missed = true;
      return;
    }
    waiting = true;
    const wait = last + pause - performance.now();
    if (wait <= 0) requestAnimationFrame(run);
    else timer = setTimeout(() => requestAnimationFrame(run), wait);
  };
  const sight = new IntersectionObserver((entries) => {
    visible = entries.at(-1).isIntersecting;
    if (visible && missed) {
      missed = false;
      ask();
    }
  });
  sight.observe(host);
  const size = new ResizeObserver(ask);
  size.observe(host);
  const stop = () => {
    gone = true;
    clearTimeout(timer);
    sight.disconnect();
    size.disconnect();
  };
  return { ask, stop };
}
