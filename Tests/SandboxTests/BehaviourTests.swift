import AsyncHTTPClient
import JSON
import NIOCore
import Testing
import TestSupport

@testable import Sandbox

@Suite struct BehaviourTests {
    private static let path = "/v1/opportunities/\(LeverSeed.opportunity)/files"
    private static let create = "\(path)?perform_as=\(LeverSeed.performAs)"

    private func script(_ run: Running, _ action: JSONValue, times: Int = 1, path: String = "/v1/") async throws {
        let rule: JSONValue = [
            "match": ["path": .string(path)], "times": .integer(times), "do": action,
        ]
        let response = try await run.post("/_sandbox/behaviour", rule)
        #expect(response.status == 201)
    }

    @Test func `rules are used in order and as often as they say`() async throws {
        try await withSandbox { run in
            try await script(run, ["status": 503, "headers": ["retry-after": "1"], "body": ["code": "Busy"]])
            try await script(run, ["status": 429, "body": "slow down"], times: 2)
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await run.upload("/v1/uploads", Form(file: pattern(10))).status) }
            #expect(statuses == [503, 429, 429, 201])
            let left = try await run.send("GET", "/_sandbox/behaviour").json["behaviours"]?.array ?? []
            #expect(left.map { $0["remaining"]?.int } == [0, 0])
            #expect(try await run.state()["uploads"]?.array?.count == 1)
        }
    }

    @Test func `a held request gets to the vendor when the behaviours are deleted`() async throws {
        try await withSandbox { run in
            try await script(run, ["hold": true])
            async let upload = run.upload("/v1/uploads", Form(file: pattern(10)))
            while try await run.requests().first?["complete"] != true {}
            let stored = try await run.state()["uploads"]?.array?.count
            #expect(stored == 0)
            _ = try await run.send("DELETE", "/_sandbox/behaviour")
            let response = try await upload
            #expect(response.status == 201)
        }
    }

    @Test func `a scripted response carries its headers and body`() async throws {
        try await withSandbox { run in
            try await script(run, ["status": 418, "headers": ["X-A": "b"], "body": ["code": "Teapot"], "delay_ms": 1])
            let response = try await run.send("GET", "/v1/users")
            #expect(response.status == 418)
            #expect(response.headers["x-a"] == "b")
            #expect(response.json == ["code": "Teapot"])
        }
    }

    @Test(arguments: [
        ("/v1/", "GET", "/v1/users", true), ("/v1/*", "GET", "/v1/users", true), ("/v1/*", "GET", "/v1/a/b", false),
        ("/v1/**", "GET", "/v1/a/b", true), ("/v1/*/files", "GET", "/v1/a/files", true),
        ("/v1/**/files", "GET", "/v1/a/b/files", true), ("/v1/*/files", "GET", "/v1/a/files/x", false),
        ("/v2", "GET", "/v1/users", false), ("*", "GET", "/", false), ("**", "GET", "/", true),
    ])
    func `paths match by prefix or pattern`(pattern: String, method: String, path: String, fits: Bool) {
        let rule = BehaviourRule(method: "get", path: pattern, action: BehaviourAction())
        #expect(rule.matches(method: method, path: path) == fits)
        #expect(!rule.matches(method: "POST", path: path))
    }

    @Test(arguments: [
        ("{}", "do"), ("[]", "object"), ("{", "JSON"), (#"{"do":{"stauts":500}}"#, "stauts"),
        (#"{"do":{"status":42}}"#, "status"), (#"{"do":{"status":"500"}}"#, "status"),
        (#"{"do":{"side":"left"}}"#, "side"), (#"{"times":-1,"do":{}}"#, "times"),
        (#"{"match":{"url":"/"},"do":{}}"#, "match.url"), (#"{"do":{"bytes_per_s":0}}"#, "bytes_per_s"),
        (#"{"do":{"headers":{"a":1}}}"#, "headers.a"),
    ])
    func `a behaviour that cannot be understood is refused`(body: String, mention: String) async throws {
        try await withSandbox { run in
            let response = try await run.send("POST", "/_sandbox/behaviour", body: .bytes(ByteBuffer(string: body)))
            #expect(response.status == 400)
            #expect(response.json["error"]?.string?.contains(mention) == true)
        }
    }

    @Test func `a status responds before the body has come`() async throws {
        try await withSandbox { run in
            try await script(run, ["status": 413, "body": "early", "close": true])
            let text = try await RawClient.run(port: run.sandbox.port) { raw in
                try await raw.send(
                    "POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nonly this")
                return try await raw.readUntil { $0.contains("early") }
            }
            #expect(text.hasPrefix("HTTP/1.1 413 "))
            #expect(text.hasSuffix("early"))
            let seen = try await run.eventually { $0.first?["outcome"] != "receiving" }
            #expect(seen.first?["outcome"] == "aborted")
        }
    }

    @Test func `a status with read_body responds after the body has come`() async throws {
        try await withSandbox { run in
            try await script(run, ["status": 500, "read_body": true])
            let form = Form(file: pattern(5_000_000))
            let response = try await run.upload("/v1/uploads", form)
            #expect(response.status == 500)
            let seen = try #require(try await run.requests().first)
            #expect(seen["complete"] == true && seen["body_sha256"]?.string == sha256(form.bytes))
            #expect(try await run.state()["uploads"] == [])
        }
    }

    @Test(arguments: [0, 1, 100_000])
    func `a request body can be cut off by a reset`(limit: Int) async throws {
        try await withSandbox { run in
            try await script(run, ["reset_at_byte": .integer(limit)])
            await #expect(throws: (any Error).self) {
                _ = try await run.upload(Self.create, Form(file: pattern(5_000_000)))
            }
            let seen = try #require(try await run.requests().first)
            #expect(seen["outcome"] == "reset" && seen["complete"] == false)
            let size = try #require(seen["body_size"]?.int)
            #expect(size >= limit && size <= limit + 65_536)
            #expect(try await run.files().isEmpty)
        }
    }

    @Test func `a stalled request body moves on when the behaviours are deleted`() async throws {
        try await withSandbox { run in
            try await script(run, ["stall_at_byte": 10_000])
            let form = Form(file: pattern(1_000_000))
            async let response = run.upload(Self.create, form)
            let seen = try await run.eventually { ($0.first?["body_size"]?.int ?? 0) >= 10_000 }
            #expect(seen.first?["outcome"] == "receiving")
            #expect((seen.first?["body_size"]?.int ?? .max) < 100_000)
            #expect(try await run.send("DELETE", "/_sandbox/behaviour").status == 204)
            #expect(try await response.status == 201)
            #expect(try await run.files().first?["size"]?.int == 1_000_000)
        }
    }

    @Test(arguments: ["request", "response"])
    func `a slow transfer arrives whole`(side: String) async throws {
        try await withSandbox { run in
            let bytes = pattern(30_000)
            try await script(run, ["bytes_per_s": 300_000, "side": .string(side)], times: 2)
            let made = try await run.upload(Self.create, Form(file: bytes))
            #expect(made.status == 201)
            let id = try #require(made.json["data"]?["id"]?.string)
            #expect(try await run.send("GET", "\(Self.path)/\(id)/download").bytes == bytes)
        }
    }

    @Test(arguments: [0, 1, 100])
    func `a response can be cut off by a reset, the work being done`(limit: Int) async throws {
        try await withSandbox { run in
            try await script(run, ["reset_at_byte": .integer(limit), "side": "response"])
            await #expect(throws: (any Error).self) {
                _ = try await run.upload(Self.create, Form(file: pattern(100)))
            }
            #expect(try await run.files().count == 1)
        }
    }

    @Test(arguments: [0, 5])
    func `a response can stand still, and go on`(limit: Int) async throws {
        try await withSandbox { run in
            try await script(run, ["stall_at_byte": .integer(limit), "side": "response"])
            async let response = run.upload(Self.create, Form(file: pattern(100)))
            _ = try await run.eventually { $0.first?["status"]?.int == 201 }
            _ = try await run.send("DELETE", "/_sandbox/behaviour")
            #expect(try await response.status == 201)
        }
    }

    @Test func `a sandbox ends while connections stand still`() async throws {
        try await withSandbox { run in
            try await script(run, ["stall_at_byte": 10], path: "/v1/uploads")
            try await script(run, ["stall_at_byte": 0, "side": "response"], path: "/v1/users")
            let upload = Task { try await run.upload("/v1/uploads", Form(file: pattern(5_000_000))) }
            let users = Task { try await run.send("GET", "/v1/users") }
            _ = try await run.eventually { seen in
                seen.contains { $0["path"] == "/v1/users" && $0["status"]?.int == 200 }
                    && seen.contains { $0["path"] == "/v1/uploads" }
            }
            await run.sandbox.shutdown()
            await #expect(throws: (any Error).self) { _ = try await upload.value }
            await #expect(throws: (any Error).self) { _ = try await users.value }
            #expect(run.sandbox.openConnections == 0)
        }
    }
}
