import HTTPTypes
import NIOCore
import NIOSSL
import Synchronization
import Testing
import TestSupport
import X509

@testable import Upstream

/// An `Upstream` that trusts `authority`, for which every name is this machine.
func withSecureUpstream<Result>(
    trusting authority: TestAuthority, _ body: (Upstream) async throws -> Result
) async throws -> Result {
    try await authority.withRoots { roots in
        try await withUpstream {
            $0.resolver = Resolver { _ in [.v4(0x7f00_0001)] }
            $0.trustRoots = [roots]
            $0.retries = .none
        } _: { upstream in
            try await body(upstream)
        }
    }
}

/// Whom TLS lets through, and whom not.
@Suite(.serialized) struct TransportSecurityTests {
    @Test func `a call names its host to TLS and HTTP and goes to the checked address`() async throws {
        let authority = try TestAuthority()
        try await RawServer.run(.response("200 OK", body: "hello"), tls: authority.server(.dnsName("provider.test"))) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                for _ in 0..<3 {
                    let response = try await upstream.send(UpstreamRequest(url: server.secureURL("Provider.test") + "/x?y"))
                    #expect(response.body == ByteBuffer(string: "hello"))
                }
                #expect(upstream.pool.idleCount == 1)
            }
            let seen = server.record
            #expect(seen.names == ["provider.test"])
            #expect(seen.addresses == ["127.0.0.1"])
            #expect(seen.requests == .init(repeating: "GET /x?y HTTP/1.1\r\nhost: provider.test:\(server.port)\r\n\r\n", count: 3))
        }
    }

    @Test func `a connection to one name does not serve another at the same address`() async throws {
        let authority = try TestAuthority()
        try await RawServer.run(.response("200 OK"), tls: authority.server(.dnsName("a.test"), .dnsName("b.test"))) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                for host in ["a.test", "b.test", "a.test"] {
                    _ = try await upstream.send(UpstreamRequest(url: server.secureURL(host)))
                }
            }
            #expect(server.record.names == ["a.test", "b.test"])
        }
    }

    @Test func `an address is verified, but is no server name`() async throws {
        let authority = try TestAuthority()
        try await RawServer.run(.response("200 OK"), tls: authority.server(.ip(127, 0, 0, 1))) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                let response = try await upstream.send(UpstreamRequest(url: server.secureURL("127.0.0.1")))
                #expect(response.status == .ok)
            }
            #expect(server.record.names == [nil])
        }
    }

    struct Impostor: Sendable, CustomTestStringConvertible {
        let name: String
        var host = "provider.test"
        var trusted = true
        let tls: @Sendable (TestAuthority) throws -> TLSConfiguration
        var testDescription: String { name }
    }

    static let good = GeneralName.dnsName("provider.test")
    static let impostors: [Impostor] = [
        Impostor(name: "another name") { try $0.server(.dnsName("attacker.test")) },
        Impostor(name: "a name below") { try $0.server(.dnsName("www.provider.test")) },
        Impostor(name: "a wildcard for another level", host: "a.b.provider.test") { try $0.server(.dnsName("*.provider.test")) },
        Impostor(name: "an address for a name") { try $0.server(.ip(127, 0, 0, 1)) },
        Impostor(name: "no name but the common one", host: "common.test") { try $0.server() },
        Impostor(name: "a wildcard for a top-level domain") { try $0.server(.dnsName("*.test")) },
        Impostor(name: "another address", host: "127.0.0.1") { try $0.server(.ip(127, 0, 0, 9)) },
        Impostor(name: "a name for an address", host: "127.0.0.1") { try $0.server(.dnsName("127.0.0.1")) },
        Impostor(name: "expired") { try $0.server(good, days: -2...(-1)) },
        Impostor(name: "not valid yet") { try $0.server(good, days: 1...2) },
        Impostor(name: "signed by itself") { try $0.server(good, selfSigned: true) },
        Impostor(name: "signed by an authority of the same name") { _ in try TestAuthority().server(good) },
        Impostor(name: "signed by an authority that was not given", trusted: false) { try $0.server(good) },
        Impostor(name: "TLS 1.1") {
            try $0.server(good) {
                $0.minimumTLSVersion = .tlsv1; $0.maximumTLSVersion = .tlsv11
            }
        },
    ]

    @Test(arguments: impostors)
    func `an impostor gets no byte of the request`(_ impostor: Impostor) async throws {
        let authority = try TestAuthority()
        let trusted = impostor.trusted ? authority : try TestAuthority()
        try await RawServer.run(.response("200 OK"), tls: impostor.tls(authority)) { server in
            try await withSecureUpstream(trusting: trusted) { upstream in
                let started = Mutex(false)
                let body = UpstreamRequest.Body.stream(length: 1) { _ in started.withLock { $0 = true } }
                let request = UpstreamRequest(method: .post, url: server.secureURL(impostor.host), body: body)
                #expect(await code { _ = try await upstream.send(request) } == .couldNotConnect)
                #expect(started.withLock { $0 } == false)
                #expect(upstream.pool.idleCount == 0)
            }
            await server.until { $0.connections == 1 && $0.open == 0 }
            #expect(server.record.bytes == 0)
        }
    }

    @Test(arguments: [
        ("a.test", "a.test", true), ("A.Test", "a.test", true), ("*.a.test", "b.a.test", true),
        ("a.test", "b.a.test", false), ("*.a.test", "a.test", false), ("*.a.test", "c.b.a.test", false),
        ("b*.a.test", "bc.a.test", false), ("*", "test", false), ("*.test", "a.test", false), ("*.", "a.", false),
        ("*.*.test", "b.a.test", false), ("*.a.test", ".a.test", false), ("", "a.test", false),
    ])
    func `a certificate's name covers a host or does not`(_ pattern: String, _ host: String, _ expected: Bool) {
        #expect(CertificateName.covers(pattern, host) == expected)
    }

    @Test func `a certificate for a name and an address serves both`() async throws {
        let authority = try TestAuthority()
        try await RawServer.run(.response("200 OK"), tls: authority.server(.ip(127, 0, 0, 1), Self.good)) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                for host in ["127.0.0.1", "provider.test"] {
                    _ = try await upstream.send(UpstreamRequest(url: server.secureURL(host)))
                }
            }
        }
    }

    @Test func `a certificate counts for the names that a wildcard covers`() async throws {
        let authority = try TestAuthority()
        try await RawServer.run(.response("200 OK"), tls: authority.server(.dnsName("*.provider.test"))) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                _ = try await upstream.send(UpstreamRequest(url: server.secureURL("api.provider.test")))
            }
        }
    }

    @Test func `trust roots that cannot be read stop the call, not the check`() async throws {
        let authority = try TestAuthority()
        try await RawServer.run(.response("200 OK"), tls: authority.server(Self.good)) { server in
            try await withUpstream {
                $0.resolver = Resolver { _ in [.v4(0x7f00_0001)] }
                $0.trustRoots = ["/nowhere/roots.pem"]
                $0.retries = .none
            } _: { upstream in
                #expect(
                    await code { _ = try await upstream.send(UpstreamRequest(url: server.secureURL("provider.test"))) } == .couldNotConnect)
            }
            #expect(server.record.requests.isEmpty)
        }
    }

    @Test func `a file of an address is fetched over TLS`() async throws {
        let authority = try TestAuthority()
        try await RawServer.run(.response("200 OK", body: "file"), tls: authority.server(Self.good)) { server in
            try await withSecureUpstream(trusting: authority) { upstream in
                let size = try await upstream.fetch(server.secureURL("provider.test"), limits: FileFetchLimits(maxBytes: 10)) { file in
                    var size = 0
                    for try await chunk in file.bytes { size += chunk.readableBytes }
                    return size
                }
                #expect(size == 4)
            }
        }
    }
}
