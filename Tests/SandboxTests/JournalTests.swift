import JSON
import Testing
import TestSupport

@testable import Sandbox

@Suite struct JournalTests {
    private static let path = "/v1/opportunities/\(LeverSeed.opportunity)/files"

    @Test(arguments: [false, true])
    func `a request is told as it came, its credentials masked`(chunked: Bool) async throws {
        try await withSandbox { run in
            let bytes = pattern(100_000)
            let form = Form(file: bytes, name: "a \u{e4}.pdf", fields: [("note", "hello")])
            _ = try await run.upload("\(Self.path)?perform_as=\(LeverSeed.performAs)&x=1&x=a%20b", form, chunked: chunked)
            let seen = try #require(try await run.requests().first)
            #expect(seen["method"] == "POST")
            #expect(seen["path"]?.string == Self.path)
            #expect(seen["query"]?["x"] == ["1", "a b"])
            #expect(seen["query"]?["perform_as"]?.string == LeverSeed.performAs)
            #expect(seen["headers"]?["authorization"] == "Basic ****")
            #expect(seen["headers"]?["x-sandbox-exchange"] == nil)
            #expect(seen["content_length"]?.int == (chunked ? nil : form.bytes.count))
            #expect(seen["transfer_encoding"]?.string == (chunked ? "chunked" : nil))
            #expect(seen["complete"] == true && seen["outcome"] == "complete" && seen["form_complete"] == true)
            #expect(seen["body_size"]?.int == form.bytes.count)
            #expect(seen["body_sha256"]?.string == sha256(form.bytes))
            #expect(seen["status"]?.int == 201)
            let parts = seen["parts"]?.array ?? []
            #expect(parts.map { $0["name"]?.string } == ["note", "file"])
            #expect(parts.first?["value"] == "hello")
            #expect(parts.last?["filename"] == "a \u{e4}.pdf")
            #expect(parts.last?["type"] == "application/pdf")
            #expect(parts.last?["size"]?.int == bytes.count)
            #expect(parts.last?["sha256"]?.string == sha256(bytes))
            #expect(seen["body"] == nil)
        }
    }

    @Test func `requests can be filtered and forgotten, and the controls' own are not kept`() async throws {
        try await withSandbox { run in
            _ = try await run.send("GET", "/v1/users")
            _ = try await run.send("GET", Self.path)
            #expect(try await run.requests().count == 2)
            let some = try await run.send("GET", "/_sandbox/requests?path=/v1/opportunities/*/files&method=get")
            #expect(some.json["requests"]?.array?.count == 1)
            #expect(try await run.send("DELETE", "/_sandbox/requests").status == 204)
            #expect(try await run.requests().isEmpty)
        }
    }

    struct Cut: Sendable, CustomTestStringConvertible {
        var chunked: Bool
        /// Bytes of the form that are sent before the connection ends.
        var sent: Int
        var hard: Bool
        var testDescription: String { "\(chunked ? "chunked" : "length") \(sent) \(hard ? "RST" : "FIN")" }
    }

    static let form = Form(file: pattern(50_000))

    static let cuts = [false, true].flatMap { chunked in
        [0, 1, 100, 20_000, form.bytes.count - (chunked ? 0 : 1)].flatMap { sent in
            [false, true].map { Cut(chunked: chunked, sent: sent, hard: $0) }
        }
    }

    @Test(arguments: cuts)
    func `a request that breaks off is told as aborted and stores nothing`(_ cut: Cut) async throws {
        try await withSandbox { run in
            try await RawClient.run(port: run.sandbox.port) { raw in
                let length = cut.chunked ? "Transfer-Encoding: chunked" : "Content-Length: \(Self.form.bytes.count)"
                try await raw.send(
                    "POST \(Self.path)?perform_as=\(LeverSeed.performAs) HTTP/1.1\r\nHost: x\r\n\(length)\r\n"
                        + "Authorization: \(Running.key)\r\nContent-Type: \(Self.form.type)\r\n\r\n")
                let piece = Array(Self.form.bytes.prefix(cut.sent))
                if cut.chunked, cut.sent > 0 {
                    try await raw.send(String(cut.sent, radix: 16) + "\r\n")
                    try await raw.send(piece + [13, 10])
                } else {
                    try await raw.send(piece)
                }
                // The whole piece has arrived before the line is cut.
                _ = try await run.eventually { $0.first?["body_size"]?.int == cut.sent }
                if cut.hard { try await raw.reset() }
            }
            let seen = try await run.eventually { $0.first?["outcome"] != "receiving" }
            #expect(seen.first?["outcome"] == "aborted")
            #expect(seen.first?["complete"] == false)
            #expect(try await run.files().isEmpty)
        }
    }

    @Test func `many aborted uploads leave a sandbox that works`() async throws {
        try await withSandbox { run in
            for round in 0..<300 {
                try await RawClient.run(port: run.sandbox.port) { raw in
                    try await raw.send(
                        "POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nAuthorization: \(Running.key)"
                            + "\r\nContent-Type: \(Self.form.type)\r\n\r\n")
                    try await raw.send(Array(Self.form.bytes.prefix(round * 97)))
                    if round % 2 == 0 { try await raw.reset() }
                }
            }
            let response = try await run.upload("/v1/uploads", Self.form)
            #expect(response.status == 201)
            let seen = try await run.eventually { $0.allSatisfy { $0["outcome"] != "receiving" } }
            #expect(seen.count { $0["complete"] == true } == 1)
            #expect(try await run.state()["uploads"]?.array?.count == 1)
        }
    }

    @Test func `a client that waits for 100 Continue gets it`() async throws {
        try await withSandbox { run in
            let text = try await RawClient.run(port: run.sandbox.port) { raw in
                try await raw.send(
                    "POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: \(Self.form.bytes.count)\r\n"
                        + "Authorization: \(Running.key)\r\nContent-Type: \(Self.form.type)\r\nExpect: 100-continue\r\n\r\n")
                return try await raw.readUntil { $0.contains("\r\n\r\n") }
            }
            #expect(text.hasPrefix("HTTP/1.1 100 Continue\r\n"))
        }
    }
}
