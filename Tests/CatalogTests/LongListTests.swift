import HTTPTypes
import JSON
import Testing

@testable import Catalog

/// A long page gives what a short one does: its records are mapped one by one, and kept as text.
@Suite struct LongListTests {
    private static let integration =
        "label: V\nbase_url: https://a.test\n"
        + "resources: {things: {list: {response_path: data.items, path: /x}}}\n"
        + "pagination: {format: cursor, config: {cursor_path: 'data.items[-1].id', cursor_param: after, limit_param: n}}"
    private static let mapping =
        "resources: {things: {list: {is_partial_expression: 'response.items[0].id = 0',"
        + " response_mapping: 'response.id % 7 != 3 ? {\"id\": response.id, \"name\": response.name & \"\\\"\", \"none\": null, \"n\": response.n}'}}}"

    /// - Parameter bytes: that the page has at least.
    private static func page(_ bytes: Int) -> [UInt8] {
        var text = #"{"data":{"items":["#
        var at = 0
        while text.utf8.count < bytes {
            if at > 0 { text += "," }
            text += #"{ "id":\#(at), "name":"Zo\u00eb \#(at)","n":[1.0,{"x":12345678901234567890}],"7":"é/","b":1,"b":2 }"#
            at += 1
        }
        return Array((text + "]}}").utf8)
    }

    private func mapped(
        _ body: [UInt8], looksInside: Bool, mapping: String = mapping
    ) throws -> (page: MappedPage, response: ProviderResponse) {
        let plan = try Sample.plan("list", integration: Self.integration, mapping: mapping)
        let scope = CallInput()
        guard case .single(let call) = try plan.route(for: scope) else { throw Sample.SampleError.notOneCall }
        let request = try RequestBuilder(plan, call).build(scope)
        let response = ProviderResponse(status: 200, headers: [:], body: body, of: call.method)
        let mapper = ResponseMapper(plan, call)
        if !looksInside, let page = try LongList(mapper, leastBytes: 2000).map(response, request: request, scope: scope) {
            return (page, response)
        }
        let mapped = try mapper.map(response, request: request, scope: scope, looksInside: looksInside)
        guard case .page(let page) = mapped else { throw Sample.SampleError.notOneCall }
        return (page, response)
    }

    private static func text(_ record: MappedRecord) throws -> String { JSONValue.object(try record.object()).text() }

    @Test func `records, cursor and partiality are those of the page mapped whole`() throws {
        let body = Self.page(40_000)
        let (whole, _) = try mapped(body, looksInside: true)
        let (long, response) = try mapped(body, looksInside: false)
        #expect(whole.records.allSatisfy { $0.text == nil } && long.records.allSatisfy { $0.text != nil })
        #expect(long.records.count == whole.records.count && long.records.count > 200)
        #expect(long.nextCursor == whole.nextCursor && long.nextCursor != nil)
        #expect(long.isPartial == whole.isPartial)
        for at in stride(from: 0, to: whole.records.count, by: 7) {
            let expected = try Self.text(whole.records[at])
            #expect(try Self.text(long.records[at]) == expected)
            let text = try #require(long.records[at].text)
            #expect(String(decoding: Array(text.fields) + text.remoteData + [UInt8(ascii: "}")], as: UTF8.self) == expected)
            #expect(text.count == expected.utf8.count)
            #expect(long.records[at]["name"] == whole.records[at]["name"])
        }
        // The values are gone, and are read again for who asks.
        #expect(response.json?["data"]?["items"]?.array?.count ?? 0 > long.records.count)
    }

    @Test func `a shorter page is mapped whole`() throws {
        let (page, _) = try mapped(Self.page(1000), looksInside: false)
        #expect(!page.records.isEmpty && page.records.allSatisfy { $0.text == nil })
    }

    @Test func `a record whose mapping fails ends both`() {
        let mapping = "resources: {things: {list: {response_mapping: '{\"id\": response.id > 90 ? $error(\"no\") : response.id}'}}}"
        let body = Self.page(40_000)
        for looksInside in [true, false] {
            let error = #expect(throws: CatalogError.self) { try mapped(body, looksInside: looksInside, mapping: mapping) }
            #expect(error?.code == .expressionFailed)
        }
    }

    @Test func `a mapping's own remote_data stays`() throws {
        let mapping = "resources: {things: {list: {response_mapping: '{\"id\": response.id, \"remote_data\": {\"n\": response.n}}'}}}"
        let body = Self.page(40_000)
        let (whole, _) = try mapped(body, looksInside: true, mapping: mapping)
        let (long, _) = try mapped(body, looksInside: false, mapping: mapping)
        let record = try #require(long.records.last)
        #expect(try Self.text(record) == Self.text(whole.records[whole.records.count - 1]))
        #expect(record.text?.remoteData.isEmpty == true)
    }
}
