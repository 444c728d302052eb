import JSON
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import Testing
import Unified

@testable import Gateway

/// What supervisors and load balancers are told.
@Suite struct HealthTests {
    @Test(arguments: [("/health", true), ("/health/ready", true), ("/health/live", false)])
    func `health is told to anyone, by GET and HEAD`(path: String, seesDatabase: Bool) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(.GET, path, authorization: nil)
            #expect(response.status == 200 && response.json["status"] == "ok")
            #expect((response.json["database"] == "ok") == seesDatabase)
            let head = try await gateway.call(.HEAD, path, authorization: nil)
            #expect(head.status == 200 && head.body.readableBytes == 0)
            let document = try await gateway.call(.GET, "/openapi.json").json
            #expect(document[path: ["paths", path, "get", "responses", "503"]] != nil)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `without the database the gateway is not ready, and says so at once`() async throws {
        try await TestGateway.run { gateway in
            #expect(try await gateway.call(.GET, "/health").status == 200)
            gateway.closeDatabase()
            var response = try await gateway.call(.GET, "/health")
            while response.status == 200 { response = try await gateway.call(.GET, "/health") }
            for path in ["/health", "/health/ready", "/ping", "/integrated-account"] {
                let response = try await gateway.call(.GET, path)
                #expect(response.status == 503 && response.json["code"] == "storage_unavailable", "\(path): \(response.json.text())")
                #expect(Int(response.headers.first(name: "retry-after") ?? "") ?? 0 >= 1, "\(path)")
            }
            #expect(try await gateway.call(.GET, "/health/live").status == 200)
            #expect(try await gateway.call(.GET, "/docs").status == 200)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a database that does not respond in time counts as down until it does`() async throws {
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let watch = DatabaseWatch(interval: .milliseconds(1), patience: .milliseconds(1)) { for await _ in gate {} }
        let running = Task { await watch.run() }
        while (try? watch.check()) != nil { await Task.yield() }
        #expect(throws: APIError.self) { try watch.check() }
        opener.finish()
        while (try? watch.check()) == nil { await Task.yield() }
        running.cancel()
        await running.value
    }

    @Test func `the log has the code that the caller was told`() async throws {
        let capture = SecretTests.Capture()
        try await TestGateway.run(logger: Logger(label: "capture") { _ in capture }) { gateway in
            let stranger = "00000000-0000-4000-8000-000000000000"
            let response = try await gateway.call(.GET, "/integrated-account/\(stranger)")
            #expect(response.json["code"] == "not_found")
        }
        let lines = capture.lines.withLock { $0 }.filter { $0.hasPrefix("request ") }
        #expect(lines.contains { $0.contains("not_found") } && !lines.contains { $0.contains("aborted") }, "\(lines)")
    }
}
