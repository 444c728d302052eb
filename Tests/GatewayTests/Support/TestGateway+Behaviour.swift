import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox

extension TestGateway {
    /// Scripts the sandbox: `{"match": {…}, "times": N, "do": {…}}`.
    func behave(_ rule: JSONValue) async throws {
        var request = HTTPClientRequest(url: sandbox.baseURL + "/_sandbox/behaviour")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: rule.bytes()))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        guard (200..<300).contains(response.status.code) else {
            throw BehaviourRefused(text: String(buffer: try await response.body.collect(upTo: 1 << 16)))
        }
    }

    /// Forgets what `behave` scripted, and lets go of connections that it holds.
    func behaveWell() async throws {
        var request = HTTPClientRequest(url: sandbox.baseURL + "/_sandbox/behaviour")
        request.method = .DELETE
        _ = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
    }
}

struct BehaviourRefused: Error {
    let text: String
}
