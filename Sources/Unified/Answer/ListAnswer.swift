import JSON

/// The envelope of a list (docs/wire.md#responses).
struct ListAnswer {
    var records: [JSONObject]
    var nextCursor: String?
    var isPartial = false

    /// - Parameter keyBy: a field of the records: `result` becomes an object with a member per record, the last of
    ///   equal keys winning. Records without the field are left out.
    func json(keyBy: String?) -> JSONObject {
        var result = JSONValue.array(records.map(JSONValue.object))
        if let keyBy {
            var keyed: JSONObject = [:]
            for record in records {
                switch record[keyBy] {
                case .string(let key): keyed[key] = .object(record)
                case .number(let number): keyed[number.text] = .object(record)
                default: break
                }
            }
            result = .object(keyed)
        }
        var answer: JSONObject = [
            "result": result, "next_cursor": nextCursor.map(JSONValue.string) ?? .null,
            // Providers page forward alone; the member is there for clients that read it.
            "prev_cursor": .null,
            "result_count": .number(JSONNumber(records.count)),
        ]
        if isPartial { answer["is_partial_response"] = true }
        return answer
    }
}
