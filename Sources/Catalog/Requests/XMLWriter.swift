import JSON

/// Writes a JSON tree as XML: members are elements, arrays repeat them, `@name` members are attributes, `#text` the text.
/// A file in it becomes its base64.
struct XMLWriter {
    private var pieces: [XMLPiece] = []
    private var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

    /// - Parameter root: the element around the document; nil where its one member is the root.
    /// - Throws: `invalidDefinition` where there is no root, or more than one.
    static func document(_ value: JSONValue, root: String?) throws(CatalogError) -> [XMLPiece] {
        var writer = XMLWriter()
        if let root {
            writer.element(root, value)
        } else {
            let members = value.object?.elements ?? []
            guard members.count == 1, members[0].value.array == nil else {
                throw CatalogError(
                    .invalidDefinition,
                    "an XML body has one root element: give an object with one member, or name it in body_format_config.root"
                )
            }
            writer.element(members[0].key, members[0].value)
        }
        return writer.pieces + [.text(writer.text)]
    }

    private mutating func element(_ name: String, _ value: JSONValue) {
        if FileHandle(value) == nil, InlineBlob(value) == nil {
            if let items = value.array { return items.forEach { element(name, $0) } }
            if value.isNull { return text += "<\(name)/>" }
        }
        text += "<\(name)"
        let members = FileHandle(value) == nil && InlineBlob(value) == nil ? value.object?.elements : nil
        for member in members ?? [] where member.key.hasPrefix("@") && !member.value.isNull {
            text += " \(member.key.dropFirst())=\"\(Self.escaped(member.value.plainText))\""
        }
        text += ">"
        if let members {
            for member in members where !member.key.hasPrefix("@") {
                if member.key == "#text" { content(member.value) } else { element(member.key, member.value) }
            }
        } else {
            content(value)
        }
        text += "</\(name)>"
    }

    private mutating func content(_ value: JSONValue) {
        if let file = FileHandle(value) {
            pieces += [.text(text), .file(file)]
            text = ""
        } else if let blob = InlineBlob(value) {
            text += blob.base64
        } else {
            text += Self.escaped(value.plainText)
        }
    }

    /// Characters that XML 1.0 cannot hold (§2.2) are left out: a caller's control character must not break the document.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\r": out += "&#13;"
            case "\t", "\n": out.unicodeScalars.append(scalar)
            default:
                if scalar.value >= 0x20, scalar.value != 0xFFFE, scalar.value != 0xFFFF { out.unicodeScalars.append(scalar) }
            }
        }
        return out
    }
}
