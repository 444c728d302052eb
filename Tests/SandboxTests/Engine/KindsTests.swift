import AsyncHTTPClient
import Encodings
import JSON
import JSONata
import MappingFunctions
import NIOCore
import Testing

@testable import Sandbox

/// What each part of a sandbox's file does, over a socket.
@Suite struct KindsTests {
    struct Probe: Sendable, CustomTestStringConvertible {
        var method = "GET"
        var path: String
        var headers: [(String, String)] = [("x-api-key", "plain")]
        var body: String?
        var status = 200
        var expected: [String] = []
        /// Headers of the response and what they hold.
        var fields: [(String, String)] = []
        var testDescription: String { "\(method) \(path) \(body ?? "")" }

        init(
            _ line: String, body: String? = nil, headers: [(String, String)] = [("x-api-key", "plain")],
            status: Int = 200, _ expected: String...,
            fields: [(String, String)] = []
        ) {
            let halves = line.split(separator: " ", maxSplits: 1).map(String.init)
            (method, path) = (halves[0], halves[1])
            self.headers = headers + (body == nil ? [] : [("content-type", "application/json")])
            self.body = body
            self.status = status
            self.expected = expected
            self.fields = fields
        }
    }

    static let lists = [
        Probe("GET /pages", #"{"page":1,"pages":3,"total":7}"#, #""next":"http://"#),
        Probe("GET /pages?page%5Bnumber%5D=3", #"{"page":3,"#, #""prev":"#),
        Probe("GET /pages?page%5Bsize%5D=9", #""pages":2"#),
        Probe("GET /pages?big=true", #""total":4"#),
        Probe("GET /pages?page%5Bnumber%5D=0", status: 422, "page[number]"),
        Probe("GET /pages?page%5Bnumber%5D=x", status: 422, "page[number]"),
        Probe("GET /offsets?start=2&count=2", #"[{"id":14"#, fields: [("link", "start=4>; rel=\"next\"")]),
        Probe("GET /offsets?count=9", status: 422, "from 1 to 4"),
        Probe("GET /offsets?start=6", status: 422, "beyond 8"),
        Probe("POST /cursors", body: "{}", #""rows":[10,11,12]"#),
        Probe("POST /cursors", body: #"{"paging":{"cursor":"none"}}"#, status: 422, "paging.cursor"),
        Probe("GET /since?since_id=12", #"[{"id":13"#),
        Probe("GET /since?since_id=16", status: 204),
        Probe("GET /since?since_id=99", status: 422, "since_id"),
        Probe("GET /page/3", #"{"id":16"#),
        Probe("GET /odata?$filter=size%20gt%203%20and%20size%20le%205", #"{"ids":[13,14],"n":8}"#),
        Probe("GET /odata?$filter=size%20over%203", status: 422, "no comparison"),
    ]

    static let records = [
        Probe("POST /things", body: #"{"name":"n"}"#, status: 201, fields: [("location", "/things/17")]),
        Probe("POST /things", body: "{}", status: 422, "name is required"),
        Probe("POST /things", body: "{", status: 422, "not JSON"),
        Probe("PATCH /things/10", body: #"{"name":"m"}"#, #""name":"m""#),
        Probe("PATCH /things/1", body: #"{"name":"m"}"#, status: 404, "no things 1"),
        Probe("DELETE /things/10", status: 204),
        Probe("DELETE /things/10", headers: [("x-key", "reader"), ("x-secret", "s3cret")], status: 403, "admin"),
        Probe("GET /Thing(11)", headers: [("x-api-key", "plain")], status: 200),
        Probe("PUT /things/10", body: "{}", status: 404),
        Probe("GET /none", headers: [], status: 404),
        Probe("POST /undo", body: "{}", status: 422, "undone"),
        Probe("GET /me", headers: [("x-api-key", "plain"), ("x-version", "0")], status: 406),
    ]

    static let callers = [
        Probe("GET /me", headers: [("x-api-key", "nobody")], status: 401),
        Probe("GET /me", headers: [("authorization", "Token token=plain")]),
        Probe("GET /me", headers: [("authorization", "Token plain")], status: 401),
        Probe("GET /me", headers: [("cookie", "a=b; sid=plain")]),
        Probe("GET /me?apikey=plain", headers: []),
        Probe("GET /me", headers: [("x-key", "reader"), ("x-secret", "s3cret")]),
        Probe("GET /me", headers: [("x-key", "reader"), ("x-secret", "no")], status: 401),
        Probe("GET /me", headers: [("x-session", "none")], status: 412),
        Probe("GET /me", headers: [("authorization", "Basic " + base64("reader:s3cret"))]),
        Probe("GET /me", headers: [("authorization", "Basic " + base64("reader:no"))], status: 401),
        Probe("GET /me", headers: [("authorization", "Zoho-oauthtoken none")], status: 401),
        Probe(
            "GET /me",
            headers: [
                ("x-signed-by", "reader"),
                ("x-signature", Hex.text(MappingHash.authenticate("SHA-256", Array("s3cret".utf8), Array("GET/me".utf8)) ?? [])),
            ]),
        Probe("GET /me", headers: [("x-signed-by", "reader"), ("x-signature", "0")], status: 401),
        Probe("GET /me", headers: [], status: 401),
        Probe("POST /login", body: #"{"password":"wrong"}"#, headers: [], status: 401),
    ]

    @Test(arguments: lists + records + callers)
    func `each route does what the file says`(_ probe: Probe) async throws {
        try await withSandbox(SandboxOptions(rateLimit: false), KindsSandbox.definition) { (run) async throws in
            let found = try await run.send(
                probe.method, probe.path, authorization: nil, headers: probe.headers,
                body: probe.body.map { .bytes(ByteBuffer(string: $0)) })
            let text = String(decoding: found.bytes, as: UTF8.self)
            #expect(found.status == probe.status, "\(text)")
            for part in probe.expected { #expect(text.contains(part)) }
            for (name, part) in probe.fields { #expect(found.headers[name]?.contains(part) == true) }
        }
    }

    @Test func `a request that fails leaves nothing behind`() async throws {
        try await withSandbox(SandboxOptions(rateLimit: false), KindsSandbox.definition) { (run) async throws in
            let before = try await run.state()["collections"]
            _ = try await run.send("POST", "/undo", authorization: nil, headers: [("x-api-key", "plain")])
            #expect(try await run.state()["collections"] == before)
        }
    }

    @Test func `seeds are the same at each start and after a reset`() async throws {
        var states: [JSONValue?] = []
        for _ in 0..<2 {
            try await withSandbox(SandboxOptions(rateLimit: false), KindsSandbox.definition) { (run) async throws in
                states.append(try await run.state()["collections"]?["things"])
                _ = try await run.send("DELETE", "/things/10", authorization: nil, headers: [("x-api-key", "plain")])
                _ = try await run.send("POST", "/_sandbox/reset")
                states.append(try await run.state()["collections"]?["things"])
            }
        }
        #expect(states[0]?.array?.count == 7)
        #expect(Set(states).count == 1)
    }

    @Test func `a window of calls is counted per key and told in headers`() async throws {
        let options = SandboxOptions(clock: { 1_800_000_000_000 })
        try await withSandbox(options, KindsSandbox.definition) { (run) async throws in
            func call(_ key: String) async throws -> Running.Answer {
                try await run.send("GET", "/me", authorization: nil, headers: [("x-api-key", key)])
            }
            var left: [String?] = []
            for _ in 0..<5 { left.append(try await call("plain").headers["x-left"]) }
            #expect(left == ["4", "3", "2", "1", "0"])
            let refused = try await call("plain")
            #expect(refused.status == 429 && refused.headers["retry-after"] == "60" && refused.headers["x-wait"] == "60")
            #expect(try await call("reader").status == 200)
            _ = try await run.post("/_sandbox/clock", ["advance_ms": 60_000])
            #expect(try await call("plain").status == 200)
        }
    }

    @Test func `a session is known until it ends`() async throws {
        try await withSandbox(SandboxOptions(rateLimit: false), KindsSandbox.definition) { (run) async throws in
            func token() async throws -> String {
                try await run.post("/login", ["password": "p"]).json["token"]?.string ?? ""
            }
            func status(_ token: String) async throws -> Int {
                try await run.send("GET", "/me?session=\(token)", authorization: nil).status
            }
            let first = try await token(), second = try await token()
            #expect(try await status(first) == 200)
            _ = try await run.post("/_sandbox/clock", ["advance_ms": 60_000])
            #expect(try await status(first) == 412)
            let third = try await token()
            #expect(try await status(third) == 200)
            _ = try await run.post("/_sandbox/settings", ["expire_sessions": true])
            #expect(try await status(third) == 412)
            #expect(try await status(second) == 412)
        }
    }

    @Test(arguments: [("good", 200), ("bad", 400)])
    func `a grant type of the file's own gives tokens`(assertion: String, status: Int) async throws {
        try await withSandbox(SandboxOptions(rateLimit: false), KindsSandbox.definition) { (run) async throws in
            let form = "grant_type=urn:assert&client_id=c&client_secret=s&assertion=\(assertion)"
            let found = try await run.send(
                "POST", "/token", authorization: nil, headers: [("content-type", "application/x-www-form-urlencoded")],
                body: .bytes(ByteBuffer(string: form)))
            #expect(found.status == status)
            let token = found.json["access_token"]?.string ?? "none"
            let me = try await run.send("GET", "/me", authorization: "Zoho-oauthtoken \(token)")
            #expect(me.status == (status == 200 ? 200 : 401))
        }
    }

    @Test func `settings of the file are switched by a control`() async throws {
        try await withSandbox(SandboxOptions(rateLimit: false), KindsSandbox.definition) { (run) async throws in
            func mood() async throws -> JSONValue? {
                try await run.send("GET", "/me", authorization: nil, headers: [("x-api-key", "plain")]).json["mood"]
            }
            #expect(try await mood() == "good")
            _ = try await run.post("/_sandbox/settings", ["mood": "bad"])
            #expect(try await mood() == "bad")
            _ = try await run.send("POST", "/_sandbox/reset")
            #expect(try await mood() == "good")
        }
    }

    @Test func `records can be added by a control`() async throws {
        try await withSandbox(SandboxOptions(rateLimit: false), KindsSandbox.definition) { (run) async throws in
            let made = try await run.post("/_sandbox/seed", ["collection": "things", "count": 2, "values": ["name": "S"]])
            #expect(made.json["ids"] == [17, 18])
            let found = try await run.send("GET", "/things/18", authorization: nil, headers: [("x-api-key", "plain")])
            #expect(found.json["name"] == "S")
            #expect(try await run.post("/_sandbox/seed", ["collection": "none"]).status == 400)
        }
    }
}
