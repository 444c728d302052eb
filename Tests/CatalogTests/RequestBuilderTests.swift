import Catalog
import Encodings
import HTTPTypes
import JSON
import Testing

struct `Building requests` {
    @Test func `fills the path and does not send twice what the path took`() throws {
        let plan = try Sample.plan("list")
        let request = try Sample.request(plan, CallInput(query: ["owner_id": "o1 ?", "q": "a b"], context: ["api_key": "k"]))
        #expect(request.method == "GET")
        #expect(request.url == "https://api.vendor.test/v1/owners/o1%20%3F/things")
        #expect(request.queryString == "q=a%20b")
        #expect(request.headerLines == ["Accept: application/json", "X-Old: 1"])
        #expect(request.authorization.map { $0.name.rawName + "=" + $0.value } == ["Authorization=Bearer k"])
        #expect(request.mappedQuery == ["owner": "o1 ?", "q": "a b"])
    }

    @Test func `names the placeholder of an address that has no value`() throws {
        let plan = try Sample.plan("list")
        let error = caught { _ = try Sample.request(plan, CallInput(context: ["api_key": "k"])) }
        #expect(error?.code == .unresolvedPlaceholder)
        #expect(error?.placeholder == "query.owner")
    }

    @Test(arguments: ["..", ".", "", "../../v2/users", "a/b", "a\\b", "/", "%2e%2e", "..%2Fusers", "a%2fb", "a%5Cb", "%2E", "..\\x"])
    func `refuses a segment that would leave the path`(id: String) throws {
        let plan = try Sample.plan("get")
        #expect(caught { _ = try Sample.request(plan, CallInput(context: ["api_key": "k"], id: id)) }?.code == .unsafeValue)
    }

    @Test(arguments: [
        ("id", "a/b", true), ("id", "a+b%20c", true), ("id", "../b", false), ("id", "a/../b", false),
        ("id", "a/%2e%2E/b", false), ("other", "a/b", false),
    ])
    func `sends a slash where the definition says that the parameter may hold one`(name: String, id: String, isSent: Bool) {
        let error = caught {
            let request = try Sample.request(
                method: "{path: \"/x/{{id}}\", path_slashes: [\(name)]}", CallInput(context: [:], id: id))
            #expect(request.url == "https://api.vendor.test/x/" + PercentEncoding.encoded(id))
        }
        #expect((error == nil) == isSent)
    }

    @Test(arguments: [(15_000, true), (17_000, false)])
    func `refuses an address or header fields that no server reads`(bytes: Int, isSent: Bool) {
        let long = String(repeating: "x", count: bytes)
        let query = caught { _ = try Sample.request(method: "{path: /x}", CallInput(query: ["q": .string(long)])) }
        #expect((query == nil) == isSent)
        let header = caught {
            _ = try Sample.request(
                method: "{path: /x, headers: {X-A: \"{{a}}\", X-B: \"{{a}}\"}}", CallInput(context: ["a": .string(long)]))
        }
        #expect((header == nil) == isSent)
    }

    @Test(arguments: ["evil.test/x", "a@b", "a#", "a?", "a:1", "..", "ä"])
    func `refuses a value that would change the host`(subdomain: String) {
        let error = caught {
            _ = try Sample.request(
                method: "{path: /x}", integration: "base_url: \"https://{{subdomain}}.vendor.test\"",
                CallInput(context: ["subdomain": .string(subdomain)])
            )
        }
        #expect(error?.code == .unsafeValue)
    }

    @Test func `takes a whole address from the context where the definition says so`() throws {
        let request = try Sample.request(
            method: "{path: /x}", integration: "base_url: \"{{context.instance_url}}\"\nallowed_hosts: [\"*.vendor.test\"]",
            CallInput(context: ["instance_url": "https://eu1.vendor.test/api/"])
        )
        #expect(request.url == "https://eu1.vendor.test/api/x")
    }

    @Test(arguments: [
        ("1\r\nX-B: 2", CatalogError.Code.unsafeValue), ("1\n2", .unsafeValue), ("1\u{0}", .unsafeValue), (" 1", .invalidHeader),
        ("1\u{1}", .invalidHeader),
    ])
    func `refuses a value that no header field can have`(value: String, code: CatalogError.Code) {
        for header in ["headers: {X-A: \"{{a}}\"}", "authorization: {format: bearer, config: {token: \"{{a}} \"}}"] {
            let error = caught {
                _ = try Sample.request(method: "{path: /x, \(header)}", CallInput(context: ["a": .string(value)]))
            }
            #expect(error?.code == code)
            #expect(error?.message.contains(value) == false)
        }
    }

