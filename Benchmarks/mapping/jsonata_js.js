// Times jsonata-js: node jsonata_js.js MODULE MAPPING INPUT SECONDS
const fs = require("fs");
const jsonata = require(process.argv[2]);
const source = fs.readFileSync(process.argv[3], "utf8");
const text = fs.readFileSync(process.argv[4], "utf8");
const seconds = Number(process.argv[5]);

async function rate(body) {
  for (let i = 0; i < 3; i++) await body();
  const end = performance.now() + seconds * 500;
  let turns = 0, spent = 0;
  do {
    const start = performance.now();
    await body();
    spent += performance.now() - start;
    turns++;
  } while (performance.now() < end);
  return (turns / spent) * 1000;
}

(async () => {
  const expression = jsonata(source);
  const input = JSON.parse(text);
  const evaluation = await rate(() => expression.evaluate(input));
  const endToEnd = await rate(async () => JSON.stringify(await expression.evaluate(JSON.parse(text))));
  console.log(JSON.stringify({ evals_per_s: evaluation, end_to_end_per_s: endToEnd }));
})();
