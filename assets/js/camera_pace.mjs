// When to send: always the newest picture, never a queue, and not sooner than it will be looked at.
const KEPT = 31; // answers that medians are taken of
const SLACK = 4; // ms that a picture should come too soon rather than too late

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length ? sorted[sorted.length >> 1] : 0;
};

export function recent(most = KEPT) {
  const values = [];
  return {
    add(value) {
      values.push(value);
      if (values.length > most) values.shift();
    },
    get median() {
      return median(values);
    },
    clear: () => values.splice(0),
  };
}

// Events a second, over the last few seconds.
export function rate(span = 3000) {
  const times = [];
  const drop = (now) => {
    while (times.length && times[0] < now - span) times.shift();
  };
  return {
    add: (now) => times.push(now),
    at(now) {
      drop(now);
      return times.length < 2 ? 0 : ((times.length - 1) * 1000) / Math.max(1, times.at(-1) - times[0]);
    },
    clear: () => times.splice(0),
  };
}

// Pictures in flight, and whether one more may go now.
export function pace() {
  const under = new Map();
  const [busy, way] = [recent(7), recent(7)];
  let last = 0;
  return {
    get size() {
      return under.size;
    },
    take(n, facts) {
      under.set(n, facts);
    },
    // The answer to `n` settles what was sent before it as well: a newer picture took its place.
    back(n, now) {
      const facts = under.get(n);
      for (const each of [...under.keys()]) if (each <= n) under.delete(each);
      last = now;
      return facts;
    },
    // Milliseconds by stage of a picture, and until all who share the detector had their turn.
    learn({ encode, travel, decode, resize }, turn) {
      busy.add(turn);
      way.add(encode + travel / 2 + decode + resize);
    },
    // With one in flight the second must be there when the first is done, but no sooner: of the
    // pictures still to come the last that will do is the one to send.
    may(now, most, between) {
      if (under.size >= most) return false;
      if (under.size === 0) return true;
      const free = last + busy.median;
      return now + between + way.median + SLACK >= free;
    },
    clear: () => under.clear(),
  };
}
