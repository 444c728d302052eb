import JSON

/// Writes a JSON tree as XML: members are elements, arrays repeat them, `@name` members are attributes, `#text` the text.
enum XMLWriter {
    static func document(_ value: JSONValue, root: String?) -> String {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
        if let root { return head + element(root, value) }
        return head + (value.object?.elements.map { element($0.key, $0.value) }.joined() ?? escaped(value.plainText))
    }

    private static func element(_ name: String, _ value: JSONValue) -> String {
        switch value {
        case .array(let items): return items.map { element(name, $0) }.joined()
        case .null: return "<\(name)/>"
        case .object(let object):
            let attributes = object.elements.filter { $0.key.hasPrefix("@") }
                .map { " \($0.key.dropFirst())=\"\(escaped($0.value.plainText))\"" }.joined()
            let inner = object.elements.filter { !$0.key.hasPrefix("@") }
                .map { $0.key == "#text" ? escaped($0.value.plainText) : element($0.key, $0.value) }.joined()
            return "<\(name)\(attributes)>\(inner)</\(name)>"
        default: return "<\(name)>\(escaped(value.plainText))</\(name)>"
        }
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            default: out.append(character)
            }
        }
        return out
    }
}
