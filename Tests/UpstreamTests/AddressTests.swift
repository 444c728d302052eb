import NIOCore
import Testing

@testable import Upstream

/// What of an address decides where a call goes.
struct `An address that is called` {
    private static func url(_ text: String) throws -> TargetURL { try TargetURL(text) }

    @Test(
        arguments: [
            ("https://e.test/a", "https://e.test:443/b?c", true), ("http://e.test/", "http://E.TEST:80/", true),
            ("https://e.test/", "http://e.test:443/", false), ("https://e.test/", "https://e.test:444/", false),
            ("https://e.test/", "https://e.test.evil.test/", false), ("https://127.0.0.1/", "https://[::ffff:127.0.0.1]/", true),
            ("https://[::1]/", "https://[0:0::1]/", true), ("https://a.test/", "https://b.test/", false),
        ])
    func `has the origin of its scheme, host and port`(one: String, other: String, isSame: Bool) throws {
        #expect((try Self.url(one).origin == Self.url(other).origin) == isSame)
    }

    @Test(
        arguments: [
            ("https://e.test/x?y", "e.test", "e.test", "/x?y"), ("https://e.test:444", "e.test", "e.test:444", "/"),
            ("http://e.test:443?a=b#c", "e.test", "e.test:443", "/?a=b"),
            ("https://[2001:db8::1]:8443/", "[2001:db8::1]", "[2001:db8::1]:8443", "/"),
            ("https://127.0.0.1/", "127.0.0.1", "127.0.0.1", "/"), ("https://e.test/#/x", "e.test", "e.test", "/"),
            ("https://e.test//a//b", "e.test", "e.test", "//a//b"), ("https://e.test/%41%zz", "e.test", "e.test", "/%41%zz"),
        ])
    func `names its host, and what is asked of it`(text: String, host: String, authority: String, target: String) throws {
        let url = try Self.url(text)
        #expect(url.hostText == host && url.authority == authority && url.requestTarget == target)
        #expect("\(url.origin)" == "\(url.scheme.rawValue)://\(authority)")
    }

    @Test(arguments: [
        ("\"", "%22"), ("<>", "%3C%3E"), ("^`", "%5E%60"), ("{|}", "%7B%7C%7D"), ("é", "%C3%A9"), ("a+b&c=d;e'f", "a+b&c=d;e'f"),
    ]) func `encodes what may not stand in a request line`(text: String, encoded: String) throws {
        #expect(try Self.url("https://e.test/\(text)").requestTarget == "/\(encoded)")
        #expect(try Self.url("https://e.test/?\(text)").requestTarget == "/?\(encoded)")
    }

    @Test(arguments: [
        "https://user:hunter2@e.test/", "https://e.test:hunter2/", "hunter2://e.test/", "https://e.test/\nhunter2",
        "https://hunter2..test/",
    ]) func `says what is wrong with it, and repeats none of it`(text: String) {
        let error = #expect(throws: UpstreamError.self) { try Self.url(text) }
        #expect(error?.code == .invalidRequest && error?.message.contains("hunter2") == false && error?.message.isEmpty == false)
    }

    @Test func `may have a host name of 253 letters, and no label of 64`() throws {
        let label = String(repeating: "a", count: 63)
        let longest = [label, label, label, String(repeating: "b", count: 61)].joined(separator: ".")
        #expect(longest.utf8.count == 253)
        #expect(try Self.url("https://\(longest)/").hostText == longest)
        #expect(throws: UpstreamError.self) { try Self.url("https://\(longest)c/") }
        #expect(throws: UpstreamError.self) { try Self.url("https://\(label)a.test/") }
    }

    // MARK: Blocks of addresses

