// A text that appears as it was written: so many characters a second, until all are there.
const RATE = 25; // characters a second

// `shown(upto)` is told whenever more of it is there.
export function film(shown) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const it = { upto: 0, count: 0, playing: false };
  let [frame, last, owed] = [0, 0, 0];

  const tick = (now) => {
    owed += ((now - last) / 1000) * RATE;
    last = now;
    const whole = Math.floor(owed);
    if (whole) {
      owed -= whole;
      it.upto = Math.min(it.count, it.upto + whole);
      if (it.upto === it.count) it.playing = false;
      shown();
    }
    if (it.playing) frame = requestAnimationFrame(tick);
  };
  const run = () => {
    cancelAnimationFrame(frame);
    [last, owed] = [performance.now(), 0];
    if (it.playing) frame = requestAnimationFrame(tick);
    shown();
  };

  return Object.assign(it, {
    // From character `from` on; at once where it does not grow, or nothing is to move.
    begin(count, from, grows) {
      it.count = count;
      it.playing = grows && !still.matches && from < count;
      it.upto = it.playing ? from : count;
      run();
    },
    toggle() {
      if (!it.playing && it.upto === it.count) it.upto = 0;
      it.playing = !it.playing;
      run();
    },
    all() {
      it.playing = false;
      it.upto = it.count;
      run();
    },
    stop: () => cancelAnimationFrame(frame),
  });
}
