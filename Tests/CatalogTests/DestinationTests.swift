import Catalog
import HTTPTypes
import JSON
import Testing

struct `Where a call goes` {
    static let vendor = """
        base_url: https://{{subdomain}}.a.test/api
        allowed_hosts: ["*.files.test", cdn.test]
        headers: {X-Key: secret}
        query: {v: "1"}
        authorization: {format: bearer, config: {token: t}}
        session: {steps: [{type: update_session, config: '{}'}], hosts: ["*.rest.test"]}
        """

    static func request(_ method: String, _ query: JSONObject = [:], context: JSONObject = [:]) throws -> OutgoingRequest {
        var whole: JSONObject = ["subdomain": "x"]
        for (key, value) in context { whole[key] = value }
        return try Sample.request(method: method, integration: vendor, CallInput(query: query, context: whole))
    }

    static let own: [(String, String)] = [
        ("https://x.a.test/f?s=a%2Fb+c&t", "https://x.a.test/f?s=a%2Fb+c&t"),
        ("https://X.A.test:444/f", "https://X.A.test:444/f"),
        ("https://eu.files.test/f#frag", "https://eu.files.test/f"),
        ("https://cdn.test?q=1", "https://cdn.test?q=1"),
        ("https://r1.rest.test/f", "https://r1.rest.test/f"),
    ]

    @Test(arguments: own) func `is an address of the vendor's, with credentials`(address: String, target: String) throws {
        let request = try Self.request("{url: \"{{query.u}}\"}", ["u": .string(address)])
        #expect(request.target == target)
        #expect(request.authorization.map(\.name.rawName) == ["Authorization"])
        #expect(request.headerLines == ["X-Key: secret"])
    }

    static let foreign = [
        "https://b.test/f", "https://files.test/f", "https://x.a.test.evil.test/", "https://x.a.test@evil.test/",
        "https://evil.test/x.a.test", "https://evil.test?https://x.a.test", "https://evil.test#@x.a.test/",
        "http://[::1]/", "//x.a.test/f", "file:///etc/passwd", "javascript:alert(1)", "https://", "https:///f",
        "https://x.a.test/ f", "https://x.a.test/\r\nX: y", "",
    ]

    @Test(arguments: foreign) func `is never another host with credentials`(address: String) {
        #expect(caught { _ = try Self.request("{url: \"{{query.u}}\"}", ["u": .string(address)]) } != nil)
        // What is no address at all is refused where it is sent.
        guard address.utf8.allSatisfy({ $0 > 0x20 }) else { return }
        #expect(caught { _ = try Self.request("{path: /f, base_url: \"{{query.u}}\"}", ["u": .string(address)]) } != nil)
    }

    @Test func `may be another host without any, as its address says it`() throws {
        let address = "https://bucket.test/f?X-Signature=a%2Fb%2bc"
        let request = try Self.request("{url: \"{{query.u}}\", no_auth: true, headers: {X-A: b}}", ["u": .string(address)])
        #expect(request.target == address)
        #expect(request.authorization.isEmpty)
        #expect(request.headerLines == ["X-A: b"])
        #expect(!request.visibleTarget.contains("a%2Fb"))
    }

    /// Where it is not known whether an address takes credentials.
    @Test(arguments: own.map { ($0.0, true) } + [("https://b.test/f?s=1", false), ("https://x.a.test.evil.test/", false)])
    func `has credentials at the definition's own hosts and no others`(address: String, isOwn: Bool) throws {
        let request = try Self.request(
            "{url: \"{{query.u}}\", auth: own_hosts, headers: {X-A: \"{{context.key}}\"}}", ["u": .string(address)], context: ["key": "k"])
        #expect(request.isAtOwnHost == isOwn)
        #expect(request.authorization.map(\.name.rawName) == (isOwn ? ["Authorization"] : []))
        #expect(request.headerLines.contains("X-Key: secret") == isOwn)
    }

    @Test(arguments: foreign.filter { !$0.hasPrefix("http") || $0.contains("test@") || $0.contains(" ") })
    func `is no address that two readers take for different hosts`(address: String) {
        #expect(caught { _ = try Self.request("{url: \"{{query.u}}\", auth: own_hosts}", ["u": .string(address)]) } != nil)
    }

    @Test func `is what the account and the definition say`() throws {
        let request = try Self.request("{path: /f, base_url: \"{{context.instance}}\"}", context: ["instance": "https://cdn.test"])
        #expect(request.target == "https://cdn.test/f?v=1")
        let session = try Self.request(
            "{path: /f, base_url: \"{{session.rest_url}}\"}", context: ["session": ["rest_url": "https://r1.rest.test/x/"]])
        #expect(session.target == "https://r1.rest.test/x/f?v=1")
        #expect(
            caught {
                _ = try Self.request(
                    "{path: /f, base_url: \"{{session.rest_url}}\"}", context: ["session": ["rest_url": "https://evil.test/"]])
            }?.code == .hostNotAllowed)
    }

    static let segments: [(String, Bool, Bool)] = [
        ("a-1", true, true), ("a b", true, true), ("ä", true, true), ("a.b", true, true), ("a%2Fb", false, true), ("a/b", false, true),
        ("..", false, false), (".", false, false), ("../x", false, false), ("x/..", false, false), ("..%2Fx", false, false),
        ("%2e%2e", false, false), ("a\\b", false, true), ("", false, false),
    ]

    @Test(arguments: segments) func `cannot be changed by a value in its path`(id: String, plain: Bool, slashes: Bool) {
        func isTaken(_ more: String) -> Bool {
            caught {
                _ = try Sample.request(method: "{path: \"/f/{{id}}\"\(more)}", CallInput(id: id))
            } == nil
        }
        #expect(isTaken("") == plain)
        #expect(isTaken(", path_slashes: [id]") == slashes)
    }
}
