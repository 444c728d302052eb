import NIOCore
import TestSupport
import Unified

@testable import Gateway

extension TestGateway {
    /// A gateway that speaks TLS, for a client of HTTP/2.
    ///
    /// - Parameter provider: in place of the sandbox.
    static func runHTTP2(
        limits: UnifiedService.Limits = UnifiedService.Limits(), configuration: GatewayConfiguration = GatewayConfiguration(),
        provider: RawServer? = nil, _ body: (TestGateway) async throws -> Void
    ) async throws {
        try await TestCertificate.withFiles { files in
            try TestCertificate().write(files)
            try await run(
                limits: limits, configuration: configuration, provider: provider?.url,
                holes: provider.map { ["127.0.0.1:\($0.port)"] } ?? [], tls: try ServerTLS(files), body)
        }
    }

    /// The fields of a request, with the gateway's token.
    func fields(_ method: String, _ path: String, _ more: [(String, String)] = []) -> [(String, String)] {
        [(":method", method), (":scheme", "https"), (":authority", "127.0.0.1"), (":path", path)]
            + [("authorization", "Bearer \(token)")] + more
    }

    /// The fields of an upload whose body is the file itself.
    func uploadFields(length: Int, _ more: [(String, String)] = []) -> [(String, String)] {
        fields(
            "POST", path("attachments", "file_name=a.txt"),
            [("content-type", "application/octet-stream"), ("content-length", "\(length)")] + more)
    }

    /// One request without a body on a stream of its own.
    func get(_ client: HTTP2Client, _ path: String, method: String = "GET") async throws -> HTTP2Exchange.Response {
        let exchange = try await client.open()
        try await exchange.send(fields(method, path))
        return await exchange.response()
    }
}
