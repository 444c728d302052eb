import JSON
import Synchronization
import Testing

@testable import Unified
@testable import Upstream

/// References filled with the records that they point to.
struct `An expanded call` {
    private static let vendor = TestVendor(
        calls: """
              things:
                list: {path: /things, response_path: data}
                get: {path: "/things/{{id}}"}
                create: {method: post, path: /things}
              people:
                get: {path: "/people/{{id}}"}
            """,
        mapping: """
              things:
                list: {response_mapping: '{"id": response.id, "owner": {"id": response.by}}'}
                get: {response_mapping: '{"id": response.id, "owner": {"id": response.by}}'}
                create: {response_mapping: '{"id": response.id}'}
              people:
                get: {response_mapping: '{"id": response.id, "name": response.n}'}
            """)

    private static func run(_ people: [String: MemoryProvider.Response] = [:], _ body: (TestService) async throws -> Void) async throws {
        try await TestService.run(vendor) { request, _ in
            switch request.target {
            case "/things": .json(#"{"data":[{"id":1,"by":"a"},{"id":2,"by":"b"},{"id":3,"by":"a"},{"id":4}]}"#)
            case "/things/1": .json(#"{"id":1,"by":"a"}"#)
            case let target where target.hasPrefix("/people/"):
                people[String(target.dropFirst(8))] ?? .json(#"{"id":"\#(target.dropFirst(8))","n":"N\#(target.dropFirst(8))"}"#)
            default: .json("{}", status: 404)
            }
        } _: {
            try await body($0)
        }
    }

    private static let query = "truto_expand=owner&truto_ignore_remote_data=true"

    @Test func `has each record fetched once, and put into every reference to it`() async throws {
        try await Self.run { service in
            let reply = try await service.reply("list", query: Self.query)
            #expect(
                reply.json["result"]?.text()
                    == #"[{"id":"1","owner":{"id":"a","name":"Na"}},{"id":"2","owner":{"id":"b","name":"Nb"}},"#
                    + #"{"id":"3","owner":{"id":"a","name":"Na"}},{"id":"4"}]"#)
            #expect(service.provider.lines.first == "GET /things" && service.provider.lines.count == 3)
            #expect(reply.json["warnings"] == nil && reply.json["is_partial_response"] == nil)
        }
    }

    @Test func `of one record is filled as a list's are`() async throws {
        try await Self.run { service in
            let reply = try await service.reply("get", id: "1", query: Self.query)
            #expect(reply.text == #"{"id":"1","owner":{"id":"a","name":"Na"}}"#)
        }
    }

    @Test func `keyed by a field is filled all the same`() async throws {
        try await Self.run { service in
            let reply = try await service.reply("list", query: Self.query + "&truto_key_by=id")
            #expect(reply.json["result"]?["2"]?.text() == #"{"id":"2","owner":{"id":"b","name":"Nb"}}"#)
        }
    }

    @Test func `keeps the provider's records where they are asked for`() async throws {
        try await Self.run { service in
            let reply = try await service.reply("get", id: "1", query: "truto_expand=owner")
            #expect(reply.json["remote_data"]?["by"] == "a" && reply.json["owner"]?["remote_data"]?["n"] == "Na")
        }
    }

    @Test func `in debug shows the call of the list`() async throws {
        try await Self.run { service in
            let reply = try await service.reply("list", query: Self.query + "&truto_response_format=debug")
            #expect(reply.json["result"]?["result"]?.array?.first?["owner"]?["name"] == "Na")
            #expect(reply.json["debug"]?["requestUrl"] == "https://api.vendor.test/things")
        }
    }

    @Test func `says which records it could not have, and keeps the rest`() async throws {
        try await Self.run(["a": .json(#"{"message":"gone"}"#, status: 404)]) { service in
            let reply = try await service.reply("list", query: Self.query)
            #expect(reply.json["is_partial_response"] == true)
            #expect(
                reply.json["warnings"]?.text()
                    == #"[{"code":"remote_error","field":"owner","id":"a","status":404,"message":"gone"}]"#)
            #expect(reply.json["result"]?.array?.map { $0["owner"]?["name"]?.string } == [nil, "Nb", nil, nil])
        }
        try await Self.run(["a": .json("{}", status: 500)]) { service in
            let reply = try await service.reply("get", id: "1", query: Self.query)
            #expect(reply.json["owner"] == ["id": "a"] && reply.json["is_partial_response"] == nil)
            #expect(reply.json["warnings"]?.array?.count == 1)
        }
    }

    @Test func `ends as the list itself does where that fails`() async throws {
        try await Self.run { service in
            let error = try await service.error("get", id: "9", query: Self.query)
            #expect(error?.status == 404 && service.provider.lines.count == 1)
        }
    }

    @Test func `has no time left where it has used it up`() async throws {
        var limits = UnifiedService.Limits()
        limits.expandTime = .zero
        try await TestService.run(Self.vendor, limits: limits) { _, _ in
            .json(#"{"id":1,"by":"a"}"#)
        } _: { service in
            let reply = try await service.reply("get", id: "1", query: Self.query)
            #expect(reply.json["warnings"]?.array?.first?["code"] == "provider_timeout")
            #expect(service.provider.lines.count == 1)
        }
    }

    // MARK: What is refused

    @Test(
        arguments: [
            ("list", "truto_expand=name", "cannot expand name", "It can expand owner"),
            ("list", "truto_expand=owner,size", "cannot expand size", "It can expand owner"),
            ("create", "truto_expand=owner", "no references", "list and get"),
            ("list", "truto_expand=owner&truto_response_format=raw", "mapped records", "unified"),
            ("list", "truto_expand=owner&truto_response_format=stream", "mapped records", "unified"),
        ])
    func `is refused where there is nothing to fill`(method: String, query: String, message: String, hint: String) async throws {
        try await Self.run { service in
            let error = try await service.error(method, id: "1", query: query)
            #expect(error?.code == .invalidQueryParameter && error?.param == "truto_expand")
            #expect(error?.message.contains(message) == true && error?.hint?.contains(hint) == true)
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `reads nothing that its caller may not read`() async throws {
        try await Self.run { service in
            var call = try service.unifiedCall("list", query: Self.query)
            let asked = Mutex<[String]>([])
            call.authorize = { resource, method in
                asked.withLock { $0.append("\(resource).\(method)") }
                throw APIError(.forbidden, "m")
            }
            #expect(await service.error(call)?.code == .forbidden)
            #expect(asked.withLock { $0 } == ["people.get"] && service.provider.lines.isEmpty)
        }
    }

    @Test func `offers only what the vendor has a call for`() async throws {
        var vendor = Self.vendor
        vendor.mapping = #"  things: {list: {response_mapping: '{"id": response.id}'}}"#
        try await TestService.run(vendor) { _, _ in
            .json("{}")
        } _: { service in
            let error = try await service.error("list", query: "truto_expand=owner")
            #expect(error?.hint == "It has nothing to expand in things")
        }
    }
}
