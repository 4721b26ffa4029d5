// What is told of a cell, as [[text, strong], ...] a line; numbers as they are written everywhere on the page.
export function number(p) {
  if (p === 0) return "0";
  if (p < 0.0001) return p.toExponential(2).replace("e-", " × 10^−").replace(/10\^−(\d+)/, (_, k) => `10${[...`-${k}`].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`);
  return p.toPrecision(4).replace(/\.?0+$/, "");
}

export function nearTip(data, layout, at) {
  const { lit, documents, words, topics } = data;
  const T = topics.length;
  const n = words.length;
  const j = layout.columns[at.column];
  const topic = (z) => `topic ${topics[z][0]} · ${topics[z][1]}`;
  if (at.which === "docs") return [`p(z | d) = ${number(data.near_doc_topic[at.row * T + at.column])}`, topic(at.column), documents[at.row]];
  if (at.which === "topics") return [`p(w | z) = ${number(data.near_topic_word[at.row * n + j])}`, words[j], topic(at.row)];
  const cell = at.row * n + j;
  const part = data.near_doc_topic[at.row * T + lit[2]] * data.near_topic_word[lit[2] * n + j];
  return [`p(w | d) = ${number(data.near_p[cell])}`, `counted, n / N = ${number(data.near_seen[cell])}`, `of it by topic ${topics[lit[2]][0]}: ${number(part)}`, words[j], documents[at.row]];
}

export function farTip(data, at) {
  const { size: [D, V], topics, shapes } = data;
  const span = (k, many, all) => {
    const first = Math.floor((k * all) / many);
    const last = Math.max(first + 1, Math.floor(((k + 1) * all) / many));
    return last === first + 1 ? `${last.toLocaleString("en")}` : `${(first + 1).toLocaleString("en")}–${last.toLocaleString("en")}`;
  };
  const [a, b] = shapes.far_p;
  const T = topics.length;
  const documents = `documents ${span(at.row, a, D)} of ${D.toLocaleString("en")}`;
  const words = `words ${span(at.column, b, V)} of ${V.toLocaleString("en")}`;
  const topic = (z) => `topic ${topics[z][0]} · ${topics[z][1]}`;
  if (at.which === "docs") return [`p(z | d) = ${number(data.far_doc_topic[at.row * T + at.column])} on average`, topic(at.column), documents];
  if (at.which === "topics") return [`p(w | z) = ${number(data.far_topic_word[at.row * b + at.column])} on average`, words, topic(at.row)];
  const cell = at.row * b + at.column;
  return [`p(w | d) = ${number(data.far_p[cell])} on average`, `counted, n / N = ${number(data.far_seen[cell])}`, words, documents];
}
