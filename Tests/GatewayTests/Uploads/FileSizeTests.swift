import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import TestSupport
import Unified

/// A vendor that needs the size of a file before it gets the file.
@Suite(.timeLimit(.minutes(3))) struct FileSizeTests {
    private static let bytes = [UInt8](repeating: 120, count: 300_000)

    /// Small, so that no file is known whole before the first call.
    private static let limits: UnifiedService.Limits = {
        var limits = UnifiedService.Limits()
        limits.lookahead = 16 << 10
        return limits
    }()

    private static func run(holes: [String] = [], _ body: (TestGateway, _ candidate: String) async throws -> Void) async throws {
        try await TestGateway.run(
            limits: limits, sandbox: .named("ashby"), holes: holes, connecting: { try VendorContract.account($0, $1, "ashby") }
        ) { gateway in
            let candidate = try #require(gateway.sandbox.target("candidate"))
            _ = try await gateway.received()
            try await body(gateway, candidate)
        }
    }

    /// The size that the vendor got.
    private static func statedSize(_ gateway: TestGateway) async throws -> Int? {
        let asked = try #require(try await gateway.received().first { $0["path"] == "/file.createFileUploadHandle" })
        return try JSONValue.parse(Array((asked["body"]?.string ?? "").utf8))["contentLength"]?.int
    }

    @Test(arguments: [true, false], [true, false])
    func `gets it for a form, whatever the form says of its length`(saysLength: Bool, isFileFirst: Bool) async throws {
        try await Self.run { gateway, candidate in
            var parts: [Form.Part] = [.field("candidate_id", candidate)]
            parts.insert(.file("file", name: "a.pdf", type: "application/pdf", bytes: Self.bytes), at: isFileFirst ? 0 : 1)
            let form = Form(parts)
            var request = HTTPClientRequest(
                url: gateway.baseURL + "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)")
            request.method = .POST
            request.headers.add(name: "authorization", value: "Bearer \(gateway.token)")
            request.headers.add(name: "content-type", value: form.contentType)
            let (chunks, sent) = AsyncStream.makeStream(of: ByteBuffer.self)
            sent.yield(form.body)
            sent.finish()
            request.body = saysLength ? .bytes(form.body) : .stream(chunks, length: .unknown)
            let response = try await HTTPClient.shared.execute(request, timeout: .minutes(2))
            let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
            #expect(response.status == .ok, "\(text)")
            #expect(try await Self.statedSize(gateway) == Self.bytes.count)
        }
    }

    @Test(arguments: [true, false])
    func `gets it for a file at an address, whatever its server says`(saysLength: Bool) async throws {
        let text = String(decoding: Self.bytes, as: UTF8.self)
        let chunked = String(Self.bytes.count, radix: 16) + "\r\n" + text + "\r\n0\r\n\r\n"
        let script: RawServer.Script =
            saysLength
            ? .response("200 OK", "content-type: application/pdf\r\n", body: text)
            : .init(.request, .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunked))
        try await RawServer.run(script) { source in
            try await Self.run(holes: ["127.0.0.1:\(source.port)"]) { gateway, candidate in
                let response = try await gateway.uploadJSON(
                    ["file_url": .string(source.url + "/a.pdf"), "candidate_id": .string(candidate)])
                #expect(response.status == 200, "\(response.json.text())")
                #expect(try await Self.statedSize(gateway) == Self.bytes.count)
            }
        }
    }
}
