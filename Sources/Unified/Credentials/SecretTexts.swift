import JSON

/// The texts in a document that a part of it, which may be shown, does not hold.
enum SecretTexts {
    static func of(_ document: JSONObject, without open: JSONObject) -> [String] {
        document.elements.flatMap { key, value in texts(value, open[key]) }
    }

    private static func texts(_ value: JSONValue, _ open: JSONValue?) -> [String] {
        if value == open { return [] }
        switch value {
        case .string(let text): return [text]
        case .number(let number): return [number.text]
        case .array(let items): return items.flatMap { texts($0, nil) }
        case .object(let object): return of(object, without: open?.object ?? [:])
        default: return []
        }
    }
}