    @Test(
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.1.2.3/8", "10.9.9.9", true),
            ("0.0.0.0/0", "255.1.2.3", true), ("1.2.3.4", "1.2.3.4", true), ("1.2.3.4", "1.2.3.5", false), ("1.2.3.4/31", "1.2.3.5", true),
            ("fc00::/7", "fdff::1", true), ("fc00::/7", "fe00::1", false), ("::/0", "2001::1", true), ("::1", "::1", true),
            ("::/0", "1.2.3.4", false), ("0.0.0.0/0", "::1", false), ("2001:db8::/127", "2001:db8::1", true),
            ("2001:db8::/127", "2001:db8::2", false),
        ])
    func `lies in a block or does not`(block: String, address: String, isInside: Bool) throws {
        #expect(try #require(IPPrefix(block)).contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/8/8", "10.0.0.0/+8", "10.0.0.0/-1", "10.0.0.0/08x", "/8", "", "ten/8", "10.0.0/8",
    ])
    func `lies in no block that is none`(block: String) {
        #expect(IPPrefix(block) == nil)
    }

    @Test(arguments: [("10.1.2.3", "10.1.2.3/32"), ("FC00:0::/7", "fc00::/7"), ("::1", "::1/128")])
    func `lies in a block that is written in one way`(block: String, text: String) throws {
        #expect("\(try #require(IPPrefix(block)))" == text)
    }

    // MARK: At sight

    @Test(
        arguments: [
            ("https://e.test/", [], false, nil), ("http://e.test/", [], false, "only https"), ("http://e.test/", [], true, nil),
            ("http://e.test/", ["other.test"], false, nil), ("https://127.0.0.1/", [], false, "not public"),
            ("https://127.0.0.1/", ["127.0.0.0/8"], false, nil), ("http://127.0.0.1:81/", ["127.0.0.1:80"], false, "only https"),
            ("https://169.254.169.254/", [], false, "link-local"), ("https://[::ffff:10.0.0.1]/", [], false, "private"),
            ("https://8.8.8.8/", [], false, nil),
        ] as [(String, [String], Bool, String?)])
    func `is judged without asking for its name, as far as that can be`(
        text: String, holes: [String], allowsHTTP: Bool, refusal: String?
    ) throws {
        let policy = EgressPolicy(allowsHTTP: allowsHTTP, holes: try holes.map { try EgressAllowlistEntry($0) })
        let found = policy.refusalAtSight(of: try Self.url(text))
        #expect((found == nil) == (refusal == nil) && found?.contains(refusal ?? "") != false, "\(found ?? "none")")
    }

    @Test func `keeps each of its host's addresses once, in their order`() throws {
        let (a, b) = (IPAddress.v4(0x0808_0808), IPAddress.v4(0x0101_0101))
        #expect(try EgressPolicy.standard.admitted(Self.url("https://e.test/"), at: [b, a, .v4(0x0a00_0001), b]) == [b, a])
    }

    @Test func `is judged by the policy of the moment where it is handed on`() async throws {
        let resolver = Resolver { _ in [.v4(0x7f00_0001)] }
        let upstream = Upstream(.init(egress: EgressPolicy(holes: [try EgressAllowlistEntry("127.0.0.0/8")]), resolver: resolver))
        defer { upstream.shutdown() }
        let limits = FileFetchLimits(maxBytes: 1)
        try await upstream.checkFetchable("https://inside.test/x", limits: limits)
        upstream.setEgress(.standard)
        await #expect {
            try await upstream.checkFetchable("https://inside.test/x", limits: limits)
        } throws: { ($0 as? FileFetchError)?.code == .notAllowed }
        upstream.setEgress(EgressPolicy(holes: [try EgressAllowlistEntry("inside.test")]))
        try await upstream.checkFetchable("https://inside.test/x", limits: limits)
    }

    @Test(arguments: [("https://out.test:8443/", true), ("https://out.test/", false), ("nonsense", true), ("http://out.test/", true)])
    func `is handed on for the ports of files alone`(address: String, isRefused: Bool) async throws {
        let upstream = Upstream(.init(resolver: Resolver { _ in [.v4(0x0808_0808)] }))
        defer { upstream.shutdown() }
        var code: FileFetchError.Code?
        do throws(FileFetchError) { try await upstream.checkFetchable(address, limits: FileFetchLimits(maxBytes: 1)) } catch {
            code = error.code
        }
        #expect((code != nil) == isRefused)
    }
}

/// What names resolved to, and for how long that is believed.
struct `Addresses of a name` {
    private static func cache(
        keepFor: TimeAmount = .seconds(60), _ resolve: @escaping @Sendable (String) async throws -> [IPAddress]
    ) -> AddressCache {
        let upstream = Upstream()
        return AddressCache(resolver: Resolver(addresses: resolve), keepFor: keepFor, group: upstream.group)
    }

    private static let one = IPAddress.v4(0x0808_0808)

    @Test func `are asked for once, and again when they have expired`() async throws {
        for (keepFor, expected) in [(TimeAmount.seconds(60), 1), (.zero, 3)] {
            let answers = Answers([[Self.one]])
            let cache = Self.cache(keepFor: keepFor) { _ in answers.next() }
            for _ in 0..<3 { #expect(try await cache.addresses(of: .name("e.test"), within: .seconds(10)) == [Self.one]) }
            #expect(answers.count == expected)
        }
    }

    @Test func `are none's to give where the host is an address`() async throws {
        let cache = Self.cache { _ in throw Boom() }
        #expect(try await cache.addresses(of: .address(Self.one), within: .zero) == [Self.one])
    }

    @Test func `that could not be had are asked for again`() async throws {
        let answers = Answers([[], [Self.one]])
        let cache = Self.cache { _ in
            let found = answers.next()
            if found.isEmpty { throw ResolutionFailure(reason: "no such name") }
            return found
        }
        await #expect {
            try await cache.addresses(of: .name("e.test"), within: .seconds(10))
        } throws: { error in
            let error = error as? UpstreamError
            return error?.code == .couldNotConnect && error?.message.contains("no such name") == true
        }
        #expect(try await cache.addresses(of: .name("e.test"), within: .seconds(10)) == [Self.one])
    }

    @Test func `of each name are its own`() async throws {
        let cache = Self.cache { name in name == "a.test" ? [.v4(1)] : [.v4(2)] }
        #expect(try await cache.addresses(of: .name("a.test"), within: .seconds(10)) == [.v4(1)])
        #expect(try await cache.addresses(of: .name("b.test"), within: .seconds(10)) == [.v4(2)])
    }

    @Test func `are forgotten rather than kept without bound`() async throws {
        let asked = Answers([[Self.one]])
        let cache = Self.cache { _ in asked.next() }
        for number in 0..<1025 { _ = try await cache.addresses(of: .name("n\(number).test"), within: .seconds(10)) }
        _ = try await cache.addresses(of: .name("n1024.test"), within: .seconds(10))
        #expect(asked.count == 1025)
        _ = try await cache.addresses(of: .name("n0.test"), within: .seconds(10))
        #expect(asked.count == 1026)
    }
}
