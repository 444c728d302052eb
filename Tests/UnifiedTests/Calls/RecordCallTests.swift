import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import Unified

/// Calls for one record: to read it, make it, change it and take it away.
struct `A call for one record` {
    private static let vendor = TestVendor(
        calls: """
              things:
                get: {path: "/things/{{id}}"}
                create: {method: post, path: /things}
                update: {method: patch, path: "/things/{{id}}"}
                delete: {method: delete, path: "/things/{{id}}"}
                count: {path: /count}
                put: {method: put, path: "/things/{{id}}", idempotent: true}
                check: {path: "/check/{{query.name}}"}
            """,
        mapping: """
              things:
                get: {response_mapping: '{"id": response.id, "name": response.title}'}
                create:
                  requires: [owner_id]
                  refuse: [{if: body.note = "long", message: Notes are short, param: note}]
                  query_mapping: '{}'
                  before: [{name: checked, config: '{"resource": "things", "method": "check", "query": {"name": body.name}}', run_if: body.note = "check"}]
                  request_body_mapping: '{"title": body.name, "owner": params.owner_id, "ok": before.checked.ok}'
                  response_mapping: '{"id": response.id, "name": response.title}'
                update:
                  request_body_mapping: '$merge([{}, $exists(body.name) ? {"title": body.name}])'
                  response_mapping: '{"id": response.id}'
                delete: {}
                count: {response_mapping: '{"size": response.n}'}
            """)

    private static func run(
        on vendor: TestVendor = vendor, _ answer: @escaping @Sendable (MemoryProvider.Request) -> MemoryProvider.Response,
        _ body: (TestService) async throws -> Void
    ) async throws {
        try await TestService.run(vendor) { request, _ in
            answer(request)
        } _: {
            try await body($0)
        }
    }

