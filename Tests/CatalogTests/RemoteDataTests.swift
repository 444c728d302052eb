import Catalog
import JSON
import Testing

/// `remote_data` of a mapped record.
@Suite struct RemoteDataTests {
    private static let integration = "label: V\nbase_url: https://a.test\nresources: {things: {list: {path: /x}}}"

    private func records(
        _ body: String, integration: String = integration,
        mapping: String = "resources: {things: {list: {response_mapping: '{\"id\": response.id}'}}}"
    ) throws -> [JSONObject] {
        let plan = try Sample.plan("list", integration: integration, mapping: mapping)
        let scope = CallInput()
        guard case .single(let call) = try plan.route(for: scope) else { throw Sample.SampleError.notOneCall }
        let request = try RequestBuilder(plan, call).build(scope)
        let response = ProviderResponse(status: 200, document: try JSONText(Array(body.utf8)))
        guard case .page(let page) = try ResponseMapper(plan, call).map(response, request: request, scope: scope) else {
            Issue.record("a failure")
            return []
        }
        return try page.records.map { try $0.object() }
    }

    /// Long numbers, members named by numbers, repeated ones, escapes and blanks.
    private static let record = #"{ "id":12345678901234567890, "b":1.0, "10":"\u00e9\/", "2":{"x":[ ]}, "b":2 }"#

    private static func mapped(_ raw: String) -> String { #"{"id":"12345678901234567890","remote_data":\#(raw)}"# }

    @Test func `is the provider's record byte for byte`() throws {
        let records = try records("[\(Self.record), {\"id\":1}]")
        #expect(JSONValue.object(try #require(records.first)).text() == Self.mapped(Self.record))
        #expect(records.count == 2)
        #expect(records.first?["remote_data"]?["b"] == 2)
    }

    @Test func `is so where the data is found by a path`() throws {
        let integration = Self.integration.replacing("{path:", with: "{response_path: data.items, path:")
        let records = try records("{\"data\":{\"items\":[\(Self.record)]}}", integration: integration)
        #expect(records.map { JSONValue.object($0).text() } == [Self.mapped(Self.record)])
    }

    @Test func `is so where the mapping takes the page whole`() throws {
        let mapping = "resources: {things: {list: {response_mapping_method: array, response_mapping: 'response.{\"id\": id}[]'}}}"
        let records = try records("[\(Self.record)]", mapping: mapping)
        #expect(records.map { JSONValue.object($0).text() } == [Self.mapped(Self.record)])
    }

    @Test func `is a plain value where the record is one`() throws {
        let records = try records("[\"x\", 7, null]", mapping: "resources: {things: {list: {response_mapping: '{\"id\": \"a\"}'}}}")
        #expect(records == [["id": "a", "remote_data": "x"], ["id": "a", "remote_data": 7], ["id": "a"]])
    }
}
