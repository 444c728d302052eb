import Encodings
import HTTPTypes
import JSON
import NIOCore
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@testable import Sandbox

@Suite struct LeverFileTests {
    private static let root = "/v1/opportunities/\(LeverSeed.opportunity)/files"

    @Test(arguments: [false, true], [0, 1, 70_000, 3_000_000])
    func `an upload is answered as Lever prints it and stored whole`(chunked: Bool, size: Int) async throws {
        try await withSandbox { run in
            let bytes = pattern(size)
            let response = try await run.upload("/v1/uploads", Form(file: bytes), chunked: chunked)
            #expect(response.status == 201)
            let data = try #require(response.json["data"])
            #expect(data["filename"] == "cv.pdf")
            #expect(data["size"]?.int == size)
            #expect(data["expiresAt"]?.int != nil)
            let id = try #require(data["id"]?.string)
            #expect(id.hasSuffix("-cv.pdf") && id.count == 36 + 7)
            #expect(data["uri"]?.string == "\(run.sandbox.baseURL)/v1/uploads/\(id)")
            let stored = try await run.state()["uploads"]?.array?.first
            #expect(stored?["sha256"]?.string == sha256(bytes))
        }
    }

    @Test(arguments: ["opportunities", "candidates"])
    func `a file can be created, found, read and deleted`(root: String) async throws {
        try await withSandbox { run in
            let path = "/v1/\(root)/\(LeverSeed.opportunity)/files"
            let bytes = pattern(200_000)
            let made = try await run.upload("\(path)?perform_as=\(LeverSeed.performAs)", Form(file: bytes, name: "Lebenslauf ä.pdf"))
            #expect(made.status == 201)
            let file = try #require(made.json["data"])
            let id = try #require(file["id"]?.string)
            #expect(file["name"] == "Lebenslauf ä.pdf")
            #expect(file["ext"] == ".pdf")
            #expect(file["size"] == "200000")
            #expect(file["uploadedAt"]?.string.flatMap { Int($0) } != nil)
            #expect(file["status"] == "processed")

            #expect(try await run.send("GET", path).json["data"]?.array == [file])
            #expect(try await run.send("GET", "\(path)/\(id)").json["data"] == file)
            let download = try await run.send("GET", "\(path)/\(id)/download")
            #expect(download.bytes == bytes)
            #expect(download.headers["content-type"] == "application/pdf")

            #expect(try await run.send("DELETE", "\(path)/\(id)").status == 400)
            let gone = try await run.send("DELETE", "\(path)/\(id)?perform_as=\(LeverSeed.performAs)")
            #expect(gone.status == 204 && gone.bytes.isEmpty)
            #expect(try await run.send("GET", "\(path)/\(id)").status == 404)
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var path: String
        var status: Int
        var code: String
        var mention: String
        var authorization: String? = Running.key
        var testDescription: String { "\(path) → \(status) \(code)" }
    }

    static let refusals = [
        Refusal(path: root, status: 400, code: "MissingParameter", mention: "perform_as"),
        Refusal(path: "\(root)?perform_as=nobody", status: 400, code: "InvalidArgument", mention: "perform_as"),
        Refusal(
            path: "\(root)?perform_as=\(LeverSeed.deactivatedUser)", status: 400, code: "InvalidArgument",
            mention: "deactivated"),
        Refusal(
            path: "/v1/opportunities/none/files?perform_as=\(LeverSeed.performAs)", status: 404,
            code: "ResourceNotFound", mention: "none"),
        Refusal(path: "/v1/nothing", status: 404, code: "ResourceNotFound", mention: "/v1/nothing"),
        Refusal(path: "/v1/uploads", status: 401, code: "Unauthorized", mention: "credentials", authorization: nil),
        Refusal(
            path: "/v1/uploads", status: 401, code: "Unauthorized", mention: "credentials",
            authorization: "Basic " + base64("\(LeverSeed.apiKey):password")),
        Refusal(
            path: "/v1/uploads", status: 401, code: "Unauthorized", mention: "credentials",
            authorization: "Bearer \(LeverSeed.apiKey)"),
        Refusal(
            path: "/v1/uploads", status: 403, code: "Forbidden", mention: "uploads:write",
            authorization: "Basic " + base64("\(LeverSeed.readOnlyKey):")),
    ]

    @Test(arguments: refusals)
    func `a refused upload stores nothing`(_ refusal: Refusal) async throws {
        try await withSandbox { run in
            let before = try await run.state()
            let response = try await run.upload(refusal.path, Form(file: pattern(10)), authorization: refusal.authorization)
            #expect(response.status == refusal.status)
            #expect(response.json["code"]?.string == refusal.code)
            #expect(response.json["message"]?.string?.contains(refusal.mention) == true)
            let after = try await run.state()
            #expect(after["uploads"] == before["uploads"] && after["opportunities"] == before["opportunities"])
        }
    }

    @Test(arguments: [false, true], [100, 5_000_000])
    func `a request past the limit is refused and not stored`(chunked: Bool, size: Int) async throws {
        try await withSandbox(SandboxOptions(rateLimit: false, maxRequestBytes: 100)) { run in
            let response = try await run.upload("/v1/uploads", Form(file: pattern(size)), chunked: chunked)
            #expect(response.status == 413)
            #expect(try await run.state()["uploads"] == [])
        }
    }

    @Test func `a form without a file part named file is refused`() async throws {
        try await withSandbox { run in
            var form = Form(file: pattern(10))
            form.bytes = Array(String(decoding: form.bytes, as: UTF8.self).replacing("name=\"file\"", with: "name=\"cv\"").utf8)
            let response = try await run.upload("/v1/uploads", form)
            #expect(response.status == 400)
            #expect(response.json["message"] == "file is required")
        }
    }

    @Test func `a form without its close delimiter stores nothing`() async throws {
        try await withSandbox { run in
            var form = Form(file: pattern(10))
            form.bytes.removeLast(5)
            let response = try await run.upload("/v1/uploads", form)
            #expect(response.status == 400)
            #expect(try await run.state()["uploads"] == [])
        }
    }

    @Test func `lists have pages whose token comes back encoded once more`() async throws {
        try await withSandbox { run in
            _ = try await run.post("/_sandbox/seed", ["files": 5])
            var ids: [String] = []
            var offset = ""
            var pages = 0
            repeat {
                let page = try await run.send("GET", "\(Self.root)?limit=2\(offset)").json
                ids += (page["data"]?.array ?? []).compactMap { $0["id"]?.string }
                pages += 1
                let next = page["next"]?.string
                #expect(page["hasNext"]?.bool == (next != nil))
                #expect(next?.hasPrefix("%5B3%2C") != false)
                offset = next.map { "&offset=\(PercentEncoding.encoded($0))" } ?? ""
            } while !offset.isEmpty && pages < 10
            #expect(pages == 3)
            #expect(ids.count == 5 && Set(ids).count == 5)
        }
    }

    @Test(arguments: [
        ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("offset=stale", "Invalid offset token"),
        ("uploaded_at_start=yesterday", "uploaded_at_start"),
    ])
    func `a wrong list parameter is refused`(query: String, mention: String) async throws {
        try await withSandbox { run in
            let response = try await run.send("GET", "\(Self.root)?\(query)")
            #expect(response.status == 400)
            #expect(response.json["message"]?.string?.contains(mention) == true)
        }
    }

    @Test func `lists can be narrowed by upload time, both ends included`() async throws {
        try await withSandbox { run in
            _ = try await run.post("/_sandbox/seed", ["files": 5])
            let start = LeverSeed.createdAt + 1000
            let response = try await run.send(
                "GET", "\(Self.root)?uploaded_at_start=\(start)&uploaded_at_end=\(start + 2000)")
            #expect(response.json["data"]?.array?.count == 3)
        }
    }

    @Test func `resumes print numbers where files print strings`() async throws {
        try await withSandbox { run in
            let root = "/v1/opportunities/\(LeverSeed.opportunityWithFiles)/resumes"
            let resume = try #require(try await run.send("GET", root).json["data"]?.array?.first)
            #expect(resume["createdAt"]?.int != nil)
            #expect(resume["file"]?["ext"] == "pdf")
            #expect(resume["file"]?["size"]?.int != nil)
            let id = try #require(resume["id"]?.string)
            #expect(try await run.send("GET", "\(root)/\(id)").json["data"] == resume)
            #expect(try await run.send("GET", "\(root)/\(id)/download").bytes.starts(with: Array("%PDF".utf8)))
        }
    }

    @Test func `the bytes of a refused upload do not stay on disk`() throws {
        let spool = FileSpool(maxKeptBytes: 1 << 20)
        let form = Form(file: pattern(100_000))
        let head = HTTPRequest(
            method: .post, scheme: nil, authority: nil, path: "/v1/uploads", headerFields: [.contentType: form.type])
        let exchange = Exchange(id: 1, head: head, receivedAt: 0, action: nil, releases: 0, spool: spool)
        exchange.release()
        #expect(exchange.receive(ByteBuffer(bytes: form.bytes)) == form.bytes.count)
        #expect(exchange.form.parts.first?.file?.isKept == true)
        #expect(spool.usedBlocks == 2)
        exchange.end(.complete)
        #expect(exchange.form.parts.map(\.size) == [100_000])
        #expect(exchange.form.parts.first?.file == nil)
        #expect(spool.usedBlocks == 0)
    }

    @Test func `a file too long to keep cannot be downloaded`() async throws {
        try await withSandbox(SandboxOptions(rateLimit: false, maxKeptBytes: 1000)) { run in
            let bytes = pattern(1001)
            let made = try await run.upload("\(Self.root)?perform_as=\(LeverSeed.performAs)", Form(file: bytes))
            let id = try #require(made.json["data"]?["id"]?.string)
            #expect(try await run.files().first?["sha256"]?.string == sha256(bytes))
            #expect(try await run.send("GET", "\(Self.root)/\(id)/download").status == 422)
        }
    }
}
