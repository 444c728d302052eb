@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// XML text as the compact objects of `$xmlToJs`: an element is a member; text is `_text`, CDATA `_cdata`, comments
/// `_comment`, attributes `_attributes`, the declaration `_declaration`. Elements of one name become a list.
///
/// No external entities and no document type are ever read.
struct XMLReader {
    private let text: [Character]
    private var at = 0
    /// Elements nest at most this deep.
    private static let deepest = 128

    init(_ text: String) { self.text = Array(text) }

    mutating func document() throws(JSONataError) -> JSONObject {
        try content(closing: nil, depth: 0)
    }

    private func fault(_ reason: String) -> JSONataError { JSONataError("D3148", "The XML is not well-formed: \(reason)", position: at) }

    private func sees(_ literal: String) -> Bool {
        let literal = Array(literal)
        return at + literal.count <= text.count && text[at..<(at + literal.count)].elementsEqual(literal)
    }

    /// What stands before `literal`, which is passed.
    private mutating func until(_ literal: String) throws(JSONataError) -> String {
        let start = at
        let first = literal.first
        while at < text.count {
            if text[at] == first, sees(literal) {
                defer { at += literal.count }
                return String(text[start..<at])
            }
            at += 1
        }
        throw fault("\(literal) is missing")
    }

    private mutating func content(closing name: String?, depth: Int) throws(JSONataError) -> JSONObject {
        if depth > Self.deepest { throw fault("elements are nested too deeply") }
        var object = JSONObject()
        func add(_ key: String, _ value: JSONValue) {
            guard let old = object[key] else { return object[key] = value }
            object[key] = .array((old.array ?? [old]) + [value])
        }
        while at < text.count {
            if sees("</") {
                at += 2
                let closed = try until(">").trimmingSpace
                guard closed == name else { throw fault("</\(closed)> closes nothing") }
                return object
            } else if sees("<!--") {
                at += 4
                add("_comment", .string(try until("-->")))
            } else if sees("<![CDATA[") {
                at += 9
                add("_cdata", .string(try until("]]>")))
            } else if sees("<?xml") {
                at += 5
                let (attributes, _) = try attributes(end: "?>")
                object["_declaration"] = .object(JSONObject([("_attributes", .object(attributes))]))
            } else if sees("<?") {
                at += 2
                _ = try until("?>")
            } else if sees("<!") {
                _ = try until(">")
            } else if sees("<") {
                at += 1
                let (element, value) = try element(depth: depth)
                add(element, .object(value))
            } else {
                let start = at
                while at < text.count, text[at] != "<" { at += 1 }
                let run = String(text[start..<at])
                if !run.trimmingSpace.isEmpty, name != nil { add("_text", .string(HTMLEntities.decode(run))) }
            }
        }
        if let name { throw fault("<\(name)> is not closed") }
        return object
    }

    private mutating func element(depth: Int) throws(JSONataError) -> (String, JSONObject) {
        let start = at
        while at < text.count, !text[at].isWhitespace, text[at] != ">", text[at] != "/" { at += 1 }
        let name = String(text[start..<at])
        if name.isEmpty { throw fault("an element without a name") }
        let (attributes, isEmpty) = try attributes(end: ">")
        var object = JSONObject()
        if !attributes.isEmpty { object["_attributes"] = .object(attributes) }
        if !isEmpty { for (key, value) in try content(closing: name, depth: depth + 1) { object[key] = value } }
        return (name, object)
    }

    /// Attributes up to the end of a tag, and whether the tag closes itself.
    private mutating func attributes(end: String) throws(JSONataError) -> (JSONObject, Bool) {
        var object = JSONObject()
        while at < text.count {
            if text[at].isWhitespace {
                at += 1
            } else if sees(end) {
                at += end.count
                return (object, false)
            } else if sees("/>") {
                at += 2
                return (object, true)
            } else {
                let name = try until("=").trimmingSpace
                while at < text.count, text[at].isWhitespace { at += 1 }
                guard sees("\"") || sees("'") else { throw fault("an attribute's value is not quoted") }
                let quote = String(text[at])
                at += 1
                object[name] = .string(HTMLEntities.decode(try until(quote)))
            }
        }
        throw fault("a tag is not closed")
    }
}

/// The reverse, indented.
enum XMLWriter {
    static func write(_ object: JSONObject, spaces: Int) -> String {
        var output = ""
        for (name, value) in object { write(name, value, 0, max(0, min(spaces, 16)), &output) }
        return output.hasPrefix("\n") ? String(output.dropFirst()) : output
    }

    private static func write(_ name: String, _ value: JSONValue, _ depth: Int, _ spaces: Int, _ output: inout String) {
        let line = spaces > 0 ? "\n" + String(repeating: " ", count: depth * spaces) : ""
        switch name {
        case "_declaration":
            output += line + "<?xml" + attributes(value["_attributes"]) + "?>"
            return
        case "_text", "_attributes": return
        case "_cdata":
            output += "<![CDATA[" + value.plainText + "]]>"
            return
        case "_comment":
            output += line + "<!--" + value.plainText + "-->"
            return
        default: break
        }
        if let items = value.array {
            for item in items { write(name, item, depth, spaces, &output) }
            return
        }
        output += line + "<" + name + attributes(value["_attributes"])
        guard let object = value.object else {
            output += ">" + (value == .null ? "" : escaped(value.plainText, quotes: false)) + "</" + name + ">"
            return
        }
        let inner = object.filter { $0.key != "_attributes" }
        if inner.isEmpty {
            output += "/>"
            return
        }
        output += ">"
        var hasElements = false
        for (key, member) in inner {
            if key == "_text" {
                for part in member.array ?? [member] { output += escaped(part.plainText, quotes: false) }
            } else {
                hasElements = hasElements || key != "_cdata"
                write(key, member, depth + 1, spaces, &output)
            }
        }
        output += (hasElements ? line : "") + "</" + name + ">"
    }

    private static func attributes(_ value: JSONValue?) -> String {
        (value?.object ?? JSONObject()).map { " \($0.key)=\"\(escaped($0.value.plainText, quotes: true))\"" }.joined()
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var output = ""
        for character in text {
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"" where quotes: output += "&quot;"
            default: output.append(character)
            }
        }
        return output
    }
}
