import Testing
import TestSupport

/// How the gateway keeps and ends its clients' connections (RFC 9112 §9).
@Suite struct ConnectionTests {
    private static let ping = "GET /ping HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer none\r\n\r\n"

    private func upload(_ gateway: TestGateway, bytes: Int, token: String? = nil) -> String {
        "POST /unified/ats/attachments?integrated_account_id=\(gateway.accountID)&file_name=a.txt HTTP/1.1\r\nhost: localhost\r\n"
            + "authorization: Bearer \(token ?? gateway.token)\r\ncontent-type: application/octet-stream\r\n"
            + "content-length: \(bytes)\r\n\r\n"
    }

    @Test func `a client that pauses in mid-upload gets a response that comes early, and the connection stays for its rest`()
        async throws
    {
        let size = 4 << 20
        let script = RawServer.Script(.head, ProviderFaultTests.refusal)
        try await RawServer.run(script) { provider in
            try await TestGateway.run(
                limits: ProviderFaultTests.limits, provider: provider.url, holes: ["127.0.0.1:\(provider.port)"]
            ) { gateway in
                let client = try await RawClient(gateway)
                try await client.send(upload(gateway, bytes: size))
                // More than the look-ahead, so the provider's request begins; then nothing more comes.
                #expect(try await client.pour(128 << 10) == 128 << 10)
                let response = try await client.readUntil { $0.contains("\"request_id\"") }
                #expect(response.hasPrefix("HTTP/1.1 413 "))
                #expect(response.lowercased().contains("connection: close"))
                #expect(try await client.pour(size - (128 << 10)) == size - (128 << 10))
                // All has come: the connection ends without waiting for longer.
                #expect(try await client.readAll() == response)
            }
        }
    }

    @Test func `the rest of a short request that was refused is let by, and the connection is used again`() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            try await client.send(upload(gateway, bytes: 10, token: "wrong") + "01234")
            let refused = try await client.readUntil { $0.contains("\"request_id\"") }
            #expect(refused.hasPrefix("HTTP/1.1 401 "))
            #expect(!refused.lowercased().contains("connection: close"))
            try await client.send("56789" + Self.ping)
            let both = try await client.readUntil { $0.count("HTTP/1.1 401 ") == 2 }
            #expect(both.count("HTTP/1.1 401 ") == 2)
            try await client.close()
        }
    }

    @Test func `a request that came whole and was refused unread leaves the connection to the next`() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            let body = String(repeating: "x", count: 20_000)
            for count in 1...3 {
                try await client.send(upload(gateway, bytes: body.utf8.count, token: "wrong") + body)
                #expect(try await client.readUntil { $0.count("HTTP/1.1 401 ") == count }.count("HTTP/1.1 401 ") == count)
            }
            try await client.close()
        }
    }

    @Test func `requests that are sent ahead are answered in their order`() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            let lost = "GET /nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n"
            try await client.send(Self.ping + lost + Self.ping)
            let responses = try await client.readUntil { $0.count("\"request_id\"") == 3 }
            #expect(responses.matches(of: /HTTP\/1.1 (\d+)/).map(\.1) == ["401", "404", "401"])
            try await client.close()
        }
    }

    @Test(arguments: [
        "GET /ping HTTP/1.0\r\nhost: localhost\r\n\r\n",
        "GET /ping HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    ])
    func `a connection that the client wants for one request ends with its response`(request: String) async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            try await client.send(request)
            let all = try await client.readAll()
            #expect(all.contains(" 401 "))
            #expect(all.lowercased().contains("connection: close"))
        }
    }

    @Test func `a client that has closed its side gets its response`() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            try await client.send(Self.ping)
            try await client.closeOutput()
            #expect(try await client.readAll().hasPrefix("HTTP/1.1 401 "))
        }
    }

    @Test func `a client that sends ahead and then closes its side gets all of its responses`() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            let body = String(repeating: "x", count: 20_000)
            let cut = upload(gateway, bytes: 10) + "01234"
            try await client.send(Self.ping + upload(gateway, bytes: body.utf8.count, token: "wrong") + body + Self.ping + cut)
            try await client.closeOutput()
            let responses = try await client.readAll()
            #expect(responses.count("HTTP/1.1 401 ") == 3)
            #expect(responses.count("HTTP/1.1 ") == 3)
        }
    }

    @Test(arguments: ["SSH-2.0-x\r\n\r\n", "GET /ping HTTP/1.1\r\nhost: a\r\nno colon\r\n\r\n", "\u{1}\u{2}\u{3}\r\n\r\n"])
    func `what is no HTTP gets 400, and the connection ends`(bytes: String) async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            try await client.send(bytes)
            #expect(try await client.readAll().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func `what follows a request and is none does not take its response along`() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            try await client.send(Self.ping + String(repeating: "x", count: 100_000))
            #expect(try await client.readAll().hasPrefix("HTTP/1.1 401 "))
        }
    }

    @Test func `a body that is not framed as HTTP is refused, and the connection ends`() async throws {
        try await TestGateway.run { gateway in
            let client = try await RawClient(gateway)
            let head = upload(gateway, bytes: 0).replacing("content-length: 0", with: "transfer-encoding: chunked")
            try await client.send(head + "5\r\nhello\r\nzz\r\n")
            let response = try await client.readAll()
            #expect(response.hasPrefix("HTTP/1.1 400 "))
            #expect(response.contains("\"code\":\"invalid_body\""))
        }
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func count(_ text: String) -> Int { ranges(of: text).count }
}
