import ArgumentParser
import JSON

/// How a managing command prints: a table for people, JSON for scripts.
struct Printing: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false

    /// One record, as JSON or as a line per member.
    func show(_ record: JSONObject) {
        if json { return Console.out(JSONValue.object(record).text(pretty: true)) }
        let width = record.keys.map(\.count).max() ?? 0
        for (key, value) in record {
            Console.out(key + String(repeating: " ", count: width - key.count + 2) + Self.cell(value))
        }
    }

    /// Records, as `{"result": […]}` or as a table of some of their members.
    func list(_ records: [JSONObject], columns: [String]) {
        if json {
            let result: JSONValue = ["result": .array(records.map(JSONValue.object))]
            return Console.out(result.text(pretty: true))
        }
        let rows = [columns] + records.map { record in columns.map { Self.cell(record[$0] ?? .null) } }
        for line in Self.table(rows) { Console.out(line) }
    }

    /// Columns as wide as their widest cell, two spaces between them.
    static func table(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: "-"
        case .string(let text): text
        default: value.text()
        }
    }
}
