import JSON

/// Writes JSON as XML, in the convention of `XMLParser` with prefixes written out.
enum XMLText {
    static func document(_ value: JSONValue) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element(value)
    }

    /// The elements of an object's members, one after another.
    static func element(_ value: JSONValue) -> String {
        var out = ""
        for (name, inner) in value.object ?? [:] { write(name, inner, into: &out) }
        return out
    }

    private static func write(_ name: String, _ value: JSONValue, into out: inout String) {
        switch value {
        case .array(let items): for item in items { write(name, item, into: &out) }
        case .null: out += "<\(name)/>"
        case .object(let object):
            out += "<\(name)"
            for (key, inner) in object where key.hasPrefix("@") {
                guard !inner.isNull else { continue }
                out += " \(key.dropFirst())=\"\(escaped(inner.string ?? inner.text()))\""
            }
            let children = object.elements.filter { !$0.key.hasPrefix("@") }
            guard !children.isEmpty else {
                out += "/>"
                return
            }
            out += ">"
            for (key, inner) in children {
                if key == "#text" { out += escaped(inner.string ?? inner.text()) } else { write(key, inner, into: &out) }
            }
            out += "</\(name)>"
        default: out += "<\(name)>\(escaped(value.string ?? value.text()))</\(name)>"
        }
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { "<>&\"".utf8.contains($0) }) else { return text }
        return text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
