import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1

/// Asks a gateway that runs whether calls can be made.
struct GatewayCheck: Sendable {
    /// Where it is, such as `http://127.0.0.1:8080`.
    let url: String

    /// - Returns: what was found, as a sentence.
    /// - Throws: `CommandError` where the gateway says that it is not ready, as while it goes down; what keeps it from saying
    ///   anything.
    func run() async throws -> String {
        var base = url[...]
        while base.hasSuffix("/") { base.removeLast() }
        let request = HTTPClientRequest(url: "\(base)/health/ready")
        let client = try HTTPClient.toGateway.get()
        let response: HTTPClientResponse
        do { response = try await client.execute(request, timeout: .seconds(10)) } catch {
            throw CommandError(
                "No response from \(base): \(CommandError(explaining: error).message.lowercasedFirst)", do: "Is it running there?")
        }
        let json = try? JSONValue.parse(try await response.body.collect(upTo: 64 << 10).readableBytesView)
        guard response.status.code != 200 else { return "ready" }
        let code = json?["code"]?.string ?? "status \(response.status.code)"
        throw CommandError("The gateway at \(base) is not ready: \(code)", do: "docs/errors.md explains the code")
    }
}