    @Test func `refuses a name that no header field can have`() {
        for (name, code) in [("X A", CatalogError.Code.invalidHeader), ("X-A:", .invalidHeader), ("X-A\\r\\nX-B", .unsafeValue)] {
            let error = caught { _ = try Sample.request(method: "{path: /x, headers: {\"\(name)\": b}}", CallInput()) }
            #expect(error?.code == code, "\(name)")
        }
    }

    @Test func `lets a method take away and replace headers of the integration`() throws {
        let request = try Sample.request(
            method: "{path: /x, headers: {x-one: ~, X-Two: b}}",
            integration: "base_url: https://api.vendor.test\nheaders: {X-One: a, X-Two: a, X-Three: a}", CallInput()
        )
        #expect(request.headerLines == ["X-Three: a", "X-Two: b"])
    }

    @Test func `ranks the query: remote_query over the mapping over the method over the integration`() throws {
        let request = try Sample.request(
            method: "{path: /x, query: {b: method, c: method, d: method}}",
            integration: "base_url: https://api.vendor.test\nquery: {a: integration, b: integration}",
            CallInput(query: ["c": "caller", "d": "caller"], remoteQuery: ["d": "remote", "e": ["f": "1"]])
        )
        #expect(request.queryLines == ["a=integration", "b=method", "c=caller", "d=remote", "e[f]=1"])
    }

    static let arrays: [(String, String)] = [
        ("comma", "a=1%2C2"), ("brackets", "a%5B%5D=1&a%5B%5D=2"), ("indices", "a%5B0%5D=1&a%5B1%5D=2"), ("repeat", "a=1&a=2"),
    ]

    @Test(arguments: arrays)
    func `writes arrays in the definition's format`(format: String, expected: String) throws {
        let request = try Sample.request(
            method: "{path: /x, query_array_format: \(format)}", CallInput(query: ["a": ["1", "2"]])
        )
        #expect(request.queryString == expected)
    }

    @Test func `signs by the account's authentication method`() throws {
        let rules = """
            base_url: https://api.vendor.test
            authorization:
              api_key: {format: basic, config: {username: "{{api_key}}"}}
              oauth2: {format: bearer, config: {token: "{{oauth.token.access_token}}"}}
              key_in_query: {format: query, config: {query: {key: "{{api_key}}"}}}
              own: {format: header, config: {header_name: X-Key, header_value: "Token token={{api_key}}"}}
            """
        func request(_ method: String) throws -> OutgoingRequest {
            try Sample.request(
                method: "{path: /x}", integration: rules,
                CallInput(
                    context: ["api_key": "käy", "oauth": ["token": ["access_token": "t"]]], authenticationMethod: method
                )
            )
        }
        #expect(try request("api_key").authorization.map(\.value) == ["Basic a8OkeTo="])
        #expect(try request("oauth2").authorization.map(\.value) == ["Bearer t"])
        #expect(try request("own").authorization.map { "\($0.name): \($0.value)" } == ["X-Key: Token token=käy"])
        let inQuery = try request("key_in_query")
        #expect(inQuery.visibleTarget == "https://api.vendor.test/x")
        #expect(inQuery.target == "https://api.vendor.test/x?key=k%C3%A4y")
    }

    @Test func `sends no credentials where the method says so`() throws {
        let request = try Sample.request(
            method: "{path: \"\", base_url: \"{{before.handle.url}}\", no_auth: true}",
            integration: "base_url: https://a.test\nauthorization: {format: bearer, config: {token: \"{{t}}\"}}",
            CallInput(context: ["t": "s"], before: ["handle": ["url": "https://storage.test/put"]])
        )
        #expect(request.url == "https://storage.test/put")
        #expect(request.authorization.isEmpty)
    }

    @Test func `leaves out the page where the method has none`() throws {
        let head = "base_url: https://a.test\npagination: {format: page, config: {page_key: p, limit_key: n}}"
        let paged = "label: V\n\(head)\nresources: {things: {list: {path: /x}, get: {path: /x, query: {a: b}}}}"
        let mapping = "resources: {things: {list: {query_mapping: '{}'}, get: {query_mapping: '{}'}}}"
        let list = try Sample.plan("list", integration: paged, mapping: mapping)
        #expect(try Sample.request(list, CallInput(limit: 7, cursor: "3")).queryLines == ["n=7", "p=3"])
        let get = try Sample.plan("get", integration: paged, mapping: mapping)
        #expect(try Sample.request(get, CallInput(limit: 7)).queryLines == ["a=b"])
    }
}
