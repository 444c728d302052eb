import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox

/// What tests ask of a sandbox beside its vendor's API.
extension SandboxServer {
    func control(_ method: HTTPMethod, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
        var request = HTTPClientRequest(url: "\(baseURL)/_sandbox/\(path)")
        request.method = method
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body.bytes()))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(2))
        let bytes = try await response.body.collect(upTo: 64 << 20)
        guard (200..<300).contains(response.status.code) else { throw BehaviourRefused(text: String(buffer: bytes)) }
        return (try? JSONValue.parse(bytes.readableBytesView)) ?? .null
    }

    /// `consents`, `refreshes`, `revoked_consents` so far.
    func oauth() async throws -> JSONValue { try await control(.GET, "state")["oauth"] ?? .null }

    func uploads() async throws -> Int { try await control(.GET, "state")["uploads"]?.array?.count ?? 0 }

    /// Requests whose path begins so, oldest first.
    func requests(_ path: String) async throws -> [JSONValue] {
        try await control(.GET, "requests?path=\(path)")["requests"]?.array ?? []
    }

    /// Returns once a request to the path is there: the round trips of asking are all the waiting that is done.
    func waitForRequest(_ path: String, number: Int = 1) async throws {
        while try await requests(path).count < number { try Task.checkCancellation() }
    }
}
