import Accounts
import AsyncHTTPClient
import JSON
import Logging
import NIOCore
import NIOHTTP1
import Storage
import Synchronization
import Sandbox
import Testing

/// No secret leaves: not in logs at any level, not in errors, not in responses.
@Suite struct SecretTests {
    /// Keeps every line at every level.
    final class Capture: LogHandler, Sendable {
        let lines = Mutex<[String]>([])
        var logLevel: Logger.Level {
            get { .trace }
            set {}
        }
        var metadata: Logger.Metadata {
            get { [:] }
            set {}
        }
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { nil }
            set {}
        }
        func log(event: LogEvent) {
            lines.withLock {
                $0.append("\(event.message) \(event.metadata ?? [:]) \(event.error.map { "\($0)" } ?? "")")
            }
        }
    }

    @Test func `a canary credential shows nowhere`() async throws {
        let canary = "canary-7f41b2c9"
        let capture = Capture()
        var responses: [String] = []
        try await TestGateway.run(logger: Logger(label: "capture") { _ in capture }) { gateway in
            let account = try await gateway.call(
                .POST, "/integrated-account", headers: [("content-type", "application/json")],
                body: ByteBuffer(
                    bytes: JSONValue.object([
                        "tenant_id": "t", "integration": "lever", "authentication_method": "api_key",
                        "context": ["api_key": .string(canary), "perform_as": .string(TestGateway.performAs)],
                        "integration_override": ["base_url": .string(gateway.sandbox.baseURL)],
                    ]).bytes()))
            #expect(account.status == 200, "\(account.json.text())")
            let id = account.json["id"]?.string ?? ""
            responses.append(account.json.text())
            for path in ["/integrated-account", "/integrated-account/\(id)", "/integration/lever", "/environment-integration"] {
                responses.append(try await gateway.call(.GET, path).json.text())
            }
            for query in ["", "&truto_response_format=debug", "&truto_response_format=raw", "&candidate_id=x"] {
                for method in [HTTPMethod.POST, .GET] {
                    let response = try await gateway.call(
                        method, "/unified/ats/attachments?integrated_account_id=\(id)\(query)",
                        headers: [("content-type", Form(Form.resume).contentType)],
                        body: method == .POST ? Form(Form.resume).body : nil)
                    responses.append(String(buffer: response.body))
                }
            }
            // The sandbox knows no such key: the account has to be connected again.
            let after = try await gateway.call(.GET, "/integrated-account/\(id)")
            #expect(after.json["status"] == "needs_reauth")
        }
        let secrets = [canary, "Basic " + "Y2FuYXJ5LTdmNDFiMmM5Og=="]
        let lines = capture.lines.withLock { $0 }
        #expect(!lines.isEmpty)
        for secret in secrets {
            #expect(!lines.contains { $0.contains(secret) })
            #expect(!responses.contains { $0.contains(secret) })
        }
        #expect(!lines.contains { $0.contains("Bearer") || $0.contains("att_") })
    }
}
