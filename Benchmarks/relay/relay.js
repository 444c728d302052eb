// A plain relay with node:http: streams each request to the provider and the answer back. node relay.js PORT TARGET-PORT
const http = require("node:http");
const [port, target] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ keepAlive: true });

http.createServer((request, response) => {
  const { host, authorization, connection, expect, ...headers } = request.headers;
  const upstream = http.request(
    { host: "127.0.0.1", port: target, method: request.method, path: "/v1/uploads", headers, agent },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
  upstream.on("error", () => response.destroy());
  request.pipe(upstream);
}).listen(port, "127.0.0.1");
