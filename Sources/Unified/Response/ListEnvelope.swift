import Catalog
import JSON

/// The envelope of a list (docs/wire.md#responses).
struct ListEnvelope {
    var records: [MappedRecord]
    var nextCursor: String?
    var isPartial = false
    /// Parameters by which the gateway dropped records.
    var filteredBy: [String] = []
    /// A field of the records: `result` becomes an object with a member per record, the last of equal keys winning.
    /// Records without the field are left out.
    var keyBy: String?
    var shape: RecordShape

    func write(to writer: inout RecordWriter) throws(CatalogError) {
        writer.append(#"{"result":"#)
        if let keyBy {
            try writeKeyed(by: keyBy, to: &writer)
        } else {
            writer.append("[")
            var isFirst = true
            for record in records {
                if !isFirst { writer.append(",") }
                isFirst = false
                try writer.append(record)
            }
            writer.append("]")
        }
        writeEnd(to: &writer)
    }

    /// The list in pieces, where its records are texts and are to be written as those are; nil for any other.
    func pieces() -> JSONPieces? {
        guard keyBy == nil, shape.isWhole, !records.isEmpty else { return nil }
        let texts = records.compactMap(\.text)
        guard texts.count == records.count else { return nil }
        var end = RecordWriter(shape, capacity: 0)
        defer { end.destroy() }
        end.append("]")
        writeEnd(to: &end)
        return JSONPieces(start: #"{"result":["#, records: texts, end: end.buffer)
    }

    private func writeEnd(to writer: inout RecordWriter) {
        writer.append(#","next_cursor":"#)
        writer.append(json: nextCursor.map(JSONValue.string) ?? .null)
        // Providers page forward alone; the member is there for clients that read it.
        writer.append(#","prev_cursor":null,"result_count":"#)
        writer.append(json: .number(JSONNumber(records.count)))
        if !filteredBy.isEmpty {
            writer.append(#","filtered_by_gateway":"#)
            writer.append(json: .array(filteredBy.map(JSONValue.string)))
        }
        if isPartial { writer.append(#","is_partial_response":true"#) }
        writer.append("}")
    }

    private func writeKeyed(by name: String, to writer: inout RecordWriter) throws(CatalogError) {
        var keyed: [(key: String, record: MappedRecord)] = []
        var places: [String: Int] = [:]
        for record in records {
            guard let key = shape.key(of: record, by: name) else { continue }
            if let place = places[key] {
                keyed[place].record = record
            } else {
                places[key] = keyed.count
                keyed.append((key, record))
            }
        }
        writer.append("{")
        for (at, entry) in keyed.enumerated() {
            if at > 0 { writer.append(",") }
            writer.append(json: .string(entry.key))
            writer.append(":")
            try writer.append(entry.record)
        }
        writer.append("}")
    }
}

extension RecordShape {
    /// The text or number that the record, in its shape, has in the field; nil where it has none.
    fileprivate func key(of record: MappedRecord, by name: String) -> String? {
        guard shows(name) else { return nil }
        switch record[name] {
        case .string(let key): return key
        case .number(let number): return number.text
        default: return nil
        }
    }
}
