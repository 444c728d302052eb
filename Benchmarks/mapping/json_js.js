// Times JSON.parse and JSON.stringify: node json_js.js INPUT SECONDS
const fs = require("fs");
const text = fs.readFileSync(process.argv[2], "utf8");
const seconds = Number(process.argv[3]);

function rate(body) {
  for (let i = 0; i < 20; i++) body();
  const end = performance.now() + seconds * 500;
  let turns = 0, spent = 0;
  do {
    const start = performance.now();
    body();
    spent += performance.now() - start;
    turns++;
  } while (performance.now() < end);
  return (turns / spent) * 1000;
}

const value = JSON.parse(text);
console.log(JSON.stringify({ parses_per_s: rate(() => JSON.parse(text)), writes_per_s: rate(() => JSON.stringify(value)) }));
