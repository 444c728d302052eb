@_spi(Engine) import JSON

/// `$jsonToCsv`: RFC 4180 text with every string quoted.
enum CSVWriter {
    /// - Parameter options: `delimiter`, `eol`, `header` (false for none), `fields` (names, or objects with `label` and
    ///   `value`).
    static func write(_ rows: [JSONValue], options: JSONObject?) -> String {
        let rows = rows.filter { $0 != .null }
        let delimiter = options?["delimiter"]?.string ?? ","
        let columns = options?["fields"]?.array?.map(column) ?? names(rows).map { (label: $0, path: $0) }
        var lines: [String] = []
        if options?["header"]?.bool != false {
            lines.append(columns.map { quoted($0.label) }.joined(separator: delimiter))
        }
        for row in rows {
            lines.append(columns.map { cell(value(row, $0.path)) }.joined(separator: delimiter))
        }
        return lines.joined(separator: options?["eol"]?.string ?? "\n")
    }

    private static func column(_ field: JSONValue) -> (label: String, path: String) {
        let path = field["value"]?.string ?? field.plainText
        return (field["label"]?.string ?? path, path)
    }

    /// All member names, in the order they first occur.
    private static func names(_ rows: [JSONValue]) -> [String] {
        var seen: Set<String> = []
        var names: [String] = []
        for row in rows { for key in row.object?.keys ?? [] where seen.insert(key).inserted { names.append(key) } }
        return names
    }

    private static func value(_ row: JSONValue, _ path: String) -> JSONValue? {
        if let whole = row[path] { return whole }
        var current: JSONValue? = row
        for name in path.split(separator: ".") { current = current?[String(name)] }
        return current
    }

    private static func cell(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: ""
        case .string(let text): quoted(text)
        case .array, .object: quoted(value?.text() ?? "")
        case .bool, .number: value?.plainText ?? ""
        }
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
