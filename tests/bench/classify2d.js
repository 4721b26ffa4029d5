// ConvNetJS on the course's default work: prints examples a second of each round.
// node classify2d.js <folder with node_modules> <rounds> <examples>, points as JSON on stdin.
const [folder, rounds, examples] = process.argv.slice(2);
const convnetjs = require(`${folder}/node_modules/convnetjs`);
const points = JSON.parse(require("fs").readFileSync(0, "utf8"));
const net = new convnetjs.Net();
net.makeLayers([
  { type: "input", out_sx: 1, out_sy: 1, out_depth: 2 },
  { type: "fc", num_neurons: 6, activation: "tanh" },
  { type: "fc", num_neurons: 2, activation: "tanh" },
  { type: "softmax", num_classes: 2 },
]);
const trainer = new convnetjs.Trainer(net, { learning_rate: 0.01, momentum: 0.1, batch_size: 10, l2_decay: 0.001 });
const entry = new convnetjs.Vol(1, 1, 2);
function learn(count) {
  for (let i = 0; i < count; i++) {
    const [x1, x2, y] = points[i % points.length];
    entry.w[0] = x1;
    entry.w[1] = x2;
    trainer.train(entry, y);
  }
}
learn(50_000);
for (let round = 0; round < rounds; round++) {
  const began = process.hrtime.bigint();
  learn(Number(examples));
  console.log(Number(examples) / (Number(process.hrtime.bigint() - began) / 1e9));
}
