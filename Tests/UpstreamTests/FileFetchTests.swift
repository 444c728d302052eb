import NIOCore
import Testing
import TestSupport

@testable import Upstream

/// docs/wire.md#egress: what a `file_url` may lead to, and how each fault of its host is called.
@Suite struct FileFetchTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let name: String
        let scripts: [RawServer.Script]
        let code: FileFetchError.Code
        var testDescription: String { name }

        init(_ name: String, _ code: FileFetchError.Code, _ scripts: RawServer.Script...) {
            self.name = name
            self.scripts = scripts
            self.code = code
        }
    }

    static let limits: FileFetchLimits = {
        var limits = FileFetchLimits(maxBytes: 1000)
        limits.head = .milliseconds(1500)
        limits.idle = .milliseconds(1500)
        limits.patience = .seconds(1)
        limits.bytesPerSecond = 100_000
        return limits
    }()

    static func redirect(_ location: String) -> RawServer.Script { .response("302 Found", "location: \(location)\r\n") }

    static func body(_ head: String, _ body: String, _ more: RawServer.Step...) -> RawServer.Script {
        RawServer.Script(.request, steps: [.send("HTTP/1.1 200 OK\r\n\(head)\r\n\r\n\(body)")] + more)
    }

    static let faults: [Fault] = [
        Fault("not found", .unusable, .response("404 Not Found")),
        Fault("forbidden", .unusable, .response("403 Forbidden")),
        Fault("no content", .unusable, .response("204 No Content")),
        Fault("part of it", .unusable, .response("206 Partial Content", "content-range: bytes 0-1/9\r\n", body: "ab")),
        Fault("its own fault", .unreachable, .response("500 Internal Server Error")),
        Fault("too many calls", .unreachable, .response("429 Too Many Requests")),
        Fault("a redirect to the metadata address", .notAllowed, redirect("http://169.254.169.254/latest/meta-data/")),
        Fault("a redirect to another loopback", .notAllowed, redirect("http://127.0.0.2/")),
        Fault("a redirect to a mapped loopback", .notAllowed, redirect("http://[::ffff:7f00:2]/")),
        Fault("a redirect to a number", .unusable, redirect("http://2130706433/")),
        Fault("a redirect to a file", .unusable, redirect("file:///etc/passwd")),
        Fault("a redirect to a socket", .unusable, redirect("unix:///var/run/x.sock")),
        Fault("a redirect with a user", .unusable, redirect("http://a@example.com/")),
        Fault("a redirect without an address", .unusable, .response("302 Found")),
        Fault("a circle", .unusable, redirect("/again")),
        Fault("gzip", .unusable, .response("200 OK", "content-encoding: gzip\r\n", body: "\u{1f}")),
        Fault("br behind identity", .unusable, .response("200 OK", "content-encoding: identity, br\r\n", body: "x")),
        Fault("10 GB announced", .tooLarge, body("content-length: 10737418240", "x")),
        Fault("more than allowed, in chunks", .tooLarge, body("transfer-encoding: chunked", chunk(2000))),
        Fault("more than allowed, without a length", .tooLarge, body("x: y", String(repeating: "x", count: 2000), .close)),
        Fault("less than announced", .unreachable, body("content-length: 10", "abc", .close)),
        Fault("reset in the middle", .unreachable, body("content-length: 10", "abc", .reset)),
        Fault("silence in the middle", .unreachable, body("content-length: 10", "abc")),
        Fault("a broken chunk", .unusable, body("transfer-encoding: chunked", "zz\r\n")),
        Fault("silence", .unreachable, .silence),
        Fault("a dripping head", .unreachable, RawServer.Script(.request, .send("HTTP/1.1 200 OK\r\nx: "), .drip)),
        Fault("a dripping body", .unreachable, body("content-length: 900", "", .drip)),
        Fault("garbage", .unusable, RawServer.Script(.request, .send("SSH-2.0\r\n\r\n"))),
        Fault("a hang-up", .unreachable, RawServer.Script(.request, .close)),
    ]

    static func chunk(_ count: Int) -> String { String(count, radix: 16) + "\r\n" + String(repeating: "x", count: count) + "\r\n" }

    static func outcome(_ address: String, _ upstream: Upstream) async throws -> Result<Int, FileFetchError> {
        do {
            return .success(
                try await upstream.fetch(address, limits: limits) { file in
                    var count = 0
                    for try await chunk in file.bytes { count += chunk.readableBytes }
                    return count
                })
        } catch let error as FileFetchError {
            return .failure(error)
        }
    }

    @Test(arguments: faults)
    func `a fault of the source has its name`(fault: Fault) async throws {
        try await RawServer.run(fault.scripts) { server in
            try await withUpstream {
                $0.egress = EgressPolicy(holes: [.host(.address(.v4(0x7f00_0001)), port: nil)])
            } _: { upstream in
                let outcome = try await Self.outcome(server.url, upstream)
                #expect(throws: FileFetchError.self) { try outcome.get() }
                if case .failure(let error) = outcome { #expect(error.code == fault.code, "\(error)") }
                // Closes what waits for a next call; anything still at work would stay open.
                upstream.shutdown()
                await server.until { $0.open == 0 }
            }
        }
    }

    @Test(arguments: [
        ("https://169.254.169.254/", FileFetchError.Code.notAllowed), ("https://10.0.0.1/", .notAllowed),
        ("https://[::1]/", .notAllowed), ("https://[fd00::1]/", .notAllowed), ("https://0.0.0.0/", .notAllowed),
        ("http://8.8.8.8/", .notAllowed), ("https://8.8.8.8:22/", .notAllowed), ("https://8.8.8.8:6379/", .notAllowed),
        ("https://[64:ff9b::7f00:1]/", .notAllowed), ("https://[2002:7f00:1::]/", .notAllowed),
        ("https://2130706433/", .unusable), ("https://0x7f.1/", .unusable), ("https://0177.0.0.1/", .unusable),
        ("https://127.0.0.1./", .unusable), ("https://例え.jp/", .unusable), ("https://１２７.0.0.1/", .unusable),
        ("https://ⓛocalhost/", .unusable), ("https://user:pw@8.8.8.8/", .unusable), ("ftp://8.8.8.8/", .unusable),
        ("unix:///run/docker.sock", .unusable), ("/etc/passwd", .unusable), ("", .unusable),
    ])
    func `an address is judged before anything is sent`(address: String, code: FileFetchError.Code) async throws {
        try await withUpstream {
            $0.egress = .standard
        } _: { upstream in
            guard case .failure(let error) = try await Self.outcome(address, upstream) else {
                Issue.record("fetched \(address)")
                return
            }
            #expect(error.code == code, "\(error)")
        }
    }

    @Test func `a name is resolved once, and whatever it says later is not asked`() async throws {
        try await RawServer.run(.response("302 Found", "location: /b\r\n"), .response("200 OK", body: "abc")) { server in
            let responses = Answers([[.v4(0x7f00_0001)], [.v4(0xa9fe_a9fe)]])
            try await withUpstream {
                $0.egress = EgressPolicy(holes: [.prefix(IPPrefix("127.0.0.0/8")!)])
                $0.resolver = Resolver { _ in responses.next() }
            } _: { upstream in
                let outcome = try await Self.outcome("http://files.test:\(server.port)/a", upstream)
                #expect(try outcome.get() == 3)
                #expect(responses.count == 1)
                #expect(server.record.connections == 2 || server.record.requests.count == 2)
            }
        }
    }

    @Test func `a name that points inside is refused`() async throws {
        for address in [IPAddress.v4(0x0a00_0001), .v4(0xa9fe_a9fe), .v4(0x7f00_0001)] {
            try await withUpstream {
                $0.egress = .standard; $0.resolver = Resolver { _ in [address] }
            } _: { upstream in
                guard case .failure(let error) = try await Self.outcome("https://files.example.com/a", upstream) else { return }
                #expect(error.code == .notAllowed)
            }
        }
    }

    @Test func `nothing of ours goes along`() async throws {
        try await RawServer.run(.response("200 OK", "content-type: application/pdf\r\n", body: "abc")) { server in
            try await withUpstream { upstream in
                let length = try await upstream.fetch(server.url + "/cv.pdf?sig=1", limits: Self.limits) { $0.length }
                #expect(length == 3)
                let request = try #require(server.record.requests.first).lowercased()
                #expect(request.hasPrefix("get /cv.pdf?sig=1 http/1.1\r\n"))
                #expect(request.contains("accept-encoding: identity\r\n"))
                #expect(!request.contains("authorization") && !request.contains("cookie"))
            }
        }
    }
}
