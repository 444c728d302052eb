import HTTPTypes
import Hummingbird
import JSON

/// Lever's list manners: `limit` 1–100, an opaque `offset`, `{"data", "next", "hasNext"}`.
enum LeverList {
    /// A row of any list.
    struct Row: Sendable {
        var id: String
        /// Milliseconds; also what the `…_start` and `…_end` filters look at.
        var time: Int64
        var json: JSONValue
    }

    static func page(_ rows: [Row], _ query: FormEncoding) throws(LeverError) -> JSONValue {
        var limit = 100
        if let text = query["limit"] {
            guard let wanted = Int(text), (1...100).contains(wanted) else {
                throw .invalid("limit must be a number from 1 to 100")
            }
            limit = wanted
        }
        var start = 0
        if let offset = query["offset"] {
            // A token whose row has gone is stale, like one that never was.
            guard let place = rows.firstIndex(where: { token(for: $0) == offset }) else {
                throw .invalid("Invalid offset token")
            }
            start = place
        }
        let end = min(rows.count, start + limit)
        var out: JSONObject = ["data": .array(rows[start..<end].map(\.json))]
        if end < rows.count { out["next"] = .string(token(for: rows[end])) }
        out["hasNext"] = .bool(end < rows.count)
        return .object(out)
    }

    /// Names the first row of the next page. The text is percent-encoded already, and is to come back
    /// encoded once more, as the value of `offset`.
    private static func token(for row: Row) -> String {
        FormEncoding.encode("[3,\(row.time),\"\(row.id)\"]")
    }

    /// Rows whose time lies within `<name>_start` and `<name>_end`, both inclusive, in milliseconds.
    static func within(_ name: String, _ rows: [Row], _ query: FormEncoding) throws(LeverError) -> [Row] {
        let start = try milliseconds("\(name)_start", query) ?? .min
        let end = try milliseconds("\(name)_end", query) ?? .max
        return rows.filter { $0.time >= start && $0.time <= end }
    }

    private static func milliseconds(_ name: String, _ query: FormEncoding) throws(LeverError) -> Int64? {
        guard let text = query[name] else { return nil }
        guard let value = Int64(text) else { throw .invalid("\(name) must be a timestamp in milliseconds") }
        return value
    }
}
