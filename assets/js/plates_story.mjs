// What the four models are: circles, arrows, plates, and the course's lines. Places in a field of 400 x 206.
const BETA = { name: "β", x: 304, y: 30, level: "corpus", says: "β: how likely each word is in each of the k topics, p(w | z). The same for all documents." };
const WORD = { name: "w", x: 304, y: 116, level: "word", seen: true, draws: "w", says: "w: the word itself, the only thing that is seen. It is drawn from the words of its topic." };
const TOPIC = { name: "z", x: 208, y: 116, level: "word", draws: "z", says: "z: the topic of this one word. Nobody sees it." };
const CORPUS = { x: 80, y: 62, w: 312, h: 140, sign: "M" };
const WORDS = { x: 172, y: 72, w: 178, h: 108, sign: "N" };
const ONE = { ...WORDS, x: 262, w: 88 };
const TOPICS = { x: 262, y: 3, w: 84, h: 54, sign: "k" };

// lines: [draw that it stands for, text, whether inside the loop]; in the text _ begins a subscript.
export const STORIES = {
  unigram: {
    title: "Unigram",
    about: "One p(w) for all documents: they have no subject.",
    nodes: [{ ...BETA, name: "p(w)", says: "p(w): how likely each word is anywhere in the documents." }, { ...WORD, says: "w: the word, drawn from the same p(w) in every document." }],
    edges: [["p(w)", "w"]],
    plates: [CORPUS, ONE],
    lines: [[null, "For each of the N words w_n:"], ["w", "Choose a word w_n ~ p(w)", true]],
    joint: "p(w)",
    factor: { w: "p(w_n)" },
  },
  mixture: {
    title: "Mixture of unigrams",
    about: "One topic for the whole document.",
    nodes: [{ name: "p(z)", x: 36, y: 116, level: "corpus", says: "p(z): how common each topic is among the documents." },
      { ...TOPIC, x: 122, level: "document", says: "z: the topic of the whole document, drawn once for it." }, BETA, WORD],
    edges: [["p(z)", "z"], ["z", "w"], ["β", "w"]],
    plates: [CORPUS, ONE, TOPICS],
    lines: [["z", "Choose a topic z ~ p(z)"], [null, "For each of the N words w_n:"], ["w", "Choose a word w_n ~ p(w | z)", true]],
    joint: "p(z, w)",
    factor: { z: "p(z)", w: "p(w_n | z)" },
  },
  plsa: {
    title: "PLSA",
    about: "Many topics, but a mixture for each known document alone: a new one has none.",
    nodes: [{ name: "d", x: 122, y: 116, level: "document", seen: true, draws: "document", says: "d: one of the documents that there are; each has its own p(z | d)." }, TOPIC, BETA, WORD],
    edges: [["d", "z"], ["z", "w"], ["β", "w"]],
    plates: [CORPUS, WORDS, TOPICS],
    lines: [["document", "Choose a document d ~ p(d)"], [null, "For each of the N words w_n:"], ["z", "Choose a topic z_n ~ p(z | d)", true], ["w", "Choose a word w_n ~ p(w | z_n)", true]],
    joint: "p(d, z, w)",
    factor: { document: "p(d)", z: "p(z_n | d)", w: "p(w_n | z_n)" },
  },
  lda: {
    title: "LDA",
    about: "The mixture itself is drawn, so that new documents have one too.",
    nodes: [{ name: "α", x: 36, y: 116, level: "corpus", says: "α: which mixtures of topics are likely, the parameter of a Dirichlet. The same for all documents." },
      { name: "θ", x: 122, y: 116, level: "document", draws: "theta", says: "θ: the document’s mixture of topics, drawn once for it." }, TOPIC, BETA, WORD],
    edges: [["α", "θ"], ["θ", "z"], ["z", "w"], ["β", "w"]],
    plates: [CORPUS, WORDS, TOPICS],
    lines: [["theta", "Choose parameter θ ~ p(θ)"], [null, "For each of the N words w_n:"], ["z", "Choose a topic z_n ~ p(z | θ)", true], ["w", "Choose a word w_n ~ p(w | z_n)", true]],
    joint: "p(θ, z, w | α, β)",
    factor: { theta: "p(θ | α), a density", z: "p(z_n | θ)", w: "p(w_n | z_n, β)" },
  },
};
STORIES.mixture.nodes[1].draws = "z";

export const SIGNS = { M: "M documents", N: "N words in each", k: "k topics" };
export const LEVELS = { corpus: "corpus, once", document: "document, once for each", word: "word, every time" };
export const SHARES = { mixture: "p(z), how common topics are", plsa: "p(z | d) of the document", lda: "θ, the topics of this document" };

// The moments at which something is drawn in any of the stories: [[word, what], ...], in order.
export function moments(stories) {
  const found = new Map();
  for (const { draws } of stories) for (const draw of draws) found.set(place(draw), draw);
  return [...found.keys()].sort((a, b) => a - b);
}

const STAGE = { document: 0, theta: 0, z: 1, w: 2 };
export const place = ([what, n]) => 3 * (n + 1) + (n < 0 ? 0 : STAGE[what]);

// How many draws of a story are done when moment number `at` (from 1) is.
export function done(story, moments, at) {
  if (at === 0) return 0;
  let count = 0;
  while (count < story.draws.length && place(story.draws[count]) <= moments[at - 1]) count++;
  return count;
}
