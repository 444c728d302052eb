import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Sandbox
import Synchronization
import Testing
import Unified

/// docs/wire.md#request-bodies, the streaming rule: what the look-ahead does not hold streams on.
@Suite(.serialized) struct StreamingTests {
    static let small: UnifiedService.Limits = {
        var limits = UnifiedService.Limits()
        limits.lookahead = 16 << 10
        return limits
    }()

    static let big = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)

    @Test func `a file past the look-ahead arrives whole, with a length`() async throws {
        try await TestGateway.run(limits: Self.small) { gateway in
            let form = Form(.file("file", name: "big.txt", type: "text/plain", bytes: Self.big))
            let response = try await gateway.upload(form)
            #expect(response.status == 200, "\(response.json.text())")
            let received = try await gateway.received()[0]
            #expect(received["parts"]?.array?[0]["size"]?.int == Self.big.count)
            #expect(received["content_length"]?.int == received["body_size"]?.int)
        }
    }

    @Test func `fields behind the file that the mapping does not read are let by`() async throws {
        try await TestGateway.run(limits: Self.small) { gateway in
            let form = Form(
                .file("file", name: "big.txt", type: "text/plain", bytes: Self.big), .field("colour", "green"))
            let response = try await gateway.upload(form)
            #expect(response.status == 200, "\(response.json.text())")
            let received = try await gateway.received()[0]
            #expect(received["parts"]?.array?.count == 1)
            #expect(received["parts"]?.array?[0]["size"]?.int == Self.big.count)
            #expect(received["complete"] == true)
        }
    }

    @Test(arguments: ["candidate_id", "candidate[id]", "remote_data", "application_id"])
    func `a field behind the file that the mapping reads is refused, and nothing is stored`(name: String) async throws {
        try await TestGateway.run(limits: Self.small) { gateway in
            let form = Form(.file("file", name: "big.txt", type: "text/plain", bytes: Self.big), .field(name, "{}"))
            let response = try await gateway.upload(form)
            #expect(response.status == 400)
            #expect(response.json["code"] == "field_after_file")
            #expect(response.json["param"]?.string == name)
            #expect(response.json["hint"]?.string?.contains(name) == true)
            #expect(try await gateway.stored()["uploads"]?.array?.isEmpty == true)
        }
    }

    @Test func `json streams its base64 past the look-ahead`() async throws {
        try await TestGateway.run(limits: Self.small) { gateway in
            let base64 = String(repeating: "eHh4", count: 100_000)
            let response = try await gateway.uploadJSON(["file_name": "big.txt", "file": .string(base64)])
            #expect(response.status == 200, "\(response.json.text())")
            let received = try await gateway.received()[0]
            #expect(received["parts"]?.array?[0]["size"]?.int == 300_000)
            #expect(received["content_length"]?.int != nil)
        }
    }

    @Test(arguments: [true, false])
    func `a file over the limit is refused before the provider has it`(declaresLength: Bool) async throws {
        var limits = Self.small
        limits.maxFileBytes = 100_000
        try await TestGateway.run(limits: limits) { gateway in
            let form = Form(.file("file", name: "big.txt", type: "text/plain", bytes: Self.big))
            let refusal: Answer
            if declaresLength {
                refusal = try await gateway.upload(form)
            } else {
                var request = HTTPClientRequest(
                    url: gateway.baseURL + "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)")
                request.method = .POST
                request.headers.add(name: "authorization", value: "Bearer \(gateway.token)")
                request.headers.add(name: "content-type", value: form.contentType)
                request.body = .stream(form.body.chunks(of: 7_000).async, length: .unknown)
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
                refusal = Answer(
                    status: Int(response.status.code), headers: response.headers,
                    body: try await response.body.collect(upTo: 1 << 20))
            }
            #expect(refusal.status == 413)
            #expect(refusal.json["code"] == "file_too_large")
            #expect(refusal.json["message"]?.string?.contains("100000") == true)
            #expect(try await gateway.stored()["uploads"]?.array?.isEmpty == true)
            // A length that says enough spares the provider the beginning.
            if declaresLength { #expect(try await gateway.received().isEmpty) }
        }
    }

    /// Hang-ups at every kind of moment: in the head, in the fields, in the file, while the provider is being read.
    @Test func `clients that hang up leave nothing behind`() async throws {
        try await TestGateway.run(limits: Self.small) { gateway in
            let form = Form(.file("file", name: "big.txt", type: "text/plain", bytes: Self.big)).body
            let head = """
                POST /unified/ats/attachments?integrated_account_id=\(gateway.accountID) HTTP/1.1\r
                host: localhost\r
                authorization: Bearer \(gateway.token)\r
                content-type: multipart/form-data; boundary=----test7f3a9c\r
                content-length: \(form.readableBytes)\r
                \r\n
                """
            var whole = ByteBuffer(string: head)
            whole.writeImmutableBuffer(form)
            let rounds = 10_000
            let workers = 16
            let port = Int(gateway.baseURL.split(separator: ":").last ?? "") ?? 0
            let fixed = whole
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<workers {
                    group.addTask {
                        for round in 0..<(rounds / workers) {
                            // Spread over the first 60 kB: head, form head, look-ahead and the stream behind it.
                            let cut = (round * 7919 + worker * 104_729) % 60_000
                            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                                .connectTimeout(.minutes(2)).connect(host: "127.0.0.1", port: port).get()
                            try? await channel.writeAndFlush(fixed.getSlice(at: 0, length: cut) ?? ByteBuffer())
                            try? await channel.close()
                        }
                    }
                }
                try await group.waitForAll()
            }
            // The gateway lives, and the provider has nothing.
            let response = try await gateway.upload(Form(Form.resume))
            #expect(response.status == 200)
            #expect(try await gateway.stored()["uploads"]?.array?.count == 1)
        }
    }
}

extension ByteBuffer {
    func chunks(of size: Int) -> [ByteBuffer] {
        stride(from: 0, to: readableBytes, by: size).compactMap {
            getSlice(at: readerIndex + $0, length: Swift.min(size, readableBytes - $0))
        }
    }
}

extension Array where Element == ByteBuffer {
    var async: AsyncStream<ByteBuffer> {
        AsyncStream { continuation in
            for element in self { continuation.yield(element) }
            continuation.finish()
        }
    }
}
