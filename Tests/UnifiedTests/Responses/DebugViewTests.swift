import HTTPTypes
import JSON
import Testing

@testable import Catalog
@testable import Unified
@testable import Upstream

/// What is shown of a provider's call, to its caller or to support.
struct `A provider's call that is shown` {
    private static func request(
        url: String = "https://v.test/a", query: [(String, String)] = [("q", "1")], headers: [(String, String)] = [("X-Open", "o")],
        authorization: [(String, String)] = [("Authorization", "Bearer token-12345")], secretQuery: [(String, String)] = [],
        body: JSONValue? = nil
    ) -> OutgoingRequest {
        var request = OutgoingRequest(
            method: "POST", url: url, baseURL: "https://v.test", query: query.map { (name: $0, value: $1) },
            headers: HTTPFields(texts: headers.map { (name: $0, value: $1) }),
            authorization: HTTPFields(texts: authorization.map { (name: $0, value: $1) }), body: .none, mappedQuery: [:])
        request.secretQuery = secretQuery.map { (name: $0, value: $1) }
        request.mappedBody = body
        return request
    }

    private static func view(
        _ request: OutgoingRequest, _ response: ProviderResponse = ProviderResponse(status: 200, json: nil), secrets: [String] = []
    ) -> JSONValue { DebugView(secrets: secrets, request).json(request, response) }

    @Test func `has its address, method, headers and body`() {
        let view = Self.view(Self.request(body: ["a": 1]), ProviderResponse(status: 200, headers: [.eTag: "x"], json: ["b": 2]))
        #expect(view["requestUrl"] == "https://v.test/a?q=1")
        #expect(view["requestOptions"] == ["method": "POST", "headers": ["X-Open": "o", "Authorization": "***"], "body": ["a": 1]])
        #expect(view["data"] == ["b": 2] && view["responseHeaders"] == ["etag": "x"])
    }

    @Test func `shows a text where there is no document, and nothing where there is nothing`() {
        #expect(Self.view(Self.request(), ProviderResponse(status: 500, json: nil, text: "<html>"))["data"] == "<html>")
        #expect(Self.view(Self.request())["data"]?.isNull == true)
        #expect(Self.view(Self.request())["requestOptions"]?["body"]?.isNull == true)
    }

    @Test(arguments: [
        "Bearer token-12345", "token-12345", "Basic dG9rZW4tMTIzNDU6",
    ]) func `masks what it was authorized with, wherever it is repeated`(repeated: String) {
        let request = Self.request(
            query: [("q", repeated)], headers: [("X-Echo", repeated)], body: ["k": .string(repeated), "\(repeated)": 1])
        let response = ProviderResponse(
            status: 200, headers: HTTPFields(texts: [(name: "x-echo", value: repeated)]), json: [.string(repeated)])
        let text = Self.view(request, response).text()
        #expect(!text.contains("12345") && !text.contains("dG9rZW4tMTIzNDU"))
    }

    @Test func `masks credentials in the query, and the account's other secrets`() {
        let request = Self.request(secretQuery: [("key", "query-key-777")], body: ["a": "query-key-777", "b": "other-secret-888"])
        let view = Self.view(request, secrets: ["other-secret-888"])
        #expect(view["requestOptions"]?["body"] == ["a": "***", "b": "***"])
        #expect(view["requestUrl"] == "https://v.test/a?q=1", "those are not part of what is shown")
    }

    @Test func `masks the values of an address that was signed`() {
        var request = Self.request(query: [("n", "1")])
        request.verbatimQuery = "X-Signature=abc&expires=5"
        #expect(Self.view(request)["requestUrl"] == "https://v.test/a?X-Signature=***&expires=***&n=1")
    }

    @Test(arguments: [
        "authorization", "Proxy-Authorization", "Cookie", "set-cookie", "X-API-Key", "api-key", "apikey", "x-auth-token", "x-access-token",
        "x-csrf-token", "www-authenticate", "x-amz-security-token",
    ]) func `masks fields that are credentials by their name`(name: String) {
        let request = Self.request(headers: [(name, "anything")], authorization: [])
        let response = ProviderResponse(status: 200, headers: HTTPFields(texts: [(name: name, value: "anything")]), json: nil)
        #expect(!Self.view(request, response).text().contains("anything"))
    }

    // MARK: For support

    @Test func `is kept for support with its status, and cut`() {
        let long = JSONValue.string(String(repeating: "x", count: FailedExchange.longestPart + 100))
        let kept = FailedExchange.json(Self.request(body: long), ProviderResponse(status: 418, json: ["a": "token-12345"]), secrets: [])
        #expect(kept["request"]?["method"] == "POST" && kept["request"]?["url"] == "https://v.test/a?q=1")
        #expect(kept["request"]?["headers"]?["Authorization"] == "***")
        #expect(kept["request"]?["body"]?.string?.utf8.count == FailedExchange.longestPart + 3)
        #expect(kept["response"]?["status"] == 418 && kept["response"]?["body"] == ["a": "***"])
    }

    @Test func `is cut behind the masking`() {
        let before = String(repeating: "x", count: FailedExchange.longestPart - 5)
        let kept = FailedExchange.json(
            Self.request(), ProviderResponse(status: 400, json: nil, text: before + "token-12345" + String(repeating: "y", count: 100)),
            secrets: [])
        #expect(kept["response"]?["body"]?.string?.contains("token") == false)
    }
}

/// The shape of records, before there are any.
struct `The shape of a record` {
    private static func shape(_ query: JSONObject) throws -> RecordShape {
        let vendor = TestVendor(calls: "  things: {list: {path: /things}}", mapping: "  things: {list: {}}")
        let plan = try vendor.catalog().plan(model: "demo", resource: "things", method: "list", integration: "vendor")
        return RecordShape(try CommonParameters(query), schema: plan.schema)
    }

    @Test(
        arguments: [
            ([:], ["id", "name", "remote_data", "own"], []), (["truto_exclude_fields": "id,own"], ["name"], ["id", "own"]),
            (["truto_ignore_remote_data": "true"], ["id"], ["remote_data"]),
            (["truto_response_format": "normalized"], ["id", "name", "size", "owner"], ["remote_data", "own"]),
            (["truto_response_format": "normalized", "truto_exclude_fields": "name"], ["id"], ["name"]),
        ] as [(JSONObject, [String], [String])])
    func `has fields and leaves others out`(query: JSONObject, shown: [String], hidden: [String]) throws {
        let shape = try Self.shape(query)
        for name in shown { #expect(shape.shows(name), "\(name)") }
        for name in hidden { #expect(!shape.shows(name), "\(name)") }
    }

    @Test func `is that of the schema, in its order, where it is normalized`() throws {
        #expect(try Self.shape(["truto_response_format": "normalized"]).normalizedFields == ["id", "name", "size", "owner"])
    }
}
