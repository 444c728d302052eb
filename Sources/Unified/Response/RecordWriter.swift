import Catalog
@_spi(Engine) import JSON
@_spi(Engine) import JSONata
import NIOCore

/// Writes unified records as JSON, in the shape that the caller asked for, from where they lie (docs/wire.md#responses).
struct RecordWriter {
    private let shape: RecordShape
    private let fields: FieldNames
    private(set) var buffer: ByteBuffer
    /// One record's text, used again for each.
    private var sink = ByteSink(capacity: 4096)

    /// - Parameter capacity: bytes that the text may have.
    init(_ shape: RecordShape, capacity: Int) {
        self.shape = shape
        fields = FieldNames(shape)
        buffer = ByteBuffer()
        buffer.reserveCapacity(max(capacity, 256))
    }

    /// Ends the writing: `buffer` has the text.
    func destroy() { sink.destroy() }

    mutating func append(_ text: StaticString) { buffer.writeStaticString(text) }

    mutating func append(json value: JSONValue) { buffer.writeBytes(value.bytes()) }

    /// - Throws: `tooExpensive` for a record that is longer than the limit.
    mutating func append(_ record: MappedRecord) throws(CatalogError) {
        sink.count = 0
        let (document, workspace) = try record.opened()
        do {
            try workspace.append(to: &sink) { [shape, fields] (text) throws(ValueWriter.Failure) in
                try Self.write(document.value, shape, fields, &text)
            }
        } catch { throw CatalogError(error, at: MappedRecord.place) }
        buffer.writeBytes(sink.bytes)
    }

    /// Adds a member to the object that was written last.
    mutating func add(_ name: StaticString, _ value: JSONValue) {
        // In place of its closing brace.
        buffer.moveWriterIndex(to: buffer.writerIndex - 1)
        if buffer.getInteger(at: buffer.writerIndex - 1, as: UInt8.self) != UInt8(ascii: "{") { append(",") }
        append("\"")
        append(name)
        append("\":")
        append(json: value)
        append("}")
    }

    private static func write(
        _ record: Value, _ shape: RecordShape, _ fields: FieldNames, _ text: inout ValueWriter
    ) throws(ValueWriter.Failure) {
        if shape.format != .normalized, fields.excluded.isEmpty { return try text.write(record) }
        text.sink.append(UInt8(ascii: "{"))
        var isFirst = true
        func begin(_ name: Value) {
            if !isFirst { text.sink.append(UInt8(ascii: ",")) }
            isFirst = false
            text.write(name: name)
        }
        if shape.format == .normalized {
            for name in fields.normalized {
                begin(name)
                let value = record.member(name)
                try text.write(value.isUndefined ? .null : value)
            }
        } else {
            for member in record.members
            where !member.value.isUndefined && !fields.excluded.contains(where: { $0.sameString(member.key) }) {
                begin(member.key)
                try text.write(member.value)
            }
        }
        text.sink.append(UInt8(ascii: "}"))
    }
}

/// Names of fields as values of the engine.
private final class FieldNames {
    /// What is left out of records as they are.
    let excluded: [Value]
    /// All that normalized records have, in order.
    let normalized: [Value]
    private let arena: Arena?

    init(_ shape: RecordShape) {
        let hidden = shape.ignoreRemoteData ? shape.excluded.union(["remote_data"]) : shape.excluded
        let shown = shape.format == .normalized ? shape.normalizedFields : []
        let arena = hidden.isEmpty && shown.isEmpty ? nil : Arena()
        self.arena = arena
        excluded = arena.map { arena in hidden.map { Value(copying: $0, in: arena) } } ?? []
        normalized = arena.map { arena in shown.map { Value(copying: $0, in: arena) } } ?? []
    }

    deinit { arena?.destroy() }
}

/// The shape of unified records that the caller asked for (docs/wire.md#responses); `RecordWriter` writes them in it.
struct RecordShape {
    let format: ResponseFormat
    let ignoreRemoteData: Bool
    let excluded: Set<String>
    let schema: ResourceSchema

    init(_ parameters: CommonParameters, schema: ResourceSchema) {
        format = parameters.format
        ignoreRemoteData = parameters.ignoreRemoteData
        excluded = parameters.excludedFields
        self.schema = schema
    }

    /// Whether records in this shape are as they were mapped.
    var isWhole: Bool { format != .normalized && excluded.isEmpty && !ignoreRemoteData }

    /// Whether records in this shape have the field, if it was mapped.
    func shows(_ name: String) -> Bool {
        if format == .normalized { return normalizedFields.contains(name) }
        return !excluded.contains(name) && !(ignoreRemoteData && name == "remote_data")
    }

    /// What a normalized record has, in the order of the schema.
    var normalizedFields: [String] {
        schema.properties.map(\.name).filter { $0 != "remote_data" && !excluded.contains($0) }
    }
}
