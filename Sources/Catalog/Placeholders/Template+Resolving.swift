package import JSON

extension Template.Placeholder {
    /// The first path that has a value, or the default, cast. nil: absent.
    package func value(in scope: TemplateContext) -> JSONValue? {
        var found: JSONValue?
        for path in paths {
            found = scope.value(at: path)
            if found != nil { break }
        }
        var value = found ?? fallback.map { .string($0) }
        let types = casts.isEmpty ? [.str] : casts
        for cast in types { value = cast.apply(value) }
        return value
    }

    /// Names of the members of a root that this placeholder may read: of `query`, `{{query.a.b}}` reads `a`.
    ///
    /// - Returns: nil where it reads the root whole.
    package func members(of root: String) -> Set<String>? {
        let read = paths.filter { $0[0] == root }
        return read.contains { $0.count == 1 } ? nil : Set(read.map { $0[1] })
    }
}

extension Template.Cast {
    func apply(_ value: JSONValue?) -> JSONValue? {
        guard let value else {
            // Not `? :`, where the nil would be read as JSON's.
            if self == .null { return .null }
            return nil
        }
        if FileHandle(value) != nil || InlineBlob(value) != nil { return value }
        switch self {
        case .any, .null, .undefined: return value
        case .ignoreEmpty:
            if value == .string("") { return nil }
            return value
        case .str: return value.isNull ? value : .string(value.plainText)
        case .int: return Int(value.numberPrefix(allowFraction: false)).map { .number(JSONNumber($0)) } ?? value
        case .num: return Double(value.numberPrefix(allowFraction: true)).map { .number(JSONNumber($0)) } ?? value
        case .bool:
            return switch value.plainText {
            case "true": .bool(true)
            case "false": .bool(false)
            default: value
            }
        case .json:
            guard let text = value.string else { return value }
            return (try? JSONValue.parse(text)) ?? value
        }
    }
}

extension JSONValue {
    /// The value inside a text: strings as they are, everything else as JSON.
    var plainText: String {
        switch self {
        case .string(let text): text
        case .number(let number): number.text
        case .null: ""
        default: text()
        }
    }

    /// The number a text begins with, as `parseInt` and `parseFloat` read it; empty where it begins with none.
    func numberPrefix(allowFraction: Bool) -> String {
        var out = ""
        for character in plainText.drop(while: \.isWhitespace) {
            if character.isASCII,
                character.isNumber || (out.isEmpty && (character == "-" || character == "+"))
                    || (allowFraction && character == "." && !out.contains("."))
            {
                out.append(character)
            } else {
                break
            }
        }
        return out.hasPrefix("+") ? String(out.dropFirst()) : out
    }
}
