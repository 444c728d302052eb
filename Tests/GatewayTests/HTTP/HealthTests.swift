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
        try await House.run { house in
            let answer = try await house.call(.GET, path, authorization: nil)
            #expect(answer.status == 200 && answer.json["status"] == "ok")
            #expect((answer.json["database"] == "ok") == seesDatabase)
            let head = try await house.call(.HEAD, path, authorization: nil)
            #expect(head.status == 200 && head.body.readableBytes == 0)
            let document = try await house.call(.GET, "/openapi.json").json
            #expect(document[path: ["paths", path, "get", "responses", "503"]] != nil)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `without the database the gateway is not ready, and says so at once`() async throws {
        try await House.run { house in
            #expect(try await house.call(.GET, "/health").status == 200)
            house.closeDatabase()
            var answer = try await house.call(.GET, "/health")
            while answer.status == 200 { answer = try await house.call(.GET, "/health") }
            for path in ["/health", "/health/ready", "/ping", "/integrated-account"] {
                let answer = try await house.call(.GET, path)
                #expect(answer.status == 503 && answer.json["code"] == "storage_unavailable", "\(path): \(answer.json.text())")
                #expect(Int(answer.headers.first(name: "retry-after") ?? "") ?? 0 >= 1, "\(path)")
            }
            #expect(try await house.call(.GET, "/health/live").status == 200)
            #expect(try await house.call(.GET, "/docs").status == 200)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a database that does not answer in time counts as down until it does`() async throws {
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
        try await House.run(logger: Logger(label: "capture") { _ in capture }) { house in
            let stranger = "00000000-0000-4000-8000-000000000000"
            let answer = try await house.call(.GET, "/integrated-account/\(stranger)")
            #expect(answer.json["code"] == "not_found")
        }
        let lines = capture.lines.withLock { $0 }.filter { $0.hasPrefix("request ") }
        #expect(lines.contains { $0.contains("not_found") } && !lines.contains { $0.contains("aborted") }, "\(lines)")
    }
}
