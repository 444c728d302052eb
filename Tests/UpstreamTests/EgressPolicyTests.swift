import Testing

@testable import Upstream

@Suite struct EgressPolicyTests {
    static let publicAddress = IPAddress.v4(0x0808_0808)
    static let loopback = IPAddress.v4(0x7f00_0001)

    @Test(arguments: [
        "ftp://example.com/", "file:///etc/passwd", "unix:///var/run/x.sock", "http+unix://x/", "//example.com/", "example.com",
        "https:/example.com", "https://", "https:///path", "https://user@example.com/", "https://user:pw@example.com/",
        "https://example.com@127.0.0.1/", "https://127.0.0.1\\@example.com/", "https://example.com\\evil/",
        "https://exa mple.com/", "https://example.com/a b", "https://example.com/\r\nX: y", "https://example.com/\u{0}",
        "https://example.com:0/", "https://example.com:65536/", "https://example.com:/", "https://example.com:+443/",
        "https://example.com:44a/", "https://example.com:80:80/", "https://2130706433/", "https://017700000001/",
        "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://127.1/", "https://127.0.1/",
        "https://127.0.0.1./", "https://1.2.3.4.5/", "https://foo.0x1/", "https://foo.1/", "https://example.com./",
        "https://.example.com/", "https://example..com/", "https://-a.com/", "https://a-.com/", "https://ex%61mple.com/",
        "https://例え.jp/", "https://１２７.0.0.1/", "https://ⓔxample.com/", "https://[::1/", "https://[::1]x/",
        "https://[fe80::1%25eth0]/", "https://[127.0.0.1]/", "https://[]/", "https://::1/", "https://example.com,evil.com/",
    ])
    func `an odd URL is refused before anything is resolved`(_ text: String) {
        #expect(throws: UpstreamError.self) { try TargetURL(text) }
    }

    @Test(arguments: [
        ("https://example.com", "https://example.com/"), ("HTTPS://EXAMPLE.com:443/A?b#c", "https://example.com/A?b"),
        ("https://example.com?x=1", "https://example.com/?x=1"), ("http://example.com:80/", "http://example.com/"),
        ("https://example.com:8443/x", "https://example.com:8443/x"), ("https://xn--r8jz45g.jp/", "https://xn--r8jz45g.jp/"),
        ("https://[::FFFF:7F00:1]/", "https://127.0.0.1/"), ("https://[2001:DB8:0::1]:444/", "https://[2001:db8::1]:444/"),
        ("https://a_b.example/ü", "https://a_b.example/%C3%BC"), ("https://e.com/%2e%2E/{x}", "https://e.com/%2e%2E/%7Bx%7D"),
    ])
    func `a URL has one canonical form`(_ text: String, _ canonical: String) throws {
        #expect(try TargetURL(text).description == canonical)
    }

    @Test func `plain http needs to be opted into`() throws {
        let url = try TargetURL("http://example.com/")
        #expect(EgressPolicy.standard.refusal(of: url, at: Self.publicAddress) != nil)
        #expect(EgressPolicy(allowsHTTP: true).refusal(of: url, at: Self.publicAddress) == nil)
        #expect(EgressPolicy(allowsHTTP: true).refusal(of: url, at: Self.loopback) != nil)
    }

    @Test func `only listed ports are called`() throws {
        let policy = EgressPolicy(ports: [443])
        #expect(policy.refusal(of: try TargetURL("https://e.com/"), at: Self.publicAddress) == nil)
        #expect(policy.refusal(of: try TargetURL("https://e.com:22/"), at: Self.publicAddress) != nil)
    }

    @Test(arguments: [
        ("127.0.0.0/8", "http://127.0.0.1:8080/", true), ("127.0.0.1", "http://127.0.0.1:8080/", true),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/", true), ("127.0.0.1:8080", "http://127.0.0.1:8081/", false),
        ("127.0.0.2", "http://127.0.0.1/", false), ("10.0.0.0/8", "http://127.0.0.1/", false),
        ("sandbox.test", "http://sandbox.test:1234/", true), ("sandbox.test:1234", "http://sandbox.test:1234/", true),
        ("sandbox.test:1234", "https://sandbox.test/", false), ("sandbox.test", "http://other.test/", false),
        ("sandbox.test", "http://evil.sandbox.test/", false), ("sandbox.test:80", "http://sandbox.test/", true),
        ("sandbox.test:80", "https://sandbox.test/", false), ("0.0.0.0/0", "http://anything.test/", true),
    ])
    func `a hole opens what it names`(_ hole: String, _ url: String, _ admitted: Bool) throws {
        let policy = EgressPolicy(holes: [try EgressAllowlistEntry(hole)])
        #expect((policy.refusal(of: try TargetURL(url), at: Self.loopback) == nil) == admitted)
    }

    @Test func `an IPv6 hole covers its addresses`() throws {
        let one = try #require(IPAddress("fd00::5"))
        #expect(EgressPolicy(holes: [try EgressAllowlistEntry("fd00::/16")]).refusal(of: try TargetURL("http://x/"), at: one) == nil)
        let named = EgressPolicy(holes: [try EgressAllowlistEntry("[fd00::5]:81")])
        #expect(named.refusal(of: try TargetURL("http://[fd00::5]:81/"), at: one) == nil)
        #expect(named.refusal(of: try TargetURL("http://[fd00::5]:82/"), at: one) != nil)
    }

    @Test(arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0/8", "a/b", "user@host", "host:0", "http://x", "::/129"])
    func `a hole that names nothing is refused`(_ text: String) {
        #expect(throws: UpstreamError.self) { try EgressAllowlistEntry(text) }
    }

    @Test func `of a name's addresses the refused ones are left out`() throws {
        let url = try TargetURL("https://example.com/")
        let policy = EgressPolicy.standard
        #expect(try policy.admitted(url, at: [Self.loopback, Self.publicAddress]) == [Self.publicAddress])
        #expect { try policy.admitted(url, at: [Self.loopback]) } throws: { ($0 as? UpstreamError)?.code == .egressRefused }
        #expect(throws: UpstreamError.self) { try policy.admitted(url, at: []) }
    }
}
