/// Splits a text at its placeholders. Braces around anything that cannot be a placeholder are plain text.
enum TemplateParser {
    static func pieces(of source: String) throws(TemplateError) -> [Template.Piece] {
        var pieces: [Template.Piece] = []
        var text = ""
        var rest = source[...]
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else { break }
            let inner = rest[open.upperBound..<close.lowerBound]
            text += rest[..<open.lowerBound]
            if !inner.isEmpty, inner.allSatisfy(isAllowed) {
                if !text.isEmpty { pieces.append(.text(text)) }
                text = ""
                pieces.append(.placeholder(try placeholder(String(inner))))
            } else {
                text += rest[open.lowerBound..<close.upperBound]
            }
            rest = rest[close.upperBound...]
        }
        text += rest
        if !text.isEmpty { pieces.append(.text(text)) }
        return pieces
    }

    private static func isAllowed(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character.isWhitespace || "_-./|:?$".contains(character)
    }

    private static func placeholder(_ inner: String) throws(TemplateError) -> Template.Placeholder {
        var expression = inner[...]
        var fallback: String?
        if let mark = expression.firstRange(of: "?:") {
            fallback = String(expression[mark.upperBound...])
            expression = expression[..<mark.lowerBound]
        }
        var casts: [Template.Cast] = []
        if let text = fallback {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { trimmed($0) }
            // A default may hold colons of its own ("09:00"): only known type names at its end are casts.
            var kept = parts.count
            while kept > 1, Template.Cast(rawValue: parts[kept - 1]) != nil { kept -= 1 }
            casts = parts[kept...].compactMap(Template.Cast.init)
            fallback = parts[..<kept].joined(separator: ":")
        }
        let parts = expression.split(separator: ":", omittingEmptySubsequences: false).map { trimmed($0) }
        for name in parts.dropFirst() {
            guard let cast = Template.Cast(rawValue: name) else {
                throw TemplateError(
                    description: "{{\(inner)}}: '\(name)' is no type"
                        + DidYouMean.hint(name, among: Template.Cast.allCases.map(\.rawValue))
                )
            }
            casts.append(cast)
        }
        let paths = parts[0].split(separator: "|").map { path in
            trimmed(path).split(separator: ".").map(String.init)
        }
        guard !paths.isEmpty, paths.allSatisfy({ !$0.isEmpty }) else {
            throw TemplateError(description: "{{\(inner)}}: a path is missing")
        }
        return Template.Placeholder(text: trimmed(inner[...]), paths: paths, fallback: fallback, casts: casts)
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var slice = Substring(text)
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return String(slice)
    }
}
