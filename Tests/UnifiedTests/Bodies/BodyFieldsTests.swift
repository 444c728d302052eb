import Catalog
import JSON
import Multipart
import NIOCore
import Testing

@testable import Unified

/// Which fields a body and a query may have, and what they make.
@Suite struct BodyFieldsTests {
    private static func plan() throws -> MethodPlan {
        let model = """
            label: Things
            resources:
              things:
                schema: {type: object, properties: {id: {type: string}}}
                methods:
                  create:
                    query: {since: {type: string, format: date-time}, size: {type: integer}}
                    params: {owner_id: {type: string}}
                    body:
                      name: {type: string}
                      address:
                        type: object
                        properties:
                          postal_code: {type: string}
                          lines: {type: array, items: {type: object, properties: {line_text: {type: string}}}}
            """
        let vendor = TestVendor(
            model: model, calls: "  things: {create: {method: post, path: /things}}", mapping: "  things: {create: {}}")
        return try vendor.catalog().plan(model: "demo", resource: "things", method: "create", integration: "vendor")
    }

    @Test(
        arguments: [
            ["size": "3"], ["since": "2026-11-28"], ["owner_id": "7"], ["colour": "red"], ["size": ""],
        ] as [JSONObject]) func `a query that is understood passes, and so does what means nothing here`(query: JSONObject) throws
    {
        let members = BodyMembers(try Self.plan())
        #expect(throws: Never.self) { try members.check(query: query) }
    }

    @Test(
        arguments: [
            (["size": "three"], "size", "size must be a number", "Send a number"),
            (["Size": "3"], "Size", "There is no parameter Size", "Did you mean size?"),
            (["owner-id": "7"], "owner-id", "There is no parameter owner-id", "Did you mean owner_id?"),
            (["owner_id": ""], "owner_id", "owner_id is empty", "Send an id, or leave owner_id out"),
            (["size": "3", "ownerId": "7"], "ownerId", "There is no parameter ownerId", "Did you mean owner_id?"),
        ] as [(JSONObject, String, String, String)])
    func `a query that would be lost or misread is refused`(query: JSONObject, param: String, message: String, hint: String) throws {
        let members = BodyMembers(try Self.plan())
        let error = #expect(throws: APIError.self) { try members.check(query: query) }
        #expect(error?.code == .invalidQueryParameter)
        #expect(error?.param == param && error?.message == message && error?.hint == hint)
    }

    @Test(
        arguments: [
            (["address": ["postalCode": "1"]], "address[postalCode]", "address[postal_code]"),
            (
                ["address": ["lines": [["line_text": "a"], ["LineText": "b"]]]], "address[lines][1][LineText]",
                "address[lines][1][line_text]"
            ),
            (["Address": ["postal_code": "1"]], "Address", "address"),
        ] as [(JSONObject, String, String)])
    func `a misspelt member is named by its place, however deep it stands`(body: JSONObject, param: String, meant: String) throws {
        let members = BodyMembers(try Self.plan())
        let error = #expect(throws: APIError.self) { try members.check(body: body) }
        #expect(error?.code == .unknownBodyField && error?.param == param && error?.hint == "Did you mean \(meant)?")
    }

    @Test(
        arguments: [
            (["candidate"], "candidate[id]", true), (["candidate"], "candidate", true), (["candidate"], "candidate_id", false),
            (["candidate"], "note", false), ([], "file_name", true), ([], "content_type", true), ([], "file_url", true),
            ([], "remote_data[a]", true), (nil, "note", true),
        ] as [(Set<String>?, String, Bool)])
    func `a field changes the request where the mapping reads it, or it goes there anyway`(
        mapped: Set<String>?, field: String, changes: Bool
    ) {
        #expect(RequiredFields(mapped).contains(field) == changes)
    }

    private static func fields(_ pairs: [(String, String)]) -> [(name: String, value: FormValue)] {
        pairs.map { (name: $0, value: .text(ByteBuffer(string: $1))) }
    }

    @Test func `fields of a form nest by their names, and remote data is taken out`() throws {
        let form = try FormFields(
            Self.fields([
                ("candidate[id]", "1"), ("tags[]", "x"), ("candidate[emails][0][email]", "e"), ("tags[]", "y"), ("remote_data[a][b]", "2"),
            ]), isJSON: false)
        #expect(JSONValue.object(form.body).text() == #"{"candidate":{"id":"1","emails":[{"email":"e"}]},"tags":["x","y"]}"#)
        #expect(form.remoteData == ["a": ["b": "2"]])
    }

    @Test(arguments: [true, false]) func `names that cannot nest are the body's fault`(isJSON: Bool) {
        let code: APIError.Code = isJSON ? .invalidJSON : .invalidMultipart
        let deep = #expect(throws: APIError.self) {
            try FormFields(Self.fields([("a" + String(repeating: "[b]", count: 21), "x")]), isJSON: isJSON)
        }
        #expect(deep?.code == code && deep?.param?.hasPrefix("a[b]") == true)
        let many = #expect(throws: APIError.self) { try FormFields(Self.fields((0...1000).map { ("f\($0)", "x") }), isJSON: isJSON) }
        #expect(many?.code == code && many?.message.contains("1000") == true)
    }
}