    private static let thing = MemoryProvider.Response.json(#"{"id":7,"title":"x"}"#)

    // MARK: Reading

    @Test func `gives the record bare`() async throws {
        try await Self.run({ _ in Self.thing }) { service in
            let reply = try await service.reply("get", id: "7")
            #expect(reply.text == #"{"id":"7","name":"x","remote_data":{"id":7,"title":"x"}}"#)
        }
    }

    @Test func `is not there where each of its sources is left out`() async throws {
        let vendor = TestVendor(
            calls: "  things: {get: {path: '/things/{{id}}'}}",
            mapping: """
                  things:
                    get:
                      sources: [{resource: things, method: get, run_if: '$contains(id, ":")', response_mapping: '{"id": response.id}'}]
                """)
        try await Self.run(on: vendor, { _ in Self.thing }) { service in
            let error = try await service.error("get", id: "7")
            #expect(error?.status == 404 && error?.code == .notFound, "\(String(describing: error))")
            #expect(service.provider.lines.isEmpty)
            #expect(try await service.reply("get", id: "a:7").text.contains("\"id\":\"7\""))
        }
    }

    @Test(arguments: [("a b", "/things/a%20b"), ("ü", "/things/%C3%BC"), ("a?b#c", "/things/a%3Fb%23c"), ("..x", "/things/..x")])
    func `sends an id as one segment of the path`(id: String, path: String) async throws {
        try await Self.run({ _ in Self.thing }) { service in
            _ = try await service.reply("get", id: id)
            #expect(service.provider.lines == ["GET \(path)"])
        }
    }

    @Test(arguments: ["a/b", "..", ".", "a\\b", ""]) func `refuses an id that would lead elsewhere`(id: String) async throws {
        try await Self.run({ _ in Self.thing }) { service in
            let error = try await service.error("get", id: id)
            #expect(error?.status == 400, "\(String(describing: error))")
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `wraps what is no record`() async throws {
        try await Self.run({ _ in .json(#"{"n":3}"#) }) { service in
            let reply = try await service.reply("count", query: "truto_ignore_remote_data=true")
            #expect(reply.text == #"{"result":{"size":3}}"#)
        }
    }

    // MARK: Taking away

    @Test(
        arguments: [
            ("", 204, "", #"{"id":"7"}"#), ("truto_response_format=normalized", 204, "", #"{"id":"7"}"#),
            ("", 200, #"{"ok":true}"#, #"{"id":"7"}"#),
        ])
    func `says which one is gone`(query: String, status: Int, body: String, text: String) async throws {
        try await Self.run({ _ in MemoryProvider.Response(status: status, body: [body]) }) { service in
            let reply = try await service.reply("delete", id: "7", query: query)
            #expect(reply.text == text)
            #expect(service.provider.lines == ["DELETE /things/7"])
        }
    }

    // MARK: Making and changing

    @Test func `takes its parameters from the body or the query, and sends what the mapping makes`() async throws {
        for (query, body) in [
            ("", #"{"name":"n","owner_id":"5"}"#), ("owner_id=5", #"{"name":"n"}"#), ("", #"{"name":"n","owner":{"id":5}}"#),
        ] {
            try await Self.run({ _ in Self.thing }) { service in
                let reply = try await service.reply("create", query: query, body: .json(body))
                #expect(reply.json["id"] == "7")
                let sent = try #require(service.provider.received.first)
                #expect(sent.line == "POST /things" && sent.body == #"{"title":"n","owner":"5"}"#)
                #expect(sent["content-type"] == "application/json" && sent["content-length"] == "\(sent.body.utf8.count)")
            }
        }
    }

    @Test func `merges remote_data over the mapped body`() async throws {
        try await Self.run({ _ in Self.thing }) { service in
            let body = #"{"name":"n","owner_id":"5","remote_data":{"title":"own","extra":{"a":[1]}}}"#
            _ = try await service.reply("create", body: .json(body))
            #expect(service.provider.received.first?.body == #"{"title":"own","owner":"5","extra":{"a":[1]}}"#)
        }
    }

    @Test func `reads a form as it reads JSON`() async throws {
        try await Self.run({ _ in Self.thing }) { service in
            _ = try await service.reply(
                "create", body: .form([.field("name", "n"), .field("owner[id]", "5"), .field("remote_data[extra]", "1")]))
            #expect(service.provider.received.first?.body == #"{"title":"n","owner":"5","extra":"1"}"#)
        }
    }

    @Test(
        arguments: [
            ("{}", "missing_body_fields", "name"), (#"{"name":"n"}"#, "missing_body_fields", "owner_id"),
            (#"{"name":null,"owner_id":"5"}"#, "missing_body_fields", "name"),
            (#"{"name":"n","owner_id":"5","note":"long"}"#, "invalid_body", "note"),
            (#"{"name":"n","owner_id":"5","remote_data":5}"#, "invalid_remote_data", "remote_data"), ("[]", "invalid_body", nil),
            ("{", "invalid_json", nil),
        ] as [(String, String, String?)])
    func `is refused before anything is sent`(body: String, code: String, param: String?) async throws {
        try await Self.run({ _ in Self.thing }) { service in
            let error = try await service.error("create", body: .json(body))
            #expect(error?.code.name == code, "\(String(describing: error))")
            #expect(error?.param == param || param == nil)
            if code == "missing_body_fields" { #expect(error?.insight["missing_required_body_fields"] != nil) }
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test func `that two values name the owner of is refused`() async throws {
        try await Self.run({ _ in Self.thing }) { service in
            let error = try await service.error("create", query: "owner_id=6", body: .json(#"{"name":"n","owner_id":"5"}"#))
            #expect(error?.status == 400 && error?.message.contains("owner_id") == true)
        }
    }

    @Test func `takes null for absent where one is made, and for a value where one is changed`() async throws {
        try await Self.run({ _ in Self.thing }) { service in
            _ = try await service.reply("update", id: "7", body: .json(#"{"name":null}"#))
            _ = try await service.reply("update", id: "7", body: .json("{}"))
            #expect(service.provider.received.map(\.body) == [#"{"title":null}"#, "{}"])
        }
    }

    // MARK: Steps

    @Test func `runs its steps first, and shows the main call in debug`() async throws {
        try await Self.run({ $0.method == "GET" ? .json(#"{"ok":1}"#) : Self.thing }) { service in
            let body = #"{"name":"n","owner_id":"5","note":"check"}"#
            let reply = try await service.reply("create", query: "truto_response_format=debug", body: .json(body))
            #expect(service.provider.lines == ["GET /check/n", "POST /things"])
            #expect(service.provider.received.last?.body == #"{"title":"n","owner":"5","ok":1}"#)
            #expect(reply.json["debug"]?["requestUrl"] == "https://api.vendor.test/things")
        }
    }

    @Test func `fails with the step's own response`() async throws {
        try await Self.run({ _ in .json(#"{"message":"busy"}"#, status: 409) }) { service in
            let error = try await service.error("create", body: .json(#"{"name":"n","owner_id":"5","note":"check"}"#))
            #expect(error?.status == 409 && error?.message == "busy" && error?.remote?.rawResponse == ["message": "busy"])
            #expect(service.provider.lines == ["GET /check/n"])
        }
    }

    // MARK: What may be sent again

    @Test func `is not sent again where it may have been carried out`() async throws {
        try await Self.run({ _ in .hangUp }) { service in
            let error = try await service.error("create", body: .json(#"{"name":"n","owner_id":"5"}"#))
            #expect(error?.code == .outcomeUnknown && service.provider.lines.count == 1)
            #expect(try await service.error("delete", id: "7")?.code == .outcomeUnknown)
        }
    }

    @Test func `is sent again where its definition says that this changes nothing`() async throws {
        var vendor = Self.vendor
        vendor.mapping = "  things: {update: {method: put, response_mapping: '{\"id\": response.id}'}}"
        try await TestService.run(vendor) { _, before in
            before.isEmpty ? .hangUp : Self.thing
        } _: { service in
            let reply = try await service.reply("update", id: "7", body: .json("{}"))
            #expect(reply.json["id"] == "7")
            #expect(service.provider.lines == ["PUT /things/7", "PUT /things/7"])
        }
    }

    @Test func `tells its caller before something is changed, and not before it is only read`() async throws {
        for (method, asks) in [("get", false), ("delete", true)] {
            try await Self.run({ _ in Self.thing }) { service in
                let announced = Counter()
                var call = try service.unifiedCall(method, id: "7")
                call.willSend = { announced.add() }
                _ = try await service.reply(call)
                #expect(announced.count == (asks ? 1 : 0))
                call.willSend = { throw APIError(.idempotencyKeyInUse, "m") }
                if asks { #expect(await service.error(call)?.code == .idempotencyKeyInUse) }
                #expect(service.provider.lines.count == 1)
            }
        }
    }

    // MARK: No call at all

    @Test func `may have a response without any call`() async throws {
        var vendor = Self.vendor
        vendor.mapping = #"  things: {count: {static_response: {result: [1, null]}}}"#
        try await Self.run(on: vendor, { _ in Self.thing }) { service in
            let reply = try await service.reply("count")
            #expect(reply.text == #"{"result":[1,null]}"#)
            #expect(service.provider.lines.isEmpty)
        }
    }

    @Test(arguments: ["nothing(", "$error(\"no\")"]) func `fails where its mapping does`(expression: String) async throws {
        var vendor = Self.vendor
        vendor.mapping = "  things: {get: {response_mapping: '\(expression)'}}"
        try await Self.run(on: vendor, { _ in Self.thing }) { service in
            let error = try await service.error("get", id: "7")
            #expect(error?.code == .mappingFailed && error?.message.isEmpty == false)
        }
    }

    @Test func `ends where its mapping is endless`() async throws {
        var vendor = Self.vendor
        vendor.mapping = #"  things: {get: {response_mapping: '($f := function($n){ $f($n + 1) }; $f(0))'}}"#
        var limits = UnifiedService.Limits()
        limits.mapping.processorMilliseconds = 50
        try await TestService.run(vendor, limits: limits) { _, _ in
            Self.thing
        } _: { service in
            let error = try await service.error("get", id: "7")
            #expect(error?.code == .mappingTooExpensive)
        }
    }
}
