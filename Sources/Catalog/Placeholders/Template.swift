import JSON

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
}

/// Why a text is not a template.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
}
