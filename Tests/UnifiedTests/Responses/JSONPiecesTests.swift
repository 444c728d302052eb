@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import NIOCore
import Testing

@testable import Catalog
@testable import Unified

/// A long list in pieces is the list, byte for byte.
@Suite struct JSONPiecesTests {
    /// Records as a long page gives them.
    private static func records(_ count: Int) throws -> [MappedRecord] {
        let workspace = Workspace()
        return try (0..<count).map { at in
            let remote = #"{ "id" : \#(at), "id":1.0, "x":"\#(String(repeating: "é", count: 200))" }"#
            let text = #"{"id":"\#(at)","name":"Zoë \"\#(at)","remote_data":\#(remote)}"#
            let page = ResponseBytes(Array(text.utf8))
            let document = try workspace.parse(padded: page.start, count: page.count, owner: page.owner)
            var members = RecordMembers(document.value, in: workspace.arena)
            let last = try #require(document.value.members.last)
            members.set(last.key, last.value.with(Value.Flag.verbatim))
            return MappedRecord(try RecordTexts(page).add(workspace.document(members.object), in: workspace))
        }
    }

    private static func list(
        _ records: [MappedRecord], _ parameters: CommonParameters = CommonParameters(), keyBy: String? = nil
    ) -> ListEnvelope {
        let schema = ResourceSchema(json: ["type": "object", "properties": ["id": ["type": "string"], "name": ["type": "string"]]])
        return ListEnvelope(
            records: records, nextCursor: "next", isPartial: true, filteredBy: ["name"], keyBy: keyBy,
            shape: RecordShape(parameters, schema: schema))
    }

    private static func written(_ list: ListEnvelope) throws -> String {
        var writer = RecordWriter(list.shape, capacity: 0)
        defer { writer.destroy() }
        try list.write(to: &writer)
        return String(buffer: writer.buffer)
    }

    @Test(arguments: [1, 2, 3000]) func `pieces make the whole`(count: Int) async throws {
        let list = Self.list(try Self.records(count))
        let pieces = try #require(list.pieces())
        let expected = try Self.written(list)
        #expect(String(buffer: pieces.whole) == expected)
        #expect(pieces.count == expected.utf8.count)
        var sent = ByteBuffer()
        var longest = 0
        try await pieces.send { piece in
            longest = max(longest, piece.readableBytes)
            sent.writeImmutableBuffer(piece)
        }
        #expect(String(buffer: sent) == expected)
        #expect(longest < 300 << 10)
    }

    @Test func `records in another shape are written whole`() throws {
        let records = try Self.records(3)
        var parameters = CommonParameters()
        #expect(Self.list([], parameters).pieces() == nil)
        #expect(Self.list(records, keyBy: "id").pieces() == nil)
        let keyed = #"{"result":{"0":{"id":"0","name":"Zoë \"0","remote_data":{ "id" : 0, "id":1.0,"#
        #expect(try Self.written(Self.list(records, keyBy: "id")).hasPrefix(keyed))
        parameters.ignoreRemoteData = true
        #expect(Self.list(records, parameters).pieces() == nil)
        #expect(try Self.written(Self.list(records, parameters)).hasPrefix(#"{"result":[{"id":"0","name":"Zoë \"0"},{"id":"1","#))
        parameters = CommonParameters()
        parameters.format = .normalized
        #expect(Self.list(records, parameters).pieces() == nil)
        #expect(try Self.written(Self.list(records, parameters)).hasPrefix(#"{"result":[{"id":"0","name":"Zoë \"0"},{"id":"1","#))
    }
}
