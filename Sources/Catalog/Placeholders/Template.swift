package import JSON

/// A text with placeholders, compiled once: `/files/{{id}}?lang={{context.lang|query.lang?:en}}`.
///
/// A placeholder is `{{ path | path … ?:default :type }}`. A path is dotted, numbers index arrays. `|` takes the first
/// path that has a value, `?:` gives a default, a type casts: `str` (the default), `int`, `num`, `bool`, `json`, `null`
/// and `undefined` (what an absent value becomes), `any` (as it is), `ignore-empty-str` (an empty text is absent).
/// A text that is one placeholder keeps the type it was cast to; files pass through untouched.
package struct Template: Sendable, Hashable {
    package enum Cast: String, Sendable, Hashable, CaseIterable {
        case str, int, num, bool, json, null, undefined, any
        case ignoreEmpty = "ignore-empty-str"
    }

    package struct Placeholder: Sendable, Hashable {
        /// Without braces, as written.
        package var text: String
        package var paths: [[String]]
        package var fallback: String?
        package var casts: [Cast]
    }

    package enum Piece: Sendable, Hashable {
        case text(String)
        case placeholder(Placeholder)
    }

    package let source: String
    package let pieces: [Piece]
    /// Who wrote it: decides what its placeholders may read.
    package let origin: Origin

    /// - Throws: `TemplateError` naming a placeholder with an unknown type or no path.
    package init(_ source: String) throws(TemplateError) { try self.init(source, origin: .definition) }

    package init(_ source: String, origin: Origin) throws(TemplateError) {
        self.source = source
        self.origin = origin
        pieces = try TemplateParser.pieces(of: source)
    }

    /// A text without placeholders, whatever it looks like.
    init(constant text: String) {
        source = text
        origin = .definition
        pieces = text.isEmpty ? [] : [.text(text)]
    }

    /// The text where there is no placeholder in it.
    package var constant: String? {
        if pieces.isEmpty { return "" }
        if case .text(let text) = pieces[0], pieces.count == 1 { return text }
        return nil
    }

    /// The placeholder where it is the whole text.
    package var whole: Placeholder? {
        if case .placeholder(let placeholder) = pieces.first, pieces.count == 1 { return placeholder }
        return nil
    }

    package var placeholders: [Placeholder] {
        pieces.compactMap { if case .placeholder(let placeholder) = $0 { placeholder } else { nil } }
    }

    /// The template as an address without a slash at its end.
    ///
    /// A placeholder may hold only characters of a host name, so that no value can lead credentials to another host;
    /// where `startIsFree`, one at the very start may hold a whole address.
    ///
    /// - Throws: `unresolvedPlaceholder`, `unsafeValue`.
    package func address(in scope: TemplateContext, startIsFree: Bool = false) throws(CatalogError) -> String {
        var out = try addressText(in: scope) { (at, placeholder, value) throws(CatalogError) in
            guard (startIsFree && at == 0) || (value.utf8.allSatisfy(Self.isHostCharacter) && value != "..") else {
                throw CatalogError(
                    .unsafeValue, "'{{\(placeholder.text)}}' holds a character no host name may have",
                    placeholder: placeholder.text)
            }
            return value
        }
        while out.hasSuffix("/") { out.removeLast() }
        return out
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// The template as an address or a part of one.
    ///
    /// - Parameter write: what stands for a placeholder, given the number of its piece and its value.
    func addressText(
        in scope: TemplateContext, _ write: (Int, Placeholder, String) throws(CatalogError) -> String
    ) throws(CatalogError) -> String {
        var out = ""
        for (at, piece) in pieces.enumerated() {
            switch piece {
            case .text(let text): out += text
            case .placeholder(let placeholder): out += try write(at, placeholder, addressText(placeholder, in: scope))
            }
        }
        return out
    }

    private func addressText(_ placeholder: Placeholder, in scope: TemplateContext) throws(CatalogError) -> String {
        guard let value = placeholder.value(in: scope.seen(by: origin)), !value.isNull else {
            throw .unresolved(placeholder, in: source)
        }
        guard value.object == nil, value.array == nil else {
            throw CatalogError(
                .unsafeValue, "'{{\(placeholder.text)}}' is \(value.kind), and an address needs a text",
                placeholder: placeholder.text)
        }
        return value.plainText
    }
}

/// Why a text is not a template.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
}

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
