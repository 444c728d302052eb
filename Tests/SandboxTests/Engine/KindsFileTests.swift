import AsyncHTTPClient
import JSON
import NIOCore
import Testing

@testable import Sandbox

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Uploads and downloads of every kind.
@Suite struct KindsFileTests {
    private static let key = [("x-api-key", "plain")]

    private func withKinds(_ work: (Running) async throws -> Void) async throws {
        try await withSandbox(SandboxOptions(rateLimit: false), KindsSandbox.definition, work)
    }

    private func send(_ run: Running, _ line: String, _ body: [UInt8], type: String) async throws -> Running.Answer {
        let halves = line.split(separator: " ").map(String.init)
        return try await run.send(
            halves[0], halves[1], authorization: nil, headers: Self.key + [("content-type", type)],
            body: .bytes(ByteBuffer(bytes: body)))
    }

    private func text64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    @Test(arguments: [0, 1, 2, 3, 24_575, 24_576, 24_577, 200_000], [false, true])
    func `base64 in JSON and in XML is decoded, long or short`(size: Int, isXML: Bool) async throws {
        try await withKinds { (run) async throws in
            let bytes = pattern(size)
            let response =
                isXML
                ? try await send(
                    run, "POST /soap",
                    Array("<s:Envelope xmlns:s='x'><s:Body><Put><Data>\(text64(bytes))</Data></Put></s:Body></s:Envelope>".utf8),
                    type: "text/xml")
                : try await send(
                    run, "POST /base64", JSONValue.object(["name": "a.pdf", "content": .string(text64(bytes))]).bytes(),
                    type: "application/json")
            #expect(response.status == 201)
            let stored = try await run.state()["collections"]?["files"]?.array?.last?["file"]
            #expect(stored?["size"]?.int == size)
            #expect(stored?["sha256"]?.string == sha256(bytes))
            if size >= TextCollector.runBytes {
                #expect(try await run.requests().last?["files"] == [["size": .integer(size), "sha256": .string(sha256(bytes))]])
            }
        }
    }

    @Test(arguments: ["%%%", "a", String(repeating: "A", count: 40_001), String(repeating: "=", count: 40_000)])
    func `what is no base64 is no file`(text: String) async throws {
        try await withKinds { (run) async throws in
            let body = JSONValue.object(["name": "a.pdf", "content": .string(text)]).bytes()
            #expect(try await send(run, "POST /base64", body, type: "application/json").status == 422)
            #expect(try await run.state()["collections"]?["files"] == [])
        }
    }

    @Test func `a body is taken raw, under the name that the query gives`() async throws {
        try await withKinds { (run) async throws in
            let bytes = pattern(100_000)
            let response = try await send(run, "POST /raw?filename=r.txt", bytes, type: "application/octet-stream")
            #expect(response.json["name"] == "r.txt")
            #expect(response.json["sha"]?.string == sha256(bytes))
        }
    }

    @Test(arguments: [("x.pdf", 201), ("x.PDF", 201), ("x.exe", 422), ("x", 422)])
    func `only files of the named types are taken`(name: String, status: Int) async throws {
        try await withKinds { (run) async throws in
            let form = Form(file: pattern(10), name: name, part: "doc", fields: [("note", "n")])
            #expect(try await send(run, "POST /form", form.bytes, type: form.type).status == status)
        }
    }

    @Test func `a file past its limit is refused`() async throws {
        try await withKinds { (run) async throws in
            for (size, status) in [(1_000_000, 201), (1_000_001, 413)] {
                let body = JSONValue.object(["name": "a.pdf", "content": .string(text64(pattern(size)))]).bytes()
                #expect(try await send(run, "POST /base64", body, type: "application/json").status == status)
            }
        }
    }

    private func upload(_ run: Running) async throws -> String {
        let body = JSONValue.object(["name": "t.txt", "content": "aGVsbG8="]).bytes()
        return try await send(run, "POST /base64", body, type: "application/json").json["id"]?.string ?? ""
    }

    @Test func `bytes come with credentials, as base64, and by a link that ends`() async throws {
        try await withKinds { (run) async throws in
            let id = try await upload(run)
            let bytes = try await run.send("GET", "/files/\(id)/bytes", authorization: nil, headers: Self.key)
            #expect(bytes.bytes == Array("hello".utf8))
            #expect(bytes.headers["content-disposition"]?.hasPrefix("inline;") == true)
            #expect(try await run.send("GET", "/files/\(id)/bytes", authorization: nil).status == 401)
            let text = try await run.send("GET", "/files/\(id)/base64", authorization: nil, headers: Self.key)
            #expect(text.json["content"] == "aGVsbG8=")
            let link = try await run.location("/files/\(id)/link?apikey=plain")
            let path = String(link.dropFirst(run.sandbox.baseURL.count))
            #expect(try await run.send("GET", path, authorization: nil).bytes == Array("hello".utf8))
            #expect(try await run.send("GET", path + "0", authorization: nil).status == 403)
            _ = try await run.post("/_sandbox/clock", ["advance_ms": 60_000])
            #expect(try await run.send("GET", path, authorization: nil).status == 410)
        }
    }

    @Test func `the sandbox fetches a file by its address, during the call or later`() async throws {
        try await withKinds { (run) async throws in
            let id = try await upload(run)
            let link = try await run.location("/files/\(id)/link?apikey=plain")
            let body = JSONValue.object(["url": .string(link)]).bytes()
            let now = try await send(run, "POST /url", body, type: "application/json")
            #expect(now.status == 201)
            #expect(now.json["sha"]?.string == sha256(Array("hello".utf8)))
            let wrong = JSONValue.object(["url": .string(run.sandbox.baseURL + "/none")]).bytes()
            #expect(try await send(run, "POST /url", wrong, type: "application/json").status == 422)

            for (body, state) in [(body, "ready"), (wrong, "status 404")] {
                let later = try await send(run, "POST /later", body, type: "application/json")
                #expect(later.json["state"] == "pending")
                let path = "/files/\(later.json["id"]?.string ?? "")"
                // The round trips of asking are all the waiting that is done.
                var found: JSONValue?
                repeat {
                    try Task.checkCancellation()
                    found = try await run.send("GET", path, authorization: nil, headers: Self.key).json["state"]
                } while found == "pending"
                #expect(found?.string == state)
            }
        }
    }
}
